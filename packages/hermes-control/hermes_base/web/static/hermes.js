// Keeps an open page true: listens, refetches its live region, and says whether it is live.
"use strict";
(() => {
  const REFRESH_AFTER = 250;
  const RECONNECT_FOR = 3000;
  const POLL_EVERY = 5000;
  const region = document.getElementById("live");
  const site = document.body.dataset.site;
  const stateLine = document.getElementById("live-state");
  const ageLine = document.getElementById("live-age");
  const notice = document.getElementById("notice");

  // One stream a tab. An event says that something moved; the live region is then read anew.
  let source = null;
  let position = region.dataset.heard;
  let patience = 25000;
  let streaming = false;
  let answering = true;
  let greeted = false;
  let polled = false;
  let streamedAt = Date.now();
  let heardAt = Date.now();
  let lostAt = Date.now();
  let triedAt = 0;
  let asked = null;

  function listen() {
    source?.close();
    streamedAt = Date.now();
    source = new EventSource(`${region.dataset.stream ?? `${document.body.dataset.root}api/events`}?after=${encodeURIComponent(position)}`);
    for (const name of ["hello", "alive"]) source.addEventListener(name, alive);
    for (const name of ["job", "change", "resync"]) source.addEventListener(name, moved);
    source.addEventListener("error", lost);
  }

  // Hermes says in every sign of life whether it hears its database, and when the next one is due.
  function alive(event) {
    const { connected, heartbeatSeconds } = JSON.parse(event.data);
    patience = heartbeatSeconds * 2500;
    heard(event, connected);
  }

  function moved(event) {
    heard(event, true);
    const about = JSON.parse(event.data).siteId;
    if (!site || !about || about === site) refreshSoon();
  }

  function heard(event, connected) {
    position = event.lastEventId || position;
    streamedAt = heardAt = Date.now();
    greeted = true;
    if (!answering) refreshSoon();
    measured({ streaming: connected });
  }

  function lost() {
    measured({ streaming: false });
  }

  function refresh() {
    asked = null;
    htmx.trigger(document.body, "hermes:changed");
  }

  function refreshSoon() {
    asked ??= setTimeout(refresh, REFRESH_AFTER);
  }

  // Without a stream the page is read anew every 5 s, and the stream is sought again.
  function watch() {
    if (document.hidden) return;
    const silent = Date.now() - streamedAt > patience;
    if (silent) lost();
    if (silent || (source.readyState === EventSource.CLOSED && Date.now() - streamedAt > RECONNECT_FOR)) listen();
    const missing = !answering || (!streaming && Date.now() - lostAt > RECONNECT_FOR);
    if (missing && Date.now() - triedAt > POLL_EVERY) poll();
    sayAge();
  }

  function poll() {
    triedAt = Date.now();
    polled = true;
    refresh();
  }

  // A hidden tab gives its connection back, as browsers allow six a host; shown again it is read anew.
  function followVisibility() {
    if (document.hidden) return source?.close();
    lostAt = Date.now();
    lost();
    listen();
    refresh();
  }

  // Live state: measured from the stream and from the answers, never assumed.
  function measured(change) {
    if (streaming && change.streaming === false) lostAt = Date.now();
    ({ streaming, answering } = { streaming, answering, ...change });
    if (streaming) polled = false;
    if (!answering) say("stale", "No response from Hermes, retrying every 5 s");
    else if (streaming) say("live", "Live");
    else if (polled) say("polling", "Refreshed every 5 s, reconnecting");
    else if (greeted) say("reconnecting", "Reconnecting");
  }

  function say(state, text) {
    if (stateLine.dataset.state === state) return;
    stateLine.dataset.state = state;
    stateLine.lastElementChild.textContent = text;
    sayAge();
  }

  function sayAge() {
    const seconds = Math.max(0, Math.floor((Date.now() - heardAt) / 1000));
    ageLine.hidden = false;
    write(ageLine, seconds ? `last signal ${duration(seconds)} ago` : "last signal just now");
  }

  // Time: every figure of time goes on between two refreshes.
  const two = (number) => String(number).padStart(2, "0");

  function duration(seconds) {
    const whole = Math.floor(seconds);
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
    return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  }

  function ago(seconds) {
    for (const [size, name] of [[86400, "day"], [3600, "h"], [60, "min"]]) {
      const count = Math.floor(seconds / size);
      if (count >= 1) return `${count} ${name}${name === "day" && count > 1 ? "s" : ""} ago`;
    }
    return "just now";
  }

  const seen = new WeakMap();
  let serverAhead = Date.parse(region.dataset.now) - Date.now();

  function tick() {
    for (const place of document.querySelectorAll("[data-elapsed]")) {
      const base = Number(place.dataset.elapsed);
      if (seen.get(place)?.base !== base) seen.set(place, { base, at: performance.now() });
      write(place, duration(base + (performance.now() - seen.get(place).at) / 1000));
    }
    for (const time of document.querySelectorAll("time[data-ago]")) {
      write(time, ago((Date.now() + serverAhead - Date.parse(time.dateTime)) / 1000));
    }
  }

  function write(place, text) {
    if (place.textContent !== text) place.textContent = text;
  }

  function name(place, text) {
    if (place.title !== text) place.title = text;
  }

  function localise() {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const local = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
      if ("ago" in time.dataset) name(time, local);
      else write(time, local);
    }
    for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
    tick();
  }

  // Popovers: one at a time; Escape or a press elsewhere closes them.
  function closePopovers(keep) {
    for (const open of document.querySelectorAll("details.pop[open]")) {
      if (!open.contains(keep)) open.open = false;
    }
  }

  function closeByKey(event) {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.pop[open]");
    closePopovers(null);
    open?.querySelector("summary").focus();
  }

  async function copy(button) {
    const text = document.querySelector(button.dataset.copy).textContent;
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Could not copy. Open the JSON and copy it yourself";
    }
    setTimeout(() => { button.textContent = label; }, 2500);
  }

  // A press on a day of a strip opens its runs; by keyboard, or before this script, all of them.
  function toDay(event, link) {
    if (!event.detail) return;
    const box = link.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * Number(link.dataset.days));
    const day = new Date(Date.parse(link.dataset.first) + Math.max(0, at) * 86400000);
    event.preventDefault();
    location.assign(`${link.getAttribute("href")}&day=${day.toISOString().slice(0, 10)}`);
  }

  function pressed(event) {
    closePopovers(event.target);
    const strip = event.target.closest(".days-link");
    if (strip && !event.metaKey && !event.ctrlKey) toDay(event, strip);
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  }

  // Every changing request carries the token of the session.
  function withToken(event) {
    const token = document.querySelector("meta[name=csrf]");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRF-Token"] = token.content;
  }

  // Answers of htmx.
  function show(text) {
    const box = document.createElement("div");
    box.className = "note notice";
    box.dataset.s = "failed";
    box.textContent = text;
    notice.replaceChildren(box);
  }

  function beforeSwap(event) {
    if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  }

  function refused(event) {
    if (event.detail.elt === region) measured({ answering: false });
    else if (!event.detail.xhr.getResponseHeader("HX-Retarget")) show("Hermes could not do that. Reload the page and try again.");
  }

  function unreachable(event) {
    measured({ answering: false });
    if (event.detail.elt !== region) show("Hermes does not respond. Your action may have started. Reload the page before you try again.");
  }

  function answered(event) {
    if (!event.detail.successful) return;
    heardAt = Date.now();
    measured({ answering: true });
    if (event.detail.elt !== region) notice.replaceChildren();
  }

  // A refresh leaves alone what this page has made of the markup: what is open, local times, buttons to copy.
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !((name === "open" && node.localName === "details")
      || (name === "title" && node.localName === "time" && "ago" in node.dataset)
      || (name === "hidden" && "copy" in node.dataset));
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (node, fresh) =>
    !(node.localName === "time" && fresh.localName === "time" && node.dateTime === fresh.dateTime && "ago" in node.dataset === "ago" in fresh.dataset);
  document.body.addEventListener("htmx:configRequest", withToken);
  document.body.addEventListener("htmx:beforeSwap", beforeSwap);
  document.body.addEventListener("htmx:afterSwap", localise);
  document.body.addEventListener("htmx:responseError", refused);
  document.body.addEventListener("htmx:sendError", unreachable);
  document.body.addEventListener("htmx:timeout", unreachable);
  document.body.addEventListener("htmx:afterRequest", answered);
  document.addEventListener("click", pressed);
  document.addEventListener("keydown", closeByKey);
  localise();
  setInterval(tick, 1000);
  if (region.hasAttribute("hx-get")) {
    say("connecting", "Connecting");
    if (!document.hidden) listen();
    setInterval(watch, 1000);
    document.addEventListener("visibilitychange", followVisibility);
  }
})();
