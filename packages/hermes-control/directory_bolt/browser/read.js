// Reads every form of this frame into plain data; the shapes are those of directory_bolt.core.forms.forms.
// Elements that may be acted on get the attribute data-hermes="n", counted through the whole frame.
() => {
  const CONTROLS = "input:not([type=hidden i]), select, textarea, [contenteditable=''], [contenteditable=true]";
  const BUTTONS = "button, input[type=submit i], input[type=button i], input[type=image i], [role=button]";
  const PRESSED = new Set(["submit", "button", "image", "reset"]);
  const SILENT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "SELECT", "TEXTAREA", "BUTTON", "OPTION"]);
  const OUTSIDE = 100000;  // further out than any page is wide

  const squeeze = (text, most = 300) => (text || "").replace(/\s+/g, " ").trim().slice(0, most);
  const deep = (root, selector) => [...root.querySelectorAll("*")].flatMap((node) => [
    ...(node.matches(selector) ? [node] : []), ...(node.shadowRoot ? deep(node.shadowRoot, selector) : [])]);
  const parent = (node) => node.parentElement || node.getRootNode().host || null;

  // Text of a node without the controls in it.
  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.tagName)) return "";
    if (node.tagName === "BR") return " ";
    const inline = getComputedStyle(node).display === "inline";
    const inner = [...node.childNodes].map(words).join("");
    return inline ? inner : ` ${inner} `;
  };
  const named = (node, attribute) => (node.getAttribute(attribute) || "").split(/\s+/)
    .map((id) => id && node.getRootNode().getElementById?.(id)).filter(Boolean)
    .map((found) => squeeze(words(found))).join(" ");

  // Why a person does not see an element; "" when they do.
  const unseen = (node) => {
    const style = getComputedStyle(node);
    if (style.visibility !== "visible") return "invisible";
    for (let n = node; n; n = parent(n)) {
      const s = getComputedStyle(n);
      if (s.display === "none") return "not displayed";
      if (parseFloat(s.opacity) < 0.05) return "transparent";
      if (n.getAttribute("aria-hidden") === "true") return "hidden from assistive technology";
      const [top, right, bottom, left] = s.clip.match(/-?[\d.]+(?=px)/g)?.map(Number) || [];
      if (right - left < 3 || bottom - top < 3 || /inset\((50|100)%/.test(s.clipPath)) return "clipped";
      const shuts = n !== node && s.overflow !== "visible" && s.display !== "inline" && s.display !== "contents";
      if (shuts && (n.clientWidth < 3 || n.clientHeight < 3)) return "clipped";
    }
    const box = node.getBoundingClientRect();
    if (box.width < 4 || box.height < 4) return "without size";
    const left = box.left + scrollX, top = box.top + scrollY;
    const right = Math.min(OUTSIDE, Math.max(innerWidth, document.body.clientWidth) * 2);
    if (left + box.width <= 0 || top + box.height <= 0 || left >= right) return "outside of the page";
    return "";
  };
  // Ticks and files are often styled away behind their label.
  const hidden = (node) => {
    const why = unseen(node);
    const styled = ["checkbox", "radio", "file"].includes(node.type) && why !== "hidden from assistive technology";
    if (why && styled && [...(node.labels || [])].some((label) => !unseen(label))) return "";
    const typed = !["checkbox", "radio", "file"].includes(node.type);
    return why || (typed && node.getAttribute("tabindex") === "-1" && node.isContentEditable === false ? "out of the tab order" : "");
  };

  const controls = deep(document, CONTROLS).filter((node) => !PRESSED.has(node.type));
  const buttons = deep(document, BUTTONS).filter((node) => node.type !== "reset");
  const isControl = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches(CONTROLS) || node.matches(BUTTONS));

  // The last stretch of text before an element (or the first one after it), up to the next control.
  const beside = (node, forward, ends) => {
    const walker = document.createTreeWalker(ends, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    walker.currentNode = node;
    let said = "";
    if (forward) while (walker.lastChild()) ;  // past what is inside
    while (forward ? walker.nextNode() : walker.previousNode()) {
      const at = walker.currentNode;
      if (at.contains(node)) { if (said) break; continue; }
      if (at.nodeType === Node.ELEMENT_NODE) {
        if (isControl(at)) break;
        if (said && !["inline", "inline-block"].includes(getComputedStyle(at).display)) break;
        continue;
      }
      if (SILENT.has(at.parentElement?.tagName) || at.parentElement?.closest("select, button, textarea, label[data-hermes-own]")) continue;
      said = forward ? `${said} ${at.data}` : `${at.data} ${said}`;
      said = said.trim() ? said : "";
      if (said.length > 160) break;
    }
    return squeeze(said, 160);
  };
  // What stands in the cell to the left, else at the head of the column.
  const cell = (node) => {
    const own = node.closest("td, th");
    const row = own?.parentElement;
    if (!row || row.tagName !== "TR") return "";
    for (let n = own.previousElementSibling; n; n = n.previousElementSibling)
      if (!n.querySelector(CONTROLS) && squeeze(words(n))) return squeeze(words(n));
    return "";
  };
  const column = (node) => {
    const own = node.closest("td, th");
    for (let row = own?.parentElement?.previousElementSibling; row; row = row.previousElementSibling)
      if (!row.querySelector(CONTROLS)) return row.cells?.[own.cellIndex] ? squeeze(words(row.cells[own.cellIndex])) : "";
    return "";
  };
  const group = (node) => {
    const around = node.closest("fieldset, [role=group], [role=radiogroup]");
    if (!around) return "";
    const legend = [...around.children].find((child) => child.tagName === "LEGEND");
    return legend ? squeeze(words(legend)) : squeeze(around.getAttribute("aria-label")) || named(around, "aria-labelledby");
  };
  const headings = deep(document, "h1, h2, h3, h4, h5, h6");
  const heading = (node) => {
    const above = headings.filter((h) => h.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    return above.length ? squeeze(words(above[above.length - 1])) : "";
  };
  // What a page says is wrong with a field: the browser's own words, named elements, marked neighbours.
  const complaint = (node) => {
    const said = node.getAttribute("aria-errormessage") && named(node, "aria-errormessage");
    if (said) return said;
    for (let n = node, up = 0; n && up < 3; n = parent(n), up += 1) {
      if (n !== node && n.querySelectorAll(CONTROLS).length > 1 && !["radio", "checkbox"].includes(node.type)) break;
      const marks = [...n.querySelectorAll("[role=alert], [class*=error i], [class*=invalid i], [id*=error i], [class*=fehler i]")];
      const found = marks.find((mark) => !isControl(mark) && !mark.querySelector(CONTROLS) && !unseen(mark) && squeeze(words(mark)));
      if (found) return squeeze(words(found));
    }
    return "";
  };
  const said = (node) => {
    const own = [...(node.labels || [])];
    own.forEach((label) => label.setAttribute("data-hermes-own", ""));
    const across = cell(node), above = column(node);
    const ends = (across || above) ? node.closest("td, th") : node.form || node.closest("main, section, article, body") || document.body;
    const found = {
      label: squeeze([...own.map(words), node.getAttribute("aria-label"), named(node, "aria-labelledby")].filter(Boolean).join(" ")),
      title: squeeze(node.getAttribute("title")),
      placeholder: squeeze(node.getAttribute("placeholder") || node.getAttribute("aria-placeholder")),
      before: beside(node, false, ends), after: beside(node, true, ends),
      cell: across, column: above, group: group(node), heading: heading(node),
      hint: named(node, "aria-describedby"), complaint: complaint(node),
    };
    own.forEach((label) => label.removeAttribute("data-hermes-own"));
    return found;
  };

  let count = 0;
  const mark = (node) => { const key = String(count++); node.setAttribute("data-hermes", key); return key; };
  const field = (node) => ({
    key: mark(node),
    tag: node.isContentEditable ? "textarea" : node.tagName.toLowerCase(),
    type: node.isContentEditable ? "contenteditable" : (node.type || "").toLowerCase(),
    name: node.getAttribute("name") || "", id: node.id || "",
    autocomplete: (node.getAttribute("autocomplete") || "").toLowerCase(),
    ...said(node),
    options: node.tagName === "SELECT" ? [...node.options].slice(0, 600).map((o) =>
      ({ value: o.value, text: squeeze([o.closest("optgroup")?.label, o.text].filter(Boolean).join(" > ")), shut: o.disabled, chosen: o.selected })) : [],
    required: node.required === true || node.getAttribute("aria-required") === "true",
    shut: node.disabled === true || node.readOnly === true,
    max_length: node.maxLength > 0 ? node.maxLength : null, min_length: node.minLength > 0 ? node.minLength : null,
    size: node.getAttribute("size") ? Number(node.getAttribute("size")) || null : null,
    pattern: node.getAttribute("pattern") || "", accept: node.getAttribute("accept") || "", multiple: node.multiple === true,
    min: node.getAttribute("min") || "", max: node.getAttribute("max") || "",
    hidden: hidden(node), value: node.isContentEditable ? squeeze(node.textContent, 5000) : (node.value || "").slice(0, 5000),
    checked: node.checked === true,
    invalid: node.getAttribute("aria-invalid") === "true",
    unmet: node.willValidate && !node.validity.valid ? squeeze(node.validationMessage) : "",
  });
  const button = (node) => ({
    key: mark(node), tag: node.tagName.toLowerCase(), type: (node.type || "").toLowerCase(),
    text: squeeze(words2(node) || node.value || node.getAttribute("aria-label") || node.title || node.alt, 120),
    name: node.getAttribute("name") || "", hidden: unseen(node), shut: node.disabled === true,
  });
  const words2 = (node) => [...node.childNodes].map((n) => n.nodeType === Node.TEXT_NODE ? n.data : words(n) || n.alt || "").join(" ").trim();

  // Controls outside of any form belong to the smallest box that also holds a button.
  const owner = (node) => node.form || (node.isContentEditable && node.closest("form"));
  const loose = controls.filter((node) => !owner(node) && !unseen(node));
  const boxes = new Map();
  for (const node of loose) {
    let box = parent(node);
    while (box && box !== document.body && !deep(box, BUTTONS).length) box = parent(box);
    box = [...boxes.keys()].find((known) => known.contains(box)) || box || document.body;
    const inner = [...boxes.keys()].filter((known) => known !== box && box !== document.body && box.contains(known));
    boxes.set(box, [...(boxes.get(box) || []), ...inner.flatMap((known) => boxes.get(known)), node]);
    inner.forEach((known) => boxes.delete(known));
  }
  const own = (form) => controls.filter((node) => owner(node) === form);
  const pressed = (form) => buttons.filter((node) => node.form === form || form.contains(node));
  const formed = [...document.forms].map((form) => ({ node: form, fields: own(form), buttons: pressed(form) }));
  const boxed = [...boxes].map(([node, fields]) => ({ node, fields, buttons: deep(node, BUTTONS).filter((b) => !b.form && b.type !== "reset") }));
  const all = [...formed, ...boxed];
  const forms = all.map(({ node, fields, buttons: owned }) => ({
    action: node.tagName === "FORM" ? node.getAttribute("action") || "" : "",
    method: node.tagName === "FORM" ? node.method : "", id: node.id || "", role: node.getAttribute("role") || "",
    heading: heading(node) || squeeze([...node.querySelectorAll("h1,h2,h3,legend")].map(words)[0]),
    hidden: unseen(node), text: squeeze(node.innerText, 2000),
    fields: fields.map(field), buttons: owned.map(button),
  }));

  const GUARDS = {
    frame: "iframe[src*=recaptcha i], iframe[src*=hcaptcha i], iframe[src*=captcha i], iframe[src*='challenges.cloudflare'], iframe[src*=arkoselabs i], iframe[src*=geetest i]",
    markup: ".g-recaptcha, .h-captcha, .cf-turnstile, .frc-captcha, altcha-widget, [data-sitekey], div[id*=captcha i], div[class*=captcha i], img[src*=captcha i], img[alt*=captcha i]",
    script: "script[src*=recaptcha i], script[src*='hcaptcha.com'], script[src*='challenges.cloudflare'], script[src*=friendlycaptcha i]",
  };
  const guards = Object.entries(GUARDS).flatMap(([what, selector]) => deep(document, selector).map((node) => ({
    what, form: all.findIndex(({ node: form }) => form.contains(node)),
    detail: squeeze(node.getAttribute("src") || node.className?.toString() || node.id, 120),
  })));
  return {
    url: location.href, title: squeeze(document.title), language: document.documentElement.lang || "",
    text: (document.body?.innerText || "").replace(/[ \t]+/g, " ").replace(/\n\s*\n+/g, "\n").trim().slice(0, 20000),
    forms, guards,
    headings: headings.filter((h) => !unseen(h)).map((h) => squeeze(words(h))).slice(0, 40),
    links: deep(document, "a[href]").filter((a) => !unseen(a)).slice(0, 600).map((a) => ({ text: squeeze(a.innerText || a.title, 160), url: a.href })),
  };
}
