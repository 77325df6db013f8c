"""Websites made of a dictionary, and a client of the crawler."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

KEY = "a-key-for-tests"
FINISHED = {"completed", "failed", "cancelled"}
PROSE = "We fix teeth kindly, on time and at a price that is told beforehand. " * 4


def html(body: str = "", head: str = "<title>A page</title>") -> web.Response:
    text = f"<!doctype html><html><head>{head}</head><body><main>{PROSE}{body}</main></body></html>"
    return web.Response(text=text, content_type="text/html")


def links(*targets: str) -> str:
    return " ".join(f'<a href="{target}">{target}</a>' for target in targets)


Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Website:
    """Answers by path; counts how often each was asked for."""

    pages: dict[str, web.Response | Answering] = field(
        default_factory=dict[str, web.Response | Answering]
    )
    base: str = ""
    hits: Counter[str] = field(default_factory=Counter[str])
    agents: set[str] = field(default_factory=set[str])
    asked_at: list[float] = field(default_factory=list[float])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.hits[request.path_qs] += 1
        self.agents.add(request.headers.get("User-Agent", ""))
        self.asked_at.append(asyncio.get_running_loop().time())
        page = self.pages.get(request.path_qs)
        if page is None:
            return web.Response(status=404, text="not here")
        return await page(request) if callable(page) else copy(page)


def copy(page: web.Response) -> web.Response:
    """A response can be sent only once."""
    return web.Response(body=page.body, status=page.status, headers=page.headers)


def redirect(target: str, status: int = 301) -> web.Response:
    return web.Response(status=status, headers={"Location": target})


@asynccontextmanager
async def served(site: Website) -> AsyncGenerator[Website, None]:
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


@dataclass
class Crawler:
    """A client of the crawler's HTTP contract."""

    session: aiohttp.ClientSession
    base: str

    async def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.session.request(
            method, self.base + path, headers=headers, **more
        ) as response:
            return await response.json()

    async def start(self, site: str, mode: str = "full", **payload: Any) -> str:
        body = {"mode": mode, "site": site, "render": "off", **payload}
        return (await self.ask("POST", "/start", json=body))["jobId"]

    async def status(self, job_id: str) -> dict[str, Any]:
        return await self.ask("GET", f"/status?jobId={job_id}")

    async def until(
        self, job_id: str, reached: Callable[[dict[str, Any]], bool], seconds: float = 60
    ) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while not reached(status := await self.status(job_id)):
                await asyncio.sleep(0.02)
        return status

    async def outcome(self, job_id: str) -> dict[str, Any]:
        return await self.until(job_id, lambda status: status["status"] in FINISHED)

    async def crawl(self, site: str, mode: str = "full", **payload: Any) -> dict[str, Any]:
        """The result of a crawl that must complete."""
        status = await self.outcome(await self.start(site, mode, **payload))
        assert status["status"] == "completed", status
        return status["result"]

    async def failure(self, site: str) -> dict[str, str]:
        """The error of a crawl that must fail."""
        status = await self.outcome(await self.start(site))
        assert status["status"] == "failed", status
        return status["error"]
