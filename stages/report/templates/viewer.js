"use strict";
(() => {
  const form = document.getElementById("filter");
  const told = document.getElementById("filter-count");
  const all = [...document.querySelectorAll("article.completion")];
  const rows = [...document.querySelectorAll(".row")];
  const prompts = [...document.querySelectorAll(".prompt")];
  const texts = new Map();
  const text = (one) => {
    if (!texts.has(one)) texts.set(one, one.textContent.toLowerCase());
    return texts.get(one);
  };
  const empty = (part) => !part.querySelector("article.completion:not([hidden])");
  const fits = (one, wanted) =>
    (!wanted.arm || one.dataset.arm === wanted.arm) &&
    (!wanted.prompt || one.dataset.prompt === wanted.prompt) &&
    (!wanted.found || one.dataset.found.split(" ").includes(wanted.found)) &&
    wanted.words.every((word) => text(one).includes(word));
  function filter() {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [arm, prompt, found] = ["arm", "prompt", "found"].map((name) => form.elements[name].value);
    for (const one of all) one.hidden = !fits(one, { words, arm, prompt, found });
    for (const part of [...rows, ...prompts]) part.hidden = empty(part);
    told.textContent = `${all.filter((one) => !one.hidden).length} of ${all.length} completions`;
  }
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest("[hidden]")) return;
    form.reset();
    filter();
    target.scrollIntoView();
  }
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  addEventListener("hashchange", reveal);
  form.hidden = false;
  filter();
})();
