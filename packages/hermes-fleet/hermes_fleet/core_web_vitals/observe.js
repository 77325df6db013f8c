// Runs in each page before its own scripts, below the web-vitals library and in the same scope.
if (window.top !== window) return;

const seen = { tasks: [], targets: [], cls: 0, moved: 0, worst: null };
const note = name => metric => { seen[name] = metric.value; };
webVitals.onTTFB(note('ttfb'));
webVitals.onFCP(note('fcp'));
webVitals.onLCP(metric => { seen.lcp = metric.value; seen.moved = performance.now(); }, { reportAllChanges: true });
webVitals.onINP(note('inp'), { reportAllChanges: true, durationThreshold: 16 });
new PerformanceObserver(list => {
  for (const task of list.getEntries()) seen.tasks.push([task.startTime, task.duration]);
}).observe({ type: 'longtask', buffered: true });

// Chromium marks shifts as caused by input for 500 ms after a viewport change too, and emulating a
// phone is one. As in Lighthouse such a shift counts, unless somebody really touched the page.
let touched = -Infinity, window_ = { value: 0, first: 0, last: -Infinity };
for (const kind of ['pointerdown', 'keydown']) {
  addEventListener(kind, event => { if (event.isTrusted) touched = event.timeStamp; }, { capture: true, passive: true });
}
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) {
    if (shift.hadRecentInput && shift.startTime - touched < 500 && shift.startTime >= touched) continue;
    seen.moved = performance.now();
    const goesOn = shift.startTime - window_.last < 1000 && shift.startTime - window_.first < 5000;
    window_ = { value: (goesOn ? window_.value : 0) + shift.value, first: goesOn ? window_.first : shift.startTime, last: shift.startTime };
    seen.cls = Math.max(seen.cls, window_.value);
  }
}).observe({ type: 'layout-shift', buffered: true });

// The slowest interaction in its three parts, each in ms.
new PerformanceObserver(list => {
  for (const event of list.getEntries()) {
    if (!event.interactionId || (seen.worst && seen.worst.duration >= event.duration)) continue;
    const delay = event.processingStart - event.startTime, processing = event.processingEnd - event.processingStart;
    seen.worst = { kind: event.name, duration: event.duration, delay, processing, presentation: Math.max(0, event.duration - delay - processing) };
  }
}).observe({ type: 'event', buffered: true, durationThreshold: 16 });

const RISKY = /log.?out|sign.?out|delete|remove|unsubscribe|cancel|buy|cart|basket|checkout|order|pay|submit|send|download/i;
const KINDS = [
  ['menu', 'summary, [aria-expanded], [aria-controls], [role=tab], [role=switch]'],
  ['button', 'button, [role=button], input[type=button]'],
  ['field', 'input:not([type]), input[type=text], input[type=search], input[type=email], input[type=tel], textarea'],
  ['link', 'a[href]'],
];
const label = node => (node.innerText || node.getAttribute('aria-label') || node.name || '').replace(/\s+/g, ' ').trim();
const submits = node => Boolean(node.form) && ['submit', 'image', 'reset'].includes(node.type);
const drawn = node => {
  const box = node.getBoundingClientRect(), style = getComputedStyle(node);
  return box.width >= 8 && box.height >= 8 && style.visibility === 'visible' && style.pointerEvents !== 'none' && !node.disabled;
};
const harmless = (kind, node) => {
  if (submits(node)) return false;
  if (kind === 'field') return !node.readOnly;
  if (kind === 'link' && !/^https?:$/.test(node.protocol || '')) return false;
  return !RISKY.test(label(node)) && !RISKY.test(node.getAttribute('href') || '');
};

// Controls that can be tapped without ordering, sending or deleting anything; links come last.
seen.choose = most => {
  const found = new Map();
  for (const [kind, selector] of KINDS) {
    for (const node of document.querySelectorAll(selector)) {
      if (found.size < most && !found.has(node) && drawn(node) && harmless(kind, node)) found.set(node, kind);
    }
  }
  seen.targets = [...found.keys()];
  return [...found].map(([node, kind]) => `${kind} "${label(node).slice(0, 60)}"`);
};

// The page's own listeners still run; only the browser's step to another page is held back.
seen.hold = () => addEventListener('click', event => { if (event.target.closest?.('a[href]')) event.preventDefault(); });

// For how many ms nothing has happened: no long task, no shift, no new largest content.
seen.quiet = () => {
  const [start, length] = seen.tasks.at(-1) ?? [0, 0];
  return performance.now() - Math.max(start + length, seen.moved);
};

Object.defineProperty(window, '__hermesVitals', { value: seen });
