"""How well the field mapper knows business-contact fields: precision, recall and F1 per kind.

The forms are those that Formasaurus ships with its annotations (get them by tools/corpus.sh). They
are read by the script of the browser worker itself, in a Chromium without JavaScript and without
network; that is kept beside the corpus, since it takes minutes. Visibility is left out, because the
pages are stored without their stylesheets.

Words and weights are written by hand. They were written looking at the errors of one half of the
sites only ("development", by a digest of the domain); the other half ("held out") is counted and
never looked at, and `--errors` does not show it.

    .venv/bin/python bench/mapper.py [--data FOLDER] [--errors]
"""

import argparse
import asyncio
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Route

import hermes_browser
from directory_bolt.browser.page_snapshot import script
from directory_bolt.core.forms.grouping import grouped
from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Form
from directory_bolt.core.mapping.form import Mapped, map_alone
from directory_bolt.core.mapping.parts import with_parts

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hermes-corpus"
ORIGIN = "http://corpus.invalid/"
AT_ONCE = 3
SAME_FORM = 0.5  # share of annotated names that must stand in a form
KINDS = {
    "no": Kind.BUSINESS_NAME,
    "nf": Kind.FULL_NAME,
    "n1": Kind.FIRST_NAME,
    "n3": Kind.LAST_NAME,
    "e1": Kind.EMAIL,
    "e2": Kind.EMAIL,
    **dict.fromkeys(("ph", "P0", "P1", "P2", "P3"), Kind.PHONE),
    "ws": Kind.WEBSITE,
    **dict.fromkeys(("Ad", "A1", "Sa", "Sn"), Kind.STREET),
    "Ci": Kind.CITY,
    "St": Kind.STATE,
    "Zi": Kind.POSTAL_CODE,
    "Co": Kind.COUNTRY,
}
"""Annotation -> the kind that it means here."""
UNANNOTATED = "XX"
NO_CONTACT = frozenset({"s", "l", "p"})  # forms for search, login and password recovery


@dataclass(frozen=True)
class Example:
    """One annotated form as the page script reads it; `truth`: name of a field -> annotation."""

    host: str
    type: str
    form: Form
    truth: Mapping[str, str]

    @property
    def held_out(self) -> bool:
        """Which half of the corpus its site belongs to."""
        domain = ".".join(self.host.split(".")[-2:])
        return hashlib.sha256(domain.encode()).digest()[0] % 2 == 1


@dataclass
class Count:
    """Hits and misses per kind."""

    right: Counter[Kind] = field(default_factory=Counter[Kind])
    wrong: Counter[Kind] = field(default_factory=Counter[Kind])
    missed: Counter[Kind] = field(default_factory=Counter[Kind])
    errors: list[str] = field(default_factory=list[str])

    def add(self, true: Kind | None, told: Kind | None, error: str) -> None:
        if true and true == told:
            self.right[true] += 1
            return
        if true:
            self.missed[true] += 1
        if told:
            self.wrong[told] += 1
        if true or told:
            self.errors.append(error)

    def line(self, kinds: set[Kind]) -> str:
        right, wrong, missed = (sum(c[k] for k in kinds) for c in (self.right, self.wrong, self.missed))  # fmt: skip
        precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return f"{right + missed:5}  {precision:.3f}  {recall:.3f}  {f1:.3f}"


async def extract(data: Path) -> dict[str, Any]:
    """Page -> what the script reads there; from the cache when the script has not changed."""
    kept = data.parent / f"read-{hashlib.sha256(script().encode()).hexdigest()[:12]}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    pages = sorted(json.loads((data / "index.json").read_text()))
    async with hermes_browser.browser() as browser:
        context = await browser.new_context(java_script_enabled=False)
        await context.route("**/*", lambda route: _serve(route, data))
        free = asyncio.Semaphore(AT_ONCE)
        read = await asyncio.gather(*(_read(context, free, page) for page in pages))
    found = dict(zip(pages, read, strict=True))
    kept.write_text(json.dumps(found))
    return found


async def _serve(route: Route, data: Path) -> None:
    """Only the page itself, and without what would lead away from it."""
    file = data / route.request.url.removeprefix(ORIGIN)
    if route.request.resource_type != "document" or not file.is_file():
        await route.abort()
        return
    body = file.read_bytes().replace(b"http-equiv", b"data-equiv").replace(b"HTTP-EQUIV", b"data-equiv")  # fmt: skip
    await route.fulfill(body=body, content_type="text/html; charset=utf-8")


async def _read(context: BrowserContext, free: asyncio.Semaphore, page_name: str) -> Any:
    async with free:
        page = await context.new_page()
        try:
            await page.goto(ORIGIN + page_name, wait_until="domcontentloaded")
            return await page.evaluate(script())
        finally:
            await page.close()


def examples(data: Path, read: Mapping[str, Any]) -> Iterator[Example]:
    """Annotated forms, each once; one that the page script does not find is counted as lost."""
    index = json.loads((data / "index.json").read_text())
    seen = set[str]()
    for page, info in index.items():
        forms = [form for form in read[page]["forms"] if form["method"]]
        annotated = zip(info["forms"], info["visible_html_fields"], strict=True)
        for at, (kind, truth) in enumerate(annotated):
            if all(value == UNANNOTATED for value in truth.values()):
                continue
            form = _same_form(forms, at, truth)
            print_of = json.dumps([(f["name"], f["type"], f["label"]) for f in (form or {}).get("fields", [])])  # fmt: skip
            if form is None or print_of in seen:
                continue
            seen.add(print_of)
            shown = [{**f, "hidden": ""} for f in form["fields"]]
            made = grouped(Form.model_validate({**form, "fields": shown}))
            yield Example(urlsplit(info["url"]).hostname or "", kind, made, truth)


def _same_form(forms: list[Any], at: int, truth: Mapping[str, str]) -> Any:
    def share(form: Any) -> float:
        names = {each["name"] for each in (*form["fields"], *form["buttons"])}
        return len(names & set(truth)) / len(truth)

    if at < len(forms) and share(forms[at]) > SAME_FORM:
        return forms[at]
    best = max(forms, key=share, default=None)
    return best if best is not None and share(best) > SAME_FORM else None


def judge(example: Example, count: Count) -> None:
    """Count every annotated field of a form."""
    for mapped in with_parts(map_alone(example.form)):
        annotation = example.truth.get(mapped.field.name, UNANNOTATED)
        if annotation != UNANNOTATED:
            true = KINDS.get(annotation)
            told = mapped.kind if mapped.sure and mapped.kind in KINDS.values() else None
            count.add(true, told, _error(example, annotation, mapped))


def _error(example: Example, annotation: str, mapped: Mapped) -> str:
    told, of = mapped.field, mapped.mapping
    signals = ", ".join(f"{signal.source}: {signal.words}" for signal in of.signals)
    return f"{KINDS.get(annotation, annotation)} read as {of.kind} ({of.confidence:.2f}; {signals}) name={told.name!r} label={told.visible_name!r} {example.host}"


def table(title: str, found: list[Example]) -> Count:
    """Print one table of figures."""
    count = Count()
    for example in found:
        judge(example, count)
    print(f"\n{title}: {len(found)} forms\n{'':15}{'n':>5}  precis  recall  F1")
    for kind in sorted(set(KINDS.values())):
        print(f"{kind:15}{count.line({kind})}")
    print(f"{'all of them':15}{count.line(set(KINDS.values()))}")
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--data", type=Path, default=CACHE / "formasaurus" / "data")
    parser.add_argument("--errors", action="store_true", help="list those of the development half")
    chosen = parser.parse_args()
    if not (chosen.data / "index.json").exists():
        parser.error(f"there is no corpus at {chosen.data}: run tools/corpus.sh")
    found = list(examples(chosen.data, asyncio.run(extract(chosen.data))))
    seen = [example for example in found if not example.held_out]
    held = [example for example in found if example.held_out]
    count = table("development half", seen)
    table("held out half", held)
    table("held out half, without forms for search and login", [e for e in held if e.type not in NO_CONTACT])  # fmt: skip
    if chosen.errors:
        print("\nerrors of the development half", *sorted(count.errors), sep="\n")


if __name__ == "__main__":
    main()
