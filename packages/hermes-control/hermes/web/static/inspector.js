// Opens the inspector over the table it was asked from; without this script its links are plain links.
"use strict";
(() => {
  const INSPECTOR = /\/sites\/[^/]+\/services\/[^/]+$/;
  const LIVE = { "hx-trigger": "hermes:changed from:body", "hx-target": "this", "hx-swap": "morph:innerHTML", "hx-sync": "this:queue last", "hx-disinherit": "hx-sync" };
  let drawer = null;

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function make() {
    const page = element("a", { class: "btn sm", id: "drawer-page" }, "Open as a page");
    const close = element("button", { class: "btn sm", type: "button", id: "drawer-close" }, "Close");
    const bar = element("div", { class: "drawer-bar" }, page, close);
    const notice = element("div", { id: "drawer-notice", role: "alert" });
    drawer = element("dialog", { class: "drawer", id: "drawer", "aria-label": "Inspector" }, bar, notice);
    close.addEventListener("click", () => drawer.close());
    drawer.addEventListener("close", closed);
    drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
    document.body.append(drawer);
  }

  // A fresh region for each address, so that a late answer of the one before is not shown.
  async function show(url) {
    const path = url.pathname + url.search;
    const region = element("div", { id: "drawer-live", "hx-get": path, ...LIVE }, element("p", { class: "d3" }, "Loading…"));
    drawer.querySelector("#drawer-page").href = path;
    drawer.querySelector("#drawer-notice").replaceChildren();
    drawer.querySelector("#drawer-live")?.remove();
    drawer.append(region);
    htmx.process(region);
    await htmx.ajax("GET", path, { source: region, target: region, swap: "innerHTML" });
    const place = url.hash && region.querySelector(url.hash);
    if (place) place.scrollIntoView();
    else drawer.scrollTop = 0;
  }

  function open(link) {
    if (!drawer) make();
    if (!drawer.open) drawer.showModal();  // the browser gives the focus back when it closes
    show(new URL(link.href));
  }

  function closed() {
    drawer.querySelector("#drawer-live")?.remove();
  }

  function pressed(event) {
    const link = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented || link.origin !== location.origin) return;
    const inDrawer = drawer?.contains(link) && "inspect" in link.dataset;
    const inTable = link.closest("table.services") && INSPECTOR.test(link.pathname);
    if (!inDrawer && !inTable) return;
    event.preventDefault();
    open(link);
  }

  // What is refused in the drawer is said in the drawer: the page's notices are behind it.
  function retarget(event) {
    if (drawer?.open && drawer.contains(event.detail.elt) && event.detail.xhr.getResponseHeader("HX-Retarget")) {
      event.detail.target = drawer.querySelector("#drawer-notice");
      drawer.scrollTop = 0;
    }
  }

  function offerPrint() {
    const button = document.querySelector("[data-print]");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  function localise() {
    for (const place of document.querySelectorAll("[data-at]")) {
      place.title = new Date(place.dataset.at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
    }
  }

  document.addEventListener("click", pressed);
  document.body.addEventListener("htmx:afterSwap", localise);
  localise();
  document.body.addEventListener("htmx:beforeSwap", retarget);
  offerPrint();
})();
