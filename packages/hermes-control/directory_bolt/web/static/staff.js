// The staff's pages: the search stays in the address, what is being typed survives a refresh, live is dated.
"use strict";
(() => {
  const LOOK_EVERY = 10000;
  const TYPED = "typed";
  const region = document.getElementById("live");
  if (!region.dataset.stream?.endsWith("/api/realtime")) return;
  document.documentElement.classList.add("scripted");

  const refresh = () => htmx.trigger(document.body, "hermes:changed");
  const filter = document.getElementById("staff-filter");

  // The address is the choice: the live region is asked for what it says.
  function asked(event) {
    const own = region.getAttribute("hx-get").split("?")[0] === location.pathname;
    if (event.detail.elt === region && own && filter) event.detail.path = location.pathname + location.search;
  }

  function choose() {
    const chosen = new URLSearchParams(location.search);
    chosen.delete("page");
    for (const field of filter.querySelectorAll("#q, #sort")) {
      if (field.value.trim()) chosen.set(field.name, field.value.trim());
      else chosen.delete(field.name);
    }
    history.replaceState(null, "", location.pathname + (chosen.size ? `?${chosen}` : ""));
    refresh();
  }

  let later = null;
  function searched(event) {
    if (event.type === "submit") event.preventDefault();
    clearTimeout(later);
    later = setTimeout(choose, event.type === "input" ? 200 : 0);
  }

  // A form that somebody is filling in is left alone until it is sent.
  function typed(event) {
    event.target.closest("#live form")?.classList.add(TYPED);
  }

  function sent(event) {
    const form = event.detail.requestConfig?.elt;
    const refused = event.detail.xhr.status >= 400;
    if (refused || !form?.matches?.("#live form")) return;
    form.classList.remove(TYPED);
    form.closest("details.pop")?.removeAttribute("open");
  }

  // Live since when, or not: taken from what hermes.js measured.
  const state = document.getElementById("live-state");
  const since = document.querySelector("[data-live-since]");
  let said = "";

  function date() {
    if (!since || state.dataset.state === said) return;
    said = state.dataset.state;
    const time = new Date().toLocaleTimeString();
    if (said === "live") since.textContent = `Live since ${time}`;
    else if (said !== "connecting") since.textContent = `Not live since ${time}, reconnecting`;
  }

  // Heartbeats and the queue announce nothing, so they are looked at.
  function look() {
    if (!document.hidden && state.dataset.state === "live") refresh();
  }

  const { callbacks } = Idiomorph.defaults;
  const before = callbacks.beforeNodeMorphed;
  callbacks.beforeNodeMorphed = (node, ...rest) =>
    node.nodeType === Node.ELEMENT_NODE && node.matches(`form.${TYPED}`) ? false : before(node, ...rest);

  document.body.addEventListener("htmx:configRequest", asked);
  document.body.addEventListener("htmx:beforeSwap", sent);
  for (const name of ["input", "submit", "change"]) filter?.addEventListener(name, searched);
  region.addEventListener("input", typed);
  new MutationObserver(date).observe(state, { attributes: true, attributeFilter: ["data-state"] });
  date();
  setInterval(look, LOOK_EVERY);
})();
