"""The demo directories, served on loopback for one test, and a visitor who fills in forms by the truth."""

import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes_sandbox.directories import DIRECTORIES, Directories, Expected, Want, truth

PROFILE: dict[str, Any] = {
    "business_name": "Marigold & Sons Dental",
    "email": "hello@marigold.example",
    "contact_first_name": "Ada",
    "contact_last_name": "Marigold",
    "phone": "+1 503-555-0142",
    "website": "https://www.marigold.example",
    "street": "12 Orchard Lane",
    "street_2": "Floor 2",
    "city": "Portland",
    "state": "Oregon",
    "postal_code": "97205-1234",
    "country": "United States",
    "category": "Dental clinic",
    "description": "A family practice for gentle dentistry. We look after teeth, crowns and worries, with"
    " evening hours, a room for children, and prices that are told before the drill is touched.",
    "short_description": "Gentle dentistry for the whole family.",
    "hours": {"monday": "09:00-17:00", "tuesday": "09:00-17:00", "friday": "08:30-12:00", "sunday": "closed"},
    "year_founded": "1998",
    "keywords": ["dentist", "implants", "whitening"],
    "social": {"facebook": "https://facebook.example/marigold", "linkedin": "https://linkedin.example/m"},
}  # fmt: skip


@dataclass
class Served:
    """Running directories: `base` is their address, `client` keeps cookies like a browser."""

    directories: Directories
    base: str
    client: aiohttp.ClientSession

    async def get(self, place: str, **how: Any) -> tuple[int, str]:
        """Status and text of a place below the address."""
        async with self.client.get(f"{self.base}/{place}", **how) as answer:
            return answer.status, await answer.text()

    async def books(self, slug: str) -> dict[str, Any]:
        """The books of one directory, as anybody can read them."""
        return json.loads((await self.get("__books__"))[1])[slug]


@asynccontextmanager
async def serve_directories(books: Path | None = None, pace: float = 0.0) -> AsyncGenerator[Served]:
    """All directories; slow ones answer at once unless `pace` says otherwise."""
    directories = Directories(books, pace)
    runner = web.AppRunner(directories.app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name
    try:
        async with aiohttp.ClientSession(cookie_jar=jar) as client:
            yield Served(directories, f"http://127.0.0.1:{runner.addresses[0][1]}", client)
    finally:
        await runner.cleanup()


@dataclass
class Page:
    """A form as it stands in a page: `preset` is what it sends untouched, `names` all its controls."""

    action: str
    multipart: bool
    preset: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    names: set[str] = field(default_factory=set[str])


async def form_of(served: Served, slug: str, text: str = "") -> Page:
    """The form for entries, from the page `text` or else from the directory's own address."""
    directory = DIRECTORIES[slug]
    text = text or (await served.get(f"{slug}/{directory.path}"))[1]
    if directory.shape == "frame" and "<iframe" in text:
        text = (await served.get(f"{slug}/frame"))[1]
    if built := re.search(r"innerHTML = (\".*\");", text):
        text = json.loads(built[1])
    return read(text)


def read(text: str) -> Page:
    """The form of class `entry`, as a browser would send it untouched."""
    form = LexborHTMLParser(text).css_first("form.entry")
    assert form is not None, text
    coding = form.attributes.get("enctype") == "multipart/form-data"
    page = Page(form.attributes["action"] or "", coding)
    for control in form.css("input[name], select[name], textarea[name]"):
        name = control.attributes["name"] or ""
        page.names.add(name)
        if (value := _preset(control)) is not None:
            page.preset.setdefault(name, []).append(value)
    return page


def _preset(control: LexborNode) -> str | None:
    """What a control sends untouched; None when it sends nothing."""
    kind, value = control.attributes.get("type", ""), control.attributes.get("value") or ""
    if kind in ("radio", "checkbox"):
        return value if "checked" in control.attributes else None
    if kind == "file":
        return None
    if control.tag == "select":
        chosen = control.css_first("option[selected]")
        return (chosen.attributes.get("value") or "") if chosen else ""
    return control.text() if control.tag == "textarea" else value


def filled(page: Page, expected: Expected) -> dict[str, list[str]]:
    """What a right visitor sends of this page."""
    fields = {f.name: f for f in DIRECTORIES[expected.directory].fields}
    sent = dict(page.preset)
    for name in page.names & fields.keys():
        one = fields[name]
        value = written(expected.values[name], one.maxlength or one.limit)
        sent.pop(name, None)
        if value or one.kind not in ("checkbox", "radio", "file"):
            sent[name] = [value]
    return sent


def written(want: Want, most: int) -> str:
    """The plainest right value, cut at a word where at most so many characters are allowed."""
    if want.rule == "blank" or not want.values:
        return ""
    return want.values[0][:most].rpartition(" ")[0] if want.rule == "start" and most else want.values[0]  # fmt: skip


async def send(
    served: Served, page: Page, sent: Mapping[str, list[str]], **how: Any
) -> tuple[int, str, str]:
    """Status, text and address of what was answered in the end."""
    data = aiohttp.FormData(default_to_multipart=page.multipart)
    for name, values in sent.items():
        for value in values:
            data.add_field(name, value)
    async with served.client.post(served.base + page.action, data=data, **how) as answer:
        return answer.status, await answer.text(), str(answer.url).removeprefix(served.base)


async def submit(served: Served, slug: str, profile: Mapping[str, Any]) -> tuple[int, str, str]:
    """Fill in and send every page of the form; the last answer."""
    expected, text, answer = truth(profile)[slug], "", (0, "", "")
    for _ in DIRECTORIES[slug].pages:
        page = await form_of(served, slug, text)
        answer = await send(served, page, filled(page, expected))
        text = answer[1]
    return answer
