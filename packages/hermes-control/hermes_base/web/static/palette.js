// Ctrl K (or Cmd K) opens the search; arrows choose, Enter opens, Escape closes.
"use strict";
(() => {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const field = document.getElementById("jump");
  const found = document.getElementById("found");
  let chosen = 0;

  const options = () => [...found.querySelectorAll("[role=option]")];

  function opened(event) {
    if (event.newState !== "open") return;
    field.focus();
    field.select();
    htmx.trigger(field, "hermes:jump");
  }

  function choose(number) {
    const all = options();
    if (!all.length) return field.removeAttribute("aria-activedescendant");
    chosen = (number + all.length) % all.length;
    all.forEach((option, at) => {
      option.id = `found-${at}`;
      option.tabIndex = -1;
      option.setAttribute("aria-selected", String(at === chosen));
    });
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function typed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(chosen + step);
    else if (event.key === "Enter") options()[chosen]?.click();
    else return;
    event.preventDefault();
  }

  function pressed(event) {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    palette.togglePopover();
  }

  palette.addEventListener("toggle", opened);
  field.addEventListener("keydown", typed);
  found.addEventListener("htmx:afterSwap", () => choose(0));
  document.addEventListener("keydown", pressed);
})();
