// Runs in each page before its own scripts, below the web-vitals library and in the same scope.
if (window.top !== window) return;

const seen = { tasks: [], targets: [] };
const note = name => metric => { seen[name] = metric.value; };
webVitals.onTTFB(note('ttfb'));
webVitals.onFCP(note('fcp'));
webVitals.onLCP(note('lcp'), { reportAllChanges: true });
webVitals.onCLS(note('cls'), { reportAllChanges: true });
webVitals.onINP(note('inp'), { reportAllChanges: true, durationThreshold: 16 });
new PerformanceObserver(list => {
  for (const task of list.getEntries()) seen.tasks.push([task.startTime, task.duration]);
}).observe({ type: 'longtask', buffered: true });

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

// True once no long task has run for `quiet` ms, false after `longest` ms.
seen.settled = (quiet, longest) => new Promise(resolve => {
  const begun = performance.now();
  const look = () => {
    const now = performance.now(), [start, length] = seen.tasks.at(-1) ?? [0, 0];
    if (now - Math.max(begun, start + length) >= quiet) resolve(true);
    else if (now - begun >= longest) resolve(false);
    else setTimeout(look, 100);
  };
  look();
});

Object.defineProperty(window, '__hermesVitals', { value: seen });
