// The same keys on every page: j and k walk the rows of a list, Enter opens one, / filters, ? tells the keys.
// A list is any table whose rows carry data-row and have a link. A page adds keys by hearing "hermes:key".
"use strict";
(() => {
  const TYPING = "input, textarea, select, [contenteditable]";
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const off = () => localStorage.getItem("hermes-keys") === "off";

  const rows = () => [...document.querySelectorAll("main [data-row]")].filter((row) => row.checkVisibility());
  const rowOf = (element) => element?.closest?.("[data-row]");

  function walk(step) {
    const all = rows();
    const now = all.indexOf(rowOf(document.activeElement));
    const next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1)];
    next?.querySelector("a[href]").focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  function show() {
    document.getElementById("keys-on").checked = !off();
    document.querySelector(".menu:popover-open")?.hidePopover();
    dialog.showModal();
  }

  // A page that has a key of its own answers by preventing the default of this event.
  function asked(key) {
    const detail = { key, row: rowOf(document.activeElement) };
    return !document.dispatchEvent(new CustomEvent("hermes:key", { detail, cancelable: true }));
  }

  function filter() {
    const field = document.querySelector("main [aria-keyshortcuts='/']");
    field?.select();
    return Boolean(field);
  }

  const acts = { j: () => walk(1), k: () => walk(-1), "/": filter, "?": show };

  function keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest(TYPING) || document.querySelector("dialog[open], :popover-open")) return;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && rowOf(event.target)) walk(arrow);
    else if (off() || event.key.length > 1) return;
    else if (Object.hasOwn(acts, event.key)) {
      if (acts[event.key]() === false) return;
    } else if (!asked(event.key)) return;
    event.preventDefault();
  }

  document.addEventListener("keydown", keyed);
  document.addEventListener("click", (event) => { if (event.target.closest("#show-keys")) show(); });
  document.getElementById("keys-on").addEventListener("change", (event) => {
    localStorage.setItem("hermes-keys", event.target.checked ? "on" : "off");
  });
  document.getElementById("show-keys").hidden = false;
})();
