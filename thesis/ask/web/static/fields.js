// What a person types: the prompt, the settings, and the errors beside them.
// It is kept in the tab's storage, so that a reload loses nothing.

const OWN_WORDS = "my own words";
const NUMBERS = ["draws", "first_draw", "temperature", "seed"];
const one = (id) => document.getElementById(id);

export class Fields {
  constructor(asked, kept, keep) {
    this.asked = asked;
    this.keep = () => keep(this.typed());
    const names = [...asked.map((prompt) => prompt.id), OWN_WORDS];
    one("choice").replaceChildren(...names.map((name) => new Option(name)));
    one("text").value = asked[0].text;
    this.restore(kept ?? {});
    this.panel("edit", "editor", "text");
    this.panel("settings", "fields", "draws");
    one("choice").addEventListener("change", () => this.choose());
    one("form").addEventListener("input", (event) => {
      if (event.target !== one("choice")) this.changed(event.target);
    });
    this.summarize();
  }

  typed() {
    const numbers = Object.fromEntries(NUMBERS.map((name) => [name, one(name).value]));
    return { text: one("text").value, ...numbers, constrained: one("constrained").checked };
  }

  restore(kept) {
    for (const name of ["text", ...NUMBERS]) if (typeof kept[name] === "string") one(name).value = kept[name];
    one("constrained").checked = kept.constrained === true && !one("constrained").disabled;
  }

  // A button that opens and closes a panel.
  panel(button, panel, first) {
    one(button).addEventListener("click", () => {
      this.open(panel, one(panel).hidden);
      if (!one(panel).hidden) one(first).focus();
    });
  }

  open(panel, isOpen) {
    one(panel).hidden = !isOpen;
    document.querySelector(`[aria-controls=${panel}]`).setAttribute("aria-expanded", isOpen);
  }

  fold() {
    for (const panel of ["editor", "fields"]) this.open(panel, false);
  }

  choose() {
    const name = one("choice").value;
    const prompt = this.asked.find((one) => one.id === name);
    one("text").value = prompt ? prompt.text : "";
    if (!prompt) {
      this.open("editor", true);
      one("text").focus();
    }
    this.changed(one("text"));
  }

  changed(field) {
    this.complain({ [field.id]: "" });
    this.summarize();
    this.keep();
  }

  // The prompt on one line, and the settings in a few words.
  summarize() {
    const { text, draws, first_draw, temperature, seed, constrained } = this.typed();
    const prompt = this.asked.find((one) => one.text.trim() === text.trim());
    one("choice").value = prompt ? prompt.id : OWN_WORDS;
    const lines = text.trim().split("\n");
    one("line").textContent = `${lines.length > 1 ? "… " : ""}${lines.at(-1)}` || "nothing typed yet";
    const words = [drawsInWords(Number(draws), Number(first_draw))];
    words.push(`temperature ${temperature}`, `seed ${seed}`, ...(constrained ? ["by grammar"] : []));
    one("chosen").textContent = words.join(" · ");
  }

  // Show each sentence beside its field, and lead there.
  complain(errors) {
    for (const [name, words] of Object.entries(errors)) {
      const place = one(`${name}-error`);
      if (!place) continue;
      place.textContent = words;
      one(name).toggleAttribute("aria-invalid", Boolean(words));
      if (words) this.open(name === "text" ? "editor" : "fields", true);
    }
    const first = Object.keys(errors).find((name) => errors[name] && one(name));
    if (first) one(first).focus();
  }

  accept() {
    this.complain(Object.fromEntries(["text", ...NUMBERS].map((name) => [name, ""])));
  }

  // The draws after those that were asked.
  next() {
    one("first_draw").value = `${Number(one("first_draw").value) + Number(one("draws").value)}`;
    this.changed(one("first_draw"));
  }
}

const drawsInWords = (n, first) => {
  if (first === 1) return `${n} ${n === 1 ? "draw" : "draws"}`;
  return n === 1 ? `draw ${first}` : `draws ${first} to ${first + n - 1}`;
};
