"""Forms as plain data, a business, and a small site that keeps what it is sent."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import web

from directory_bolt.core.forms.grouping import grouped
from directory_bolt.core.forms.page import Button, Field, Form, Frame, Option
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.submitting import Task

BUSINESS = BusinessProfile.model_validate(
    {
        "business_name": "Marigold Dental",
        "email": "hello@marigold.example",
        "contact_first_name": "Ada",
        "contact_last_name": "Marigold",
        "phone": "+1 503-555-0142",
        "website": "https://www.marigold.example",
        "street": "12 Orchard Lane",
        "city": "Portland",
        "state": "Oregon",
        "postal_code": "97205-1234",
        "country": "United States",
        "category": "Dental clinic",
        "description": "A family practice for gentle dentistry, where every word was received with a smile.",
        "short_description": "Gentle dentistry.",
        "hours": {"monday": "09:00-17:00", "tuesday": "09:00-17:00", "sunday": "closed"},
        "year_founded": "1998",
        "keywords": ["implants", "whitening"],
        "social": {"facebook": "https://facebook.example/marigold"},
    }
)
SEND = Button(key="900", tag="button", type="submit", text="Submit listing")


def asks(label: str = "", **given: Any) -> Field:
    """One text field, unless told otherwise."""
    made = {"key": "0", "tag": "input", "type": "text", "label": label, **given}
    return Field.model_validate(made)


def select(label: str, *options: str, **given: Any) -> Field:
    """A select; an option is its text, or "value=text"."""
    made = [Option(value=o.partition("=")[0], text=o.rpartition("=")[2]) for o in options]
    return asks(label, tag="select", type="select-one", options=made, **given)


def form(*fields: Field, **given: Any) -> Form:
    """A form with a button; keys are given by position, names where there are none."""
    keyed = [
        each.model_copy(update={"key": str(n), "name": each.name or f"f{n}"})
        for n, each in enumerate(fields)
    ]
    return grouped(
        Form.model_validate({"method": "post", "fields": keyed, "buttons": [SEND], **given})
    )


def frame(text: str = "", *forms: Form, **given: Any) -> Frame:
    """A page that says this and holds these forms."""
    return Frame.model_validate(
        {"url": "http://d.example/add", "text": text, "forms": forms, **given}
    )


@dataclass
class Site:
    """Pages by address; `posts` are the forms that arrived. An answer may be a function."""

    pages: dict[str, str | Callable[[web.Request], Awaitable[web.StreamResponse]]]
    robots: str = ""
    base: str = ""
    posts: list[tuple[str, dict[str, str]]] = field(
        default_factory=list[tuple[str, dict[str, str]]]
    )
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("User-Agent", "")))
        if request.method == "POST":
            sent = {name: str(value) for name, value in (await request.post()).items()}
            self.posts.append((request.path, sent))
        if request.path == "/robots.txt":
            return web.Response(text=self.robots)
        found = self.pages.get(request.path)
        if found is None:
            return web.Response(status=404, text="not here")
        if isinstance(found, str):
            return web.Response(
                text=f"<!doctype html><title>T</title>{found}", content_type="text/html"
            )
        return await found(request)

    def task(self, path: str = "/add", **given: Any) -> Task:
        """One directory of an order of BUSINESS."""
        made: dict[str, Any] = {
            "is_demo": True, "lookup_url": None, "profile": BUSINESS, **given,
        }  # fmt: skip
        return Task(
            job_id=uuid4(), result_id=uuid4(), directory_id=uuid4(), directory_name="D",
            submission_url=self.base + path, idempotency_key="k", **made,
        )  # fmt: skip


@asynccontextmanager
async def served(site: Site) -> AsyncGenerator[Site]:
    """The site on loopback."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()
