// The Integrations table: filtered as one types, its choice kept in the address, its rows held where they stand.
"use strict";
(() => {
  const region = document.getElementById("live");
  if (!document.getElementById("filter")) return;
  document.documentElement.classList.add("scripted");

  // The address is the choice: the live region is asked for what it says, and buttons lead back to it.
  const here = () => location.pathname + location.search;
  const below = document.body.dataset.root.length - 1;
  const refresh = () => htmx.trigger(document.body, "hermes:changed");
  const search = () => document.getElementById("q");

  // Rows stay where they stand until the reader asks for another choice: nothing jumps under the eyes.
  let anew = false;

  function choose(address, keep) {
    history[keep ? "replaceState" : "pushState"](null, "", address);
    anew = true;
    refresh();
  }

  function asked(event) {
    const { elt, headers, parameters } = event.detail;
    const table = document.querySelector("table.services");
    if (table && !anew) headers["Hermes-Places"] = table.dataset.places;
    if (elt === region) event.detail.path = here();
    else if (parameters.back?.split("?")[0] === location.pathname.slice(below)) parameters.back = here().slice(below);
    if (elt === region) anew = false;
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
  }

  function pressed(event) {
    const link = event.target.closest("#statuses a, table.services thead a, #no-match a, #regroup");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    clearTimeout(later);
    choose(link.href, link.id === "regroup");
    showText();
  }

  function showText() {
    search().value = new URLSearchParams(location.search).get("q") ?? "";
  }

  function wentBack() {
    showText();
    anew = true;
    refresh();
  }

  // Two keys more than on other pages: t tests the connection of the row in focus, s its outputs.
  function keyed(event) {
    const { key, row } = event.detail;
    const what = { t: "test", s: "smoke" }[key];
    const button = what && row?.querySelector(`#${what}-${row.dataset.service}`);
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  // What is being typed is newer than any answer.
  const before = Idiomorph.defaults.callbacks.beforeAttributeUpdated;
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node, ...rest) =>
    !(name === "value" && node === search()) && before(name, node, ...rest);

  document.body.addEventListener("htmx:configRequest", asked);
  document.addEventListener("input", typed);
  document.addEventListener("submit", submitted);
  document.addEventListener("change", changed);
  document.addEventListener("click", pressed);
  document.addEventListener("hermes:key", keyed);
  window.addEventListener("popstate", wentBack);
})();
