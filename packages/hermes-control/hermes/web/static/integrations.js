// The Integrations table: filtered as one types, its choice kept in the address, walked with the keyboard.
"use strict";
(() => {
  const table = "table.services";
  const typing = "input, textarea, select, [contenteditable]";
  const region = document.getElementById("live");
  const keys = document.getElementById("keys");
  if (!document.getElementById("filter") || !keys) return;
  document.documentElement.classList.add("scripted");

  // The address is the choice: the live region is asked for what it says, and buttons lead back to it.
  const here = () => location.pathname + location.search;
  const refresh = () => htmx.trigger(document.body, "hermes:changed");
  const search = () => document.getElementById("q");

  function choose(address, keep) {
    history[keep ? "replaceState" : "pushState"](null, "", address);
    refresh();
  }

  function asked(event) {
    const { elt, parameters } = event.detail;
    if (elt === region) event.detail.path = here();
    else if (parameters.back?.split("?")[0] === location.pathname) parameters.back = here();
  }

  function address() {
    const chosen = new URLSearchParams(location.search);
    for (const name of ["q", "sort"]) {
      const value = document.getElementById(name).value.trim();
      if (value) chosen.set(name, value);
      else chosen.delete(name);
    }
    return location.pathname + (chosen.size ? `?${chosen}` : "");
  }

  let later = null;
  function typed(event) {
    if (event.target.id !== "q") return;
    clearTimeout(later);
    later = setTimeout(() => choose(address(), true), 150);
  }

  function submitted(event) {
    if (event.target.id !== "filter") return;
    event.preventDefault();
    clearTimeout(later);
    choose(address(), true);
  }

  function changed(event) {
    if (event.target.id === "sort") choose(address());
    if (event.target.id === "keys-on") localStorage.setItem("hermes-keys", event.target.checked ? "on" : "off");
  }

  function pressed(event) {
    if (event.target.closest("#show-keys")) return showKeys();
    const link = event.target.closest(`#statuses a, ${table} thead a, #no-match a`);
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    clearTimeout(later);
    choose(link.href);
    showText();
  }

  function showText() {
    search().value = new URLSearchParams(location.search).get("q") ?? "";
  }

  function wentBack() {
    showText();
    refresh();
  }

  // Keys. They work only where nobody is typing and no dialog is open, and can be switched off.
  const rows = () => [...document.querySelectorAll(`${table} tbody tr`)];
  const rowOf = (element) => element?.closest?.(`${table} tbody tr`);

  function walk(step) {
    const all = rows();
    const now = all.indexOf(rowOf(document.activeElement));
    const next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1)];
    next?.querySelector("th a").focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  function press(what) {
    const row = rowOf(document.activeElement);
    row?.querySelector(`#${what}-${row.dataset.service}`)?.click();
  }

  function showKeys() {
    document.getElementById("keys-on").checked = localStorage.getItem("hermes-keys") !== "off";
    keys.showModal();
  }

  const acts = {
    j: () => walk(1),
    k: () => walk(-1),
    t: () => press("test"),
    s: () => press("smoke"),
    "/": () => search().select(),
    "?": showKeys,
  };

  function keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest(typing) || document.querySelector("dialog[open]")) return;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && rowOf(event.target)) walk(arrow);
    else if (Object.hasOwn(acts, event.key) && localStorage.getItem("hermes-keys") !== "off") acts[event.key]();
    else return;
    event.preventDefault();
  }

  // What is being typed is newer than any answer.
  const before = Idiomorph.defaults.callbacks.beforeAttributeUpdated;
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node, ...rest) =>
    !(name === "value" && node === search()) && before?.(name, node, ...rest);

  document.body.addEventListener("htmx:configRequest", asked);
  document.addEventListener("input", typed);
  document.addEventListener("submit", submitted);
  document.addEventListener("change", changed);
  document.addEventListener("click", pressed);
  document.addEventListener("keydown", keyed);
  window.addEventListener("popstate", wentBack);
  document.getElementById("show-keys").hidden = false;
})();
