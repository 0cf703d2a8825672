"use strict";
(() => {
  const make = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const target = (hash) => document.getElementById(decodeURIComponent(hash.slice(1)));

  // Prompts as tabs. A panel that is not chosen can still be found by the browser's search.
  const choosers = new Map();
  for (const tabs of document.querySelectorAll(".tabs")) {
    const panels = [...tabs.children];
    const buttons = panels.map((panel) => make(
      "button", { type: "button", role: "tab", id: `${panel.id}-choose`, "aria-controls": panel.id }, panel.dataset.tab,
    ));
    const choose = (chosen) => panels.forEach((panel, i) => {
      buttons[i].setAttribute("aria-selected", i === chosen);
      buttons[i].tabIndex = i === chosen ? 0 : -1;
      if (i === chosen) panel.removeAttribute("hidden");
      else panel.setAttribute("hidden", "until-found");
    });
    panels.forEach((panel, i) => {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", buttons[i].id);
      panel.addEventListener("beforematch", () => choose(i));
      buttons[i].addEventListener("click", () => choose(i));
      choosers.set(panel, () => choose(i));
    });
    const list = make("div", { role: "tablist", "aria-label": tabs.dataset.label }, ...buttons);
    list.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement), last = panels.length - 1;
      const to = { ArrowRight: at < last ? at + 1 : 0, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(to);
      buttons[to].focus();
    });
    tabs.prepend(list);
    choose(0);
  }

  // A link to something that is folded or in another tab shows it.
  function reveal(one) {
    for (let part = one; part; part = part.parentElement) {
      choosers.get(part)?.();
      if (part.tagName === "DETAILS") part.open = true;
    }
  }
  const arrive = () => {
    const one = location.hash && target(location.hash);
    if (!one) return;
    reveal(one);
    one.scrollIntoView();
  };
  addEventListener("hashchange", arrive);

  // Definitions open in place.
  const words = make("div", {});
  const close = make("button", { type: "button", "aria-label": "Close" }, "×");
  const box = make("div", { id: "definition", popover: "auto", role: "dialog", tabindex: "-1" }, close, words);
  document.body.append(box);
  let opener;
  close.addEventListener("click", () => box.hidePopover());
  box.addEventListener("toggle", (event) => {
    opener?.setAttribute("aria-expanded", event.newState === "open");
    if (event.newState === "closed" && box.contains(document.activeElement)) opener?.focus();
  });
  function define(link, entry) {
    const term = entry.querySelector("dt").textContent.trim();
    const parts = [...entry.children].map((part) => make("p", { class: part.className }, ...part.cloneNode(true).childNodes));
    parts[0].className = "term";
    words.replaceChildren(...parts, make("p", {}, make("a", { href: link.hash }, "In the list of definitions")));
    box.setAttribute("aria-label", term);
    opener = link;
    box.showPopover();
    const at = link.getClientRects()[0], room = document.documentElement.clientWidth - box.offsetWidth - 12;
    const below = at.bottom + box.offsetHeight + 8 < innerHeight || at.top < box.offsetHeight + 8;
    box.style.left = `${scrollX + Math.max(12, Math.min(at.left, room))}px`;
    box.style.top = `${scrollY + (below ? at.bottom + 6 : at.top - box.offsetHeight - 6)}px`;
    box.focus({ preventScroll: true });
  }
  for (const link of document.querySelectorAll("a.define")) link.setAttribute("aria-haspopup", "dialog");
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const one = target(link.hash);
    if (link.classList.contains("define") && one?.querySelector("dt") && box.showPopover) {
      event.preventDefault();
      define(link, one);
      return;
    }
    if (box.contains(link)) box.hidePopover();
    link.closest("details.contents")?.removeAttribute("open");
    if (link.hash === location.hash) arrive();
  });

  // The contents tell where one is.
  const heads = [...document.querySelectorAll("h2[id]")];
  const entries = [...document.querySelectorAll(".contents a")];
  const here = document.querySelector("details.contents .here");
  let waiting = false;
  function follow() {
    waiting = false;
    const current = heads.findLast((head) => head.getBoundingClientRect().top < innerHeight / 3);
    for (const entry of entries) {
      const is = current && entry.hash === `#${current.id}`;
      if (is) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
      if (is && here) here.textContent = entry.textContent;
    }
    if (!current && here) here.textContent = "";
  }
  addEventListener("scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(follow); } }, { passive: true });
  follow();
  if (location.hash) requestAnimationFrame(arrive);
})();
