"""A small site that keeps what it is sent."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import web

from directory_bolt.submitting import Task
from tests.directory_bolt.core.forms import BUSINESS


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
async def served(site: Site, host: str = "127.0.0.1") -> AsyncGenerator[Site]:
    """The site on loopback, at any free port."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, host, 0).start()
    site.base = f"http://{host}:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()
