// The columns: a skeleton, then the text while it grows, then the cards of the draws.

const made = (tag, name = "", text = "") => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
};

export const phrase = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

export class Column {
  constructor(arm, data, onLeaf) {
    Object.assign(this, { arm, data, onLeaf, chosen: 0, state: null, drawn: "" });
    this.element = made("section", `arm ${arm.condition}`);
    this.element.dataset.arm = arm.label;
    const title = made("h2");
    title.append(made("span", "symbol", arm.symbol), ` ${arm.name}`);
    title.id = `arm-${arm.label}`;
    this.element.setAttribute("aria-labelledby", title.id);
    this.speed = made("p", "speed quiet", "not asked yet");
    this.strip = made("div", "strip");
    this.strip.setAttribute("role", "group");
    this.strip.setAttribute("aria-label", `Draws of ${arm.name}`);
    this.strip.addEventListener("keydown", (event) => this.leafByKey(event));
    this.body = made("div", "body");
    this.element.append(title, this.speed, this.strip, this.body);
  }

  clear() {
    this.state = null;
    this.drawn = "";
    this.speed.textContent = "not asked yet";
    this.element.removeAttribute("aria-busy");
    this.strip.replaceChildren();
    this.body.replaceChildren();
  }

  get card() {
    return this.state?.cards[this.chosen];
  }

  show(state) {
    const before = this.state?.state;
    if (before !== state.state && state.state === "waits") this.chosen = 0;
    this.state = state;
    this.element.setAttribute("aria-busy", state.state === "waits" || state.state === "writes");
    this.speed.textContent = this.words();
    const n = Math.max(state.texts.length, state.cards.length);
    this.chosen = Math.max(0, Math.min(this.chosen, n - 1));
    this.drawStrip(n > 1 ? n : 0);
    this.drawBody();
  }

  words() {
    const { state, n_tokens, seconds, cards } = this.state;
    const speed = seconds > 0 ? `, ${(n_tokens / seconds).toFixed(0)} tokens/s` : "";
    if (state === "waits") return "waits for its turn …";
    if (state === "writes") return `writes: ${phrase(n_tokens, "token")}${speed}`;
    if (state === "skipped") return "was not asked";
    const fits = cards.filter((card) => card.verdict === "fits").length;
    const stopped = state === "stopped" ? "stopped, " : "";
    const found = cards.length > 1 ? `${fits} of ${cards.length} fit, ` : "";
    return `${stopped}${found}${phrase(n_tokens, "token")}${speed}`;
  }

  drawStrip(n) {
    const { cards, state } = this.state;
    const drawn = `${n} ${state} ${cards.map((card) => card.verdict)}`;
    if (this.drawn !== drawn) {
      this.drawn = drawn;
      this.strip.replaceChildren(...Array.from({ length: n }, (_, row) => this.stripButton(row, cards[row])));
    }
    [...this.strip.children].forEach((button, row) => {
      button.setAttribute("aria-current", row === this.chosen);
      button.tabIndex = row === this.chosen ? 0 : -1;
    });
  }

  stripButton(row, card) {
    const number = card?.draw ?? this.first + row;
    const button = made("button", "", `${number}${card ? ` ${this.data.symbols[card.verdict]}` : ""}`);
    button.type = "button";
    button.setAttribute("aria-label", `Draw ${number}${card ? `: ${card.verdict}` : ""}`);
    button.addEventListener("click", () => this.leaf(row));
    return button;
  }

  leaf(row) {
    this.chosen = row;
    this.show(this.state);
    this.onLeaf();
  }

  leafByKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = this.strip.children[this.chosen + step];
    if (!next) return;
    event.preventDefault();
    this.leaf(this.chosen + step);
    next.focus();
  }

  drawBody() {
    const { state, texts } = this.state;
    if (this.card) this.body.replaceChildren(drawCard(this.card));
    else if (state === "writes" && texts[this.chosen]) this.drawText(texts[this.chosen]);
    else if (state === "waits" || state === "writes") this.drawSkeleton();
    else this.body.replaceChildren(made("p", "quiet", state === "stopped" ? "Nothing was written." : ""));
  }

  drawText(text) {
    if (!this.body.querySelector(".live")) this.body.replaceChildren(made("pre", "live"));
    this.body.firstChild.textContent = text;
  }

  drawSkeleton() {
    if (this.body.querySelector(".skeleton")) return;
    const rows = this.data.paths.flatMap((path) => [made("dt", "", path), made("dd", "bar")]);
    const list = made("dl", "skeleton");
    list.setAttribute("aria-hidden", "true");
    list.append(...rows);
    this.body.replaceChildren(list);
  }
}

// Mark each value that most of the shown columns do not share.
export function markDifferences(columns) {
  const shown = columns.filter((column) => column.card?.facts.length);
  let n = 0;
  for (const column of shown) {
    for (const place of column.element.querySelectorAll("[data-path]")) {
      const value = place.dataset.value;
      const differs = differsFrom(shown.map((other) => valueAt(other.card, place.dataset.path)), value);
      place.classList.toggle("differs", differs);
      n += differs;
    }
  }
  return n;
}

const valueAt = (card, path) => card.facts.find((fact) => fact.path === path)?.value;
