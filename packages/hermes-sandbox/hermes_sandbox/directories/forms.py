"""The page with the form: its fields, its guard, and the other forms beside it."""

import json
from dataclasses import dataclass
from html import escape

from hermes_sandbox.directories.beside import beside
from hermes_sandbox.directories.controls import EMPTY, Filled
from hermes_sandbox.directories.frames import bare, page, text
from hermes_sandbox.directories.guards import guard
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.rows import Sheet, body
from hermes_sandbox.directories.words import PHRASES

BUILDER = """
setTimeout(function () {
  document.getElementById("place").innerHTML = %s;
}, 300);
"""
FETCHER = """
document.querySelector("form.entry").addEventListener("submit", async function (event) {
  event.preventDefault();
  const form = event.target, status = document.getElementById("status");
  const sent = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, {method: "POST", body: sent, headers: {Accept: "application/json"}});
  const told = await answer.json();
  status.textContent = told.message;
  for (const old of form.querySelectorAll(".error")) old.remove();
  for (const [name, wrong] of Object.entries(told.wrong || {})) {
    const near = document.createElement("span");
    near.className = "error";
    near.textContent = wrong;
    form.elements.namedItem(name).after(near);
  }
  if (answer.ok) form.hidden = true;
});
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Which page of the form, counted from 0; `entered` is shown for review before the last one."""

    number: int = 0
    entered: tuple[str, ...] = ()


def form_page(directory: Directory, step: Step = Step(), filled: Filled = EMPTY) -> str:
    """The page at the form's address."""
    title = PHRASES[directory.language]["add"].format(name=directory.name)
    if directory.shape == "frame":
        frame = f'<iframe src="/{directory.slug}/frame" title="{escape(title)}" width="640" height="900"></iframe>'
        return page(directory, title, _intro(directory), frame)
    return page(directory, title, *_around(directory, _placed(directory, step, filled)))


def framed_form(directory: Directory, filled: Filled = EMPTY) -> str:
    """The document in the frame."""
    return bare(directory, _entry(directory, Step(), filled))


def _around(directory: Directory, entry: str) -> list[str]:
    before = [beside(directory, each) for each in directory.beside if each != "newsletter"]
    after = [beside(directory, each) for each in directory.beside if each == "newsletter"]
    return [*before, _intro(directory), entry, *after]


def _intro(directory: Directory) -> str:
    intro = text(PHRASES[directory.language]["intro"])
    return intro + (text(directory.note) if directory.note else "")


def _placed(directory: Directory, step: Step, filled: Filled) -> str:
    entry = _entry(directory, step, filled)
    if directory.shape == "script":
        written = json.dumps(entry).replace("</", "<\\/")
        return f'<div id="place"></div><script>{BUILDER % written}</script>'
    if directory.shape == "fetch":
        return f'{entry}<p id="status" role="status"></p><script>{FETCHER}</script>'
    return entry


def _entry(directory: Directory, step: Step, filled: Filled) -> str:
    phrases, form = PHRASES[directory.language], directory.pages[step.number]
    last = step.number == len(directory.pages) - 1
    sheet = Sheet(directory.layout, directory.marks, phrases.get("choose", ""), filled)
    coding = ' enctype="multipart/form-data"' if any(f.kind == "file" for f in form) else ""
    parts = [
        f'<form class="entry" method="post" action="/{directory.slug}/{escape(directory.path)}"{coding}>',
        f'<p class="error" role="alert">{escape(phrases["faulty"])}</p>' if filled.wrong else "",
        _step(directory, step),
        body(form, sheet),
        guard(directory, filled) if last else "",
        _button(directory, phrases["send" if last else "next"]),
        "</form>",
    ]
    return "\n".join(part for part in parts if part)


def _step(directory: Directory, step: Step) -> str:
    if len(directory.pages) == 1:
        return ""
    hidden = f'<input type="hidden" name="step" value="{step.number + 1}">'
    entered = "".join(f"<li>{escape(each)}</li>" for each in step.entered)
    review = text(PHRASES[directory.language]["review"]) + f"<ul>{entered}</ul>" if entered else ""
    return hidden + review


def _button(directory: Directory, words: str) -> str:
    if directory.layout in ("table", "above", "inline"):
        return f'<p><input type="submit" value="{escape(words)}"></p>'
    return f'<p><button type="submit">{escape(words)}</button></p>'
