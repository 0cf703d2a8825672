"use strict";
// All completions as a matrix: a column for each arm, a row for each draw of a prompt, a line for each cell.
// Only the rows in sight exist on the page. What is chosen stands in the address: #completions?arm=…&words=…
(() => {
  const one = (id) => document.getElementById(id);
  const data = JSON.parse(one("completions-data").textContent);
  const form = one("filter"), frame = one("matrix"), drawer = one("drawer");
  const made = (tag, name, text) => Object.assign(document.createElement(tag), { className: name ?? "", textContent: text ?? "" });
  const HEIGHT = 30, SPARE = 12, ALL = data.arms.map((_, arm) => arm);
  const FIELDS = ["words", "arm", "prompt", "verdict"];

  // Rows: { prompt, draw, cells: by arm }.
  const byKey = new Map();
  for (const cell of data.cells) {
    const key = `${cell.prompt} ${cell.draw}`;
    if (!byKey.has(key)) byKey.set(key, { prompt: cell.prompt, draw: cell.draw, cells: [] });
    byKey.get(key).cells[cell.arm] = cell;
  }
  const rows = [...byKey.values()].sort((a, b) => a.prompt - b.prompt || a.draw - b.draw);
  const isSaid = (fact) => fact.protected && fact.state !== "missing";
  for (const row of rows) {
    const valuesAt = {};
    for (const cell of row.cells) {
      for (const fact of cell?.card.facts ?? []) if (isSaid(fact)) (valuesAt[fact.path] ??= []).push(fact.value);
    }
    for (const cell of row.cells) {
      if (!cell) continue;
      const { card } = cell;
      cell.values = card.facts.filter((fact) => fact.protected)
        .map(({ value, path, state }) => ({ value, path, state, differs: state !== "missing" && differsFrom(valuesAt[path], value) }));
      const words = [cell.values.some((fact) => fact.differs) ? "differs" : "", card.valid ? "valid" : "invalid"];
      const values = card.facts.map((fact) => fact.value);
      cell.found = [card.text, ...values, card.verdict, ...card.reasons, card.around, ...words].join("\n").toLowerCase();
    }
  }

  let shown = rows, focused = { row: 0, arm: 0 }, open = null, wanted = {}, isMarked = false;

  function matches(cell) {
    if (!cell) return false;
    const { words, arm, prompt, verdict } = wanted;
    return (!arm || data.arms[cell.arm].id === arm) && (!prompt || data.prompts[cell.prompt].id === prompt)
      && (!verdict || cell.card.verdict === verdict) && words.every((word) => wholeWord(cell.found, word));
  }
  // "valid" is part of "invalid": these two words of ours count as whole words.
  const wholeWord = (text, word) => (word === "valid" ? text.endsWith("\nvalid") : text.includes(word));

  function filter() {
    wanted = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value.trim()]));
    wanted.words = wanted.words.toLowerCase().split(/\s+/).filter(Boolean);
    isMarked = Boolean(wanted.words.length || wanted.arm || wanted.verdict);
    shown = rows.filter((row) => row.cells.some(matches));
    const n = shown.reduce((sum, row) => sum + row.cells.filter(matches).length, 0);
    one("filter-count").textContent = `${n.toLocaleString("en")} of ${data.cells.length.toLocaleString("en")} completions`;
    frame.setAttribute("aria-rowcount", shown.length + 1);
    space.style.height = `${shown.length * HEIGHT}px`;
    focused.row = Math.max(0, Math.min(focused.row, shown.length - 1));
    one("filter-none").hidden = shown.length > 0;
    draw(true);
    if (wanted.arm) uncover(data.arms.findIndex((arm) => arm.id === wanted.arm));
  }

  // The head, and the space in which the rows in sight stand.
  frame.style.setProperty("--arms", data.arms.length);
  const head = made("div", "line head");
  head.setAttribute("role", "row");
  head.setAttribute("aria-rowindex", 1);
  head.append(...["Draw", ...data.arms.map((arm) => `${arm.symbol} ${arm.name}`)].map((words, place) => {
    const cell = made("div", place ? data.arms[place - 1].condition : "name", words);
    cell.setAttribute("role", "columnheader");
    cell.setAttribute("aria-colindex", place + 1);
    if (place) cell.title = data.arms[place - 1].id;
    if (place) cell.append(made("span", "fields", data.fields.join(" · ")));
    return cell;
  }));
  const space = made("div", "space");
  space.setAttribute("role", "rowgroup");
  frame.append(head, space);
  frame.setAttribute("aria-colcount", data.arms.length + 1);

  // Scroll sideways until the whole column is in sight.
  function uncover(arm) {
    const column = head.children[arm + 1], left = column.offsetLeft - head.firstChild.offsetWidth;
    const least = column.offsetLeft + column.offsetWidth - frame.clientWidth;
    if (frame.scrollLeft > left || frame.scrollLeft < least) frame.scrollLeft = left;
  }

  let first = -1, last = -1;
  function draw(anew) {
    const top = Math.max(0, Math.floor(frame.scrollTop / HEIGHT) - SPARE);
    const bottom = Math.min(shown.length, Math.ceil((frame.scrollTop + frame.clientHeight) / HEIGHT) + SPARE);
    if (!anew && top === first && bottom === last) return;
    const had = space.contains(document.activeElement);
    [first, last] = [top, bottom];
    space.replaceChildren(...shown.slice(top, bottom).map((row, place) => line(row, top + place)));
    if (had) focus(false);
  }

  function line(row, place) {
    const element = made("div", "line");
    element.setAttribute("role", "row");
    element.setAttribute("aria-rowindex", place + 2);
    element.style.top = `${place * HEIGHT}px`;
    const name = made("div", "name", `${row.draw} · ${data.prompts[row.prompt].id}`);
    name.setAttribute("role", "rowheader");
    name.title = name.textContent;
    element.append(name, ...ALL.map((arm) => cellOf(row.cells[arm], place, arm)));
    return element;
  }

  function cellOf(cell, place, arm) {
    const element = made("div", "cell");
    element.setAttribute("role", "gridcell");
    element.setAttribute("aria-colindex", arm + 2);
    element.tabIndex = place === focused.row && arm === focused.arm ? 0 : -1;
    Object.assign(element.dataset, { row: place, arm });
    if (!cell) {
      element.classList.add("absent");
      element.textContent = "not asked";
      return element;
    }
    if (isMarked) element.classList.add(matches(cell) ? "hit" : "other");
    if (cell === open) element.setAttribute("aria-selected", "true");
    element.append(made("span", `verdict ${cell.card.valid ? "valid" : ""}`, `${cell.card.symbol} ${cell.card.verdict}`), "\u2002");
    if (!cell.values.length) element.append(made("span", "quiet", cell.card.reasons[0] ?? cell.card.text.slice(0, 80)));
    cell.values.forEach((fact, i) => {
      if (i) element.append(made("span", "quiet", " · "));
      const value = made(fact.differs ? "b" : "span", fact.state, fact.state === "missing" ? "–" : fact.value);
      value.title = `${fact.path}: ${fact.value}`;
      element.append(value);
    });
    if (wanted.words.length && matches(cell)) markHits(element);
    return element;
  }

  // Mark the words that were looked for.
  function markHits(root) {
    const words = wanted.words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    if (!words.length) return;
    const pattern = new RegExp(`(${words.join("|")})`, "i");
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) if (pattern.test(walker.currentNode.data)) texts.push(walker.currentNode);
    for (const text of texts) {
      const parts = text.data.split(new RegExp(pattern, "gi"));
      text.replaceWith(...parts.filter(Boolean).map((part) => (pattern.test(part) ? made("mark", "", part) : part)));
    }
  }

  // Move between cells, as in a table of numbers.
  function focus(scroll) {
    const top = focused.row * HEIGHT, room = frame.clientHeight - head.offsetHeight;
    if (scroll && top < frame.scrollTop) frame.scrollTop = top;
    if (scroll && top + HEIGHT > frame.scrollTop + room) frame.scrollTop = top + HEIGHT - room;
    if (scroll) draw(true);
    const cell = space.querySelector(`[data-row="${focused.row}"][data-arm="${focused.arm}"]`);
    cell?.focus({ preventScroll: !scroll });
  }
  const clamped = (n, most) => Math.max(0, Math.min(n, most));
  function moved(row, arm) {
    focused = { row: clamped(row, shown.length - 1), arm: clamped(arm, data.arms.length - 1) };
  }
  const page = () => Math.max(1, Math.floor(frame.clientHeight / HEIGHT) - 2);
  const KEYS = {
    ArrowDown: () => [1, 0], ArrowUp: () => [-1, 0], ArrowRight: () => [0, 1], ArrowLeft: () => [0, -1],
    PageDown: () => [page(), 0], PageUp: () => [-page(), 0], Home: () => [-Infinity, 0], End: () => [Infinity, 0],
  };
  frame.addEventListener("keydown", (event) => {
    if (!event.target.closest(".cell")) return;
    if (event.key === "Enter" || event.key === " ") show(focused.row, focused.arm);
    else if (KEYS[event.key]) {
      const [down, right] = KEYS[event.key]();
      moved(focused.row + down, focused.arm + right);
      focus(true);
    } else return;
    event.preventDefault();
  });
  frame.addEventListener("focusin", (event) => {
    const cell = event.target.closest(".cell");
    if (cell) moved(Number(cell.dataset.row), Number(cell.dataset.arm));
  });
  frame.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell");
    if (cell) show(Number(cell.dataset.row), Number(cell.dataset.arm));
  });
  let waits = false;
  frame.addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; draw(false); });
  }, { passive: true });
  addEventListener("resize", () => draw(false));

  // The drawer with one completion.
  function show(row, arm, isQuiet) {
    const cell = shown[row]?.cells[arm];
    if (!cell) return;
    moved(row, arm);
    open = cell;
    const prompt = data.prompts[cell.prompt];
    one("drawer-title").textContent = `${data.arms[arm].symbol} ${data.arms[arm].name}, ${prompt.id}, draw ${cell.draw}`;
    const asked = made("details", "asked");
    asked.append(made("summary", "", "The prompt as it was asked"), made("pre", "", prompt.text));
    const card = drawCard(cell.card);
    for (const value of card.querySelectorAll("dd")) {
      value.classList.toggle("differs", cell.values.some((fact) => fact.differs && fact.path === value.dataset.path));
    }
    markHits(card);
    one("drawer-body").replaceChildren(card, asked);
    drawer.hidden = false;
    keep();
    draw(true);
    uncover(arm);
    if (!isQuiet) drawer.focus();
  }
  function close() {
    if (drawer.hidden) return;
    drawer.hidden = true;
    open = null;
    keep();
    focus(true);
  }
  // The next completion in this direction that is there and matches.
  function step(down, right) {
    let { row, arm } = focused;
    do { row += down; arm += right; } while (shown[row] && arm in data.arms && !matches(shown[row].cells[arm]));
    if (shown[row] && arm in data.arms) show(row, arm);
  }
  one("drawer-close").addEventListener("click", close);
  one("drawer-previous").addEventListener("click", () => step(-1, 0));
  one("drawer-next").addEventListener("click", () => step(1, 0));
  drawer.addEventListener("keydown", (event) => {
    const way = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
    if (event.key === "Escape") close();
    else if (way && event.target === drawer) step(...way);
    else return;
    event.preventDefault();
  });

  // What is chosen, in the address.
  const START = "#completions?";
  function keep() {
    const said = new URLSearchParams();
    for (const name of FIELDS) if (form.elements[name].value) said.set(name, form.elements[name].value);
    if (open) said.set("open", [data.arms[open.arm].id, data.prompts[open.prompt].id, open.draw].join("|"));
    const hash = `${said}` ? `${START}${said}` : "#completions";
    if (location.hash !== hash) history.replaceState(null, "", hash);
  }
  function restore(isFirst) {
    let hash = location.hash;
    if (!hash.startsWith(START) && hash.startsWith("#completions%3F")) hash = decodeURIComponent(hash);
    if (!hash.startsWith(START)) return;
    const said = new URLSearchParams(hash.slice(START.length));
    for (const name of FIELDS) form.elements[name].value = said.get(name) ?? "";
    filter();
    const [arm, prompt, draw] = (said.get("open") ?? "").split("|");
    const place = shown.findIndex((row) => data.prompts[row.prompt].id === prompt && String(row.draw) === draw);
    if (place >= 0) {
      frame.scrollTop = Math.max(0, place - 3) * HEIGHT;
      show(place, data.arms.findIndex((one) => one.id === arm), isFirst);
    }
    one("completions").scrollIntoView();
  }
  addEventListener("hashchange", () => restore(false));
  form.addEventListener("input", () => { frame.scrollTop = 0; filter(); keep(); });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const name of FIELDS) form.elements[name].value = "";
    filter();
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  form.hidden = frame.hidden = false;
  filter();
  requestAnimationFrame(() => restore(true));
})();
