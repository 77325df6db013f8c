"""All directories on one address: robots.txt, the books, and each directory below its slug."""

from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

from hermes_sandbox.directories.books import Books
from hermes_sandbox.directories.catalog import DIRECTORIES
from hermes_sandbox.directories.desk import Desk
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.standing import authority, has_captcha, requires_login
from hermes_sandbox.directories.waiting import Waiting

BOOKS = "/__books__"
MOST_BYTES = 8 * 1024 * 1024


class Directories:
    """`books`: a file that keeps what was received; `pace` stretches the slow ones, 1 is real time."""

    def __init__(self, books: Path | None = None, pace: float = 1.0) -> None:
        self.books = Books(books)
        self._waiting = Waiting(pace)
        self._desks = {
            slug: Desk(directory, self.books, self._waiting)
            for slug, directory in DIRECTORIES.items()
        }
        self.app = web.Application(client_max_size=MOST_BYTES)
        self.app.router.add_get("/", self._index)
        self.app.router.add_get("/robots.txt", self._robots)
        self.app.router.add_get(BOOKS, self._told)
        for method in ("GET", "POST"):
            self.app.router.add_route(method, "/{slug}/{place:.*}", self._answer)
        self.app.on_shutdown.append(self._close)

    def announced(self, base_url: str) -> dict[str, Any]:
        """What the demo registers: where every directory stands when `app` is served at this address."""
        base = base_url.rstrip("/")
        return {
            "base_url": base,
            "list": [_announced(base, each) for each in DIRECTORIES.values()],
        }

    async def _index(self, _request: web.Request) -> web.Response:
        lines = "".join(
            f'<li><a href="/{slug}/">{escape(directory.name)}</a></li>'
            for slug, directory in DIRECTORIES.items()
        )
        body = f'<!DOCTYPE html><html lang="en"><head><title>Demo directories</title></head><body><h1>Demo directories</h1><ul>{lines}</ul></body></html>'
        return web.Response(text=body, content_type="text/html")

    async def _robots(self, _request: web.Request) -> web.Response:
        closed = (f"Disallow: /{d.slug}{d.robots}" for d in DIRECTORIES.values() if d.robots)
        rules = "\n".join(["User-agent: *", f"Disallow: {BOOKS}", *closed])
        return web.Response(text=f"{rules}\n")

    async def _told(self, _request: web.Request) -> web.Response:
        return web.json_response({slug: self.books.as_json(slug) for slug in DIRECTORIES})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        desk = self._desks.get(request.match_info["slug"])
        if desk is None:
            raise web.HTTPNotFound
        return await desk.answer(request, request.match_info["place"])

    async def _close(self, _app: web.Application) -> None:
        self._waiting.over.set()


def _announced(base: str, directory: Directory) -> dict[str, Any]:
    lookup = f"{base}/{directory.slug}/listings?name={{name}}"
    return {
        "name": directory.name,
        "submission_url": f"{base}/{directory.slug}/{directory.path}",
        "lookup_url": lookup if directory.lookup else None,
        "category": directory.category,
        "tier": directory.tier,
        "domain_authority": authority(directory),
        "requires_login": requires_login(directory),
        "has_captcha": has_captcha(directory),
        "pacing_seconds": directory.pacing_seconds,
    }
