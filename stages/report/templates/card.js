"use strict";
// A completion as a card: verdict, fields, reasons, raw text. The report and the page of `thesis ask` share it.
function drawCard(card) {
  const made = (tag, name, text) => Object.assign(document.createElement(tag), { className: name, textContent: text ?? "" });
  const element = made("article", "card");
  element.append(made("p", `verdict ${card.valid ? "fits" : "wrong"}`, `${card.symbol} ${card.verdict}`));
  const list = made("dl", "facts");
  for (const fact of card.facts) {
    const value = made("dd", fact.state, fact.value);
    value.dir = "auto";
    value.dataset.path = fact.path;
    value.dataset.value = fact.value;
    list.append(made("dt", fact.protected ? "protected" : "", fact.path), value);
  }
  const reasons = made("ul", "reasons");
  reasons.append(...card.reasons.map((reason) => made("li", "", reason)));
  const raw = made("details", "raw");
  const summary = made("summary", "", "Raw text ");
  summary.append(made("span", "quiet", card.made));
  const text = made("pre", "", card.text);
  text.dir = "auto";
  raw.append(summary, text);
  if (card.around) raw.append(made("p", "quiet", `Besides its profiles, the answer says: ${card.around}`));
  raw.open = !card.facts.length;
  element.append(...(card.facts.length ? [list] : []), ...(card.reasons.length ? [reasons] : []), raw);
  return element;
}

// Whether a value differs from most of the values beside it.
function differsFrom(values, value) {
  return values.length > 1 && 2 * values.filter((other) => other === value).length <= values.length;
}
