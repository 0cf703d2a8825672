// A card: the fields of a profile, what is wrong with it, and the text as it was written.
function drawCard(card) {
  const made = (tag, name, text) => Object.assign(document.createElement(tag), { className: name, textContent: text });
  const element = made("article", "card", "");
  element.append(made("p", `verdict ${card.verdict === "fits" ? "fits" : "wrong"}`, card.verdict));
  const list = made("dl", "facts", "");
  for (const fact of card.facts) {
    const value = made("dd", fact.state, fact.value);
    value.dataset.path = fact.path;
    value.dataset.value = fact.value;
    list.append(made("dt", fact.protected ? "protected" : "", fact.path), value);
  }
  const reasons = made("ul", "reasons", "");
  reasons.append(...card.reasons.map((reason) => made("li", "", reason)));
  const raw = made("details", "raw", "");
  const summary = made("summary", "", "Raw text ");
  summary.append(made("span", "quiet", card.made));
  raw.append(summary, made("pre", "", card.text));
  element.append(...(card.facts.length ? [list] : []), ...(card.reasons.length ? [reasons] : []), raw);
  raw.open = !card.facts.length;
  return element;
}
