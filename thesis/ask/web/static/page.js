// The page of `thesis ask --web`: ask, watch, stop, save, undo.
import { Column, markDifferences, phrase } from "./columns.js";
import { Fields } from "./fields.js";

const one = (id) => document.getElementById(id);
const data = JSON.parse(one("data").textContent);
const STORE = "thesis ask";
const DOUBLE_CLICK = 400;
const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
const keep = (changes) => sessionStorage.setItem(STORE, JSON.stringify(Object.assign(kept, changes)));

const fields = new Fields(data.asked, kept.typed, (typed) => keep({ typed }));
const columns = data.columns.map((arm) => new Column(arm, data, afterLeaf));
let key = kept.key;
let state = { is_running: false, error: "", columns: [] };
let source = null;
let askedAt = 0;
let asked = Promise.resolve();

one("columns").append(...columns.map((column) => column.element));

async function post(path, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body ?? {}) });
    return { status: answer.status, ...(await answer.json()) };
  } catch {
    return { status: 0, error: "The server does not answer. Start it again: thesis ask --web" };
  }
}

async function ask() {
  if (state.is_running) return;
  askedAt = Date.now();
  fields.accept();
  const typed = fields.typed();
  const before = state;
  begin(typed);
  asked = post("/asked", typed);
  const answer = await asked;
  if (answer.key) {
    fields.fold();
    keep({ key: (key = answer.key), first: Number(typed.first_draw) });
    return watch();
  }
  show(before);
  if (answer.errors) fields.complain(answer.errors);
  else tell(answer.error);
}

// Show that it works before the server answers.
function begin(typed) {
  const waiting = { state: "waits", texts: [], cards: [], n_tokens: 0, seconds: 0 };
  for (const column of columns) column.first = Number(typed.first_draw);
  show({ is_running: true, error: "", columns: data.columns.map((arm) => ({ ...arm, ...waiting })) });
  tell("");
}

function watch() {
  source?.close();
  source = new EventSource(`/asked/${key}`);
  source.onmessage = (event) => {
    show(JSON.parse(event.data));
    if (!state.is_running) source.close();
  };
  source.addEventListener("gone", forget);
  source.onerror = () => lost(source.readyState === EventSource.CONNECTING);
  source.onopen = () => lost(false);
}

function lost(isLost) {
  one("lost").hidden = !isLost;
}

// The server has forgotten these answers: it was started again.
function forget() {
  source.close();
  key = undefined;
  keep({ key, saves: [], saved: undefined });
  show({ is_running: false, error: "", columns: [] });
}

async function stop() {
  if (Date.now() - askedAt < DOUBLE_CLICK) return;
  one("status").textContent = "Stopping …";
  await asked; // before it, the key is that of the last draw
  if (!state.is_running) return;
  const answer = await post(`/asked/${key}/stop`);
  if (answer.error) tell(answer.error);
}

async function save() {
  const answer = await post(`/asked/${key}/save`);
  if (answer.error) return tell(answer.error);
  if (answer.n_new) keep({ saves: [...(kept.saves ?? []), key] });
  const words = answer.n_new ? `Saved ${phrase(answer.n_new, "answer")} under data/external` : "Saved before";
  tell(words, answer.paths);
  keep({ saved: key });
  buttons();
}

async function undo() {
  const saves = [...kept.saves];
  const answer = await post(`/asked/${saves.pop()}/undo`);
  keep({ saves, saved: undefined });
  const removed = `Removed ${phrase(answer.paths?.length ?? 0, "file")}`;
  const still = (answer.kept ?? []).map((path) => `${path} (kept: it was changed since)`);
  tell(answer.error ?? removed, [...(answer.paths ?? []), ...still]);
  buttons();
}

function tell(words, paths = []) {
  const made = (tag, text, ...parts) => {
    const element = document.createElement(tag);
    element.append(text, ...parts);
    return element;
  };
  const list = made("ul", "", ...paths.map((path) => made("li", path)));
  one("told").replaceChildren(paths.length ? made("details", made("summary", words), list) : words);
}

function show(next) {
  const wasRunning = state.is_running;
  state = next;
  columns.forEach((column, i) => {
    const found = state.columns[i];
    if (!found) return column.clear();
    const skipped = !state.is_running && found.state === "waits";
    column.show(skipped ? { ...found, state: "skipped" } : found);
  });
  fields.complain({ text: state.error });
  arms();
  afterLeaf();
  buttons();
  status(wasRunning);
}

function afterLeaf() {
  one("legend").hidden = markDifferences(columns) === 0;
}

const nAnswers = () => state.columns.reduce((n, column) => n + column.cards.length, 0);

// Stop stands in Ask's place while it runs; Save comes with the first answers.
function buttons() {
  const hadFocus = [one("ask"), one("stop")].includes(document.activeElement);
  const isDone = !state.is_running && nAnswers() > 0;
  one("ask").hidden = state.is_running;
  one("stop").hidden = !state.is_running;
  if (hadFocus) one(state.is_running ? "stop" : "ask").focus();
  one("next").hidden = one("save").hidden = !isDone;
  one("save").disabled = isDone && kept.saved === key;
  one("save").textContent = one("save").disabled ? "Saved" : `Save ${phrase(nAnswers(), "answer")}`;
  const n = Math.max(1, ...state.columns.map((column) => column.cards.length));
  one("next").textContent = n === 1 ? "Next draw" : `Next ${n} draws`;
  one("undo").hidden = !(kept.saves ?? []).length;
}

function status(wasRunning) {
  const writer = state.columns.find((column) => column.state === "writes");
  const isStopped = state.columns.some((column) => column.state === "stopped");
  let words = "";
  if (state.is_running) words = writer ? `${writer.name} writes …` : "Waiting for the model …";
  else if (nAnswers()) words = isStopped ? "Stopped. What was written is kept." : "Done.";
  else if (wasRunning && state.columns.length && !state.error) words = "Stopped. Nothing was written.";
  if (one("status").textContent !== words) one("status").textContent = words;
}

// On a phone one arm is shown at a time.
function arms() {
  const signs = { waits: "…", writes: "writes", skipped: "", done: "", stopped: "stopped" };
  const chosen = kept.arm ?? data.columns[0].label;
  if (!one("arms").children.length) one("arms").append(...data.columns.map(armButton));
  [...one("arms").children].forEach((button, i) => {
    const column = columns[i];
    const found = column.state;
    const verdict = column.card ? data.symbols[column.card.verdict] : signs[found?.state] ?? "";
    button.querySelector(".sign").textContent = verdict;
    button.setAttribute("aria-pressed", data.columns[i].label === chosen);
    column.element.classList.toggle("chosen", data.columns[i].label === chosen);
  });
}

function armButton(arm) {
  const button = document.createElement("button");
  const sign = Object.assign(document.createElement("span"), { className: "sign" });
  button.type = "button";
  button.className = arm.condition;
  button.append(`${arm.symbol} ${arm.name} `, sign);
  button.addEventListener("click", () => {
    keep({ arm: arm.label });
    arms();
  });
  return button;
}

one("form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
one("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.is_running) stop();
});
one("stop").addEventListener("click", stop);
one("next").addEventListener("click", () => {
  fields.next();
  ask();
});
one("save").addEventListener("click", save);
one("undo").addEventListener("click", undo);

arms();
buttons();
if (key) {
  for (const column of columns) column.first = kept.first ?? 1;
  watch();
}
