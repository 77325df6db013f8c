"""A small site whose speed is planted, a client of the worker, and Google's answers as documented."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from hermes_fleet.core_web_vitals import worker
from tests.hermes_fleet.websites import FINISHED, KEY
from tests.support import asgi

SLOW_HANDLER_MS = 30  # four times as much on the emulated phone
SHIFT = "setTimeout(() => { document.getElementById('top').style.height = '300px' }, 800)"
PROSE = "<p>Our dentists treat children and adults in three practices beside the river.</p>" * 8


def page(body: str, script: str = "") -> str:
    return f"<!doctype html><html lang=en><head><meta name=viewport content=width=device-width><title>T</title></head><body>{body}{PROSE}<script>{script}</script></body></html>"


MENU = """<button aria-expanded="false" id="menu">Menu</button>"""
BUSY = f"""document.getElementById('menu').addEventListener('click', () => {{
  const begun = performance.now(); while (performance.now() - begun < {SLOW_HANDLER_MS}) ;
  document.getElementById('menu').textContent = 'Open' }})"""

BUTTONS = "".join(f'<button id="b{n}">Part {n}</button>' for n in range(4))
SOON = f"""setTimeout(() => {{ document.getElementById('top').style.height = '300px' }}, 150)
document.getElementById('b2').addEventListener('click', () => {{
  const begun = performance.now(); while (performance.now() - begun < {SLOW_HANDLER_MS}) ;
  document.getElementById('b2').textContent = 'Open' }})"""

WORK = """const begun = performance.now(); let sum = 0; const took = [];
while (performance.now() - begun < 2000) {
  const start = performance.now(); for (let i = 0; i < 2e6; i++) sum += i % 7
  took.push(performance.now() - start) }
took.sort((a, b) => a - b)
fetch('/took/' + (location.search ? 'here/' : 'phone/') + Math.round(1000 * took[took.length >> 2]))"""

PAGES: dict[str, str] = {
    "/": page(MENU + '<a href="/a/still">s</a> <a href="/b/jumpy">j</a> <a href="/c/gone">g</a>', BUSY),
    "/a/still": page("<h1>Nothing to tap</h1>"),
    "/b/jumpy": page('<div id="top"></div>', SHIFT),
    "/d/form": page('<form action="/sent" method="post"><input name="q" aria-label="Search"><button>Send</button></form>'),
    "/e/link": page('<a href="/away">Read on</a>'),
    "/f/risky": page('<button>Delete all</button><a href="/cart/add">Add</a><form><button>Go</button></form>'),
    "/g/busy": page("<h1>Busy</h1>", "setTimeout(() => { const b = performance.now(); while (performance.now() - b < 400) ; }, 50)"),
    "/j/soon": page(f'<div id="top"></div>{BUTTONS}', SOON),
    "/i/work": page("<h1>Work</h1>", WORK),
    "/h/blank": "<!doctype html><html lang=en><title>Blank</title><body></body></html>",
}  # fmt: skip


@dataclass
class Site:
    """Serves PAGES; remembers what was asked for, with its method."""

    base: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    delay: float = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path))
        await asyncio.sleep(self.delay if request.path != "/robots.txt" else 0)
        found = PAGES.get(request.path)
        if found is None:
            return web.Response(status=404, text="not here")
        return web.Response(text=found, content_type="text/html")


@asynccontextmanager
async def served(app: web.Application) -> AsyncGenerator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def planted() -> AsyncGenerator[Site]:
    site, app = Site(), web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    async with served(app) as site.base:
        yield site


@dataclass
class Monitor:
    """A client of the worker's HTTP contract."""

    session: aiohttp.ClientSession
    base: str

    async def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.session.request(method, self.base + path, headers=headers, **more) as got:
            return await got.json()

    async def start(self, site: str, mode: str = "smoke", **payload: Any) -> str:
        body = {"mode": mode, "site": site, **payload}
        return (await self.ask("POST", "/start", json=body))["jobId"]

    async def until(self, job_id: str, *words: str, seconds: float = 90) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while (status := await self.ask("GET", f"/status?jobId={job_id}"))[
                "status"
            ] not in words:
                await asyncio.sleep(0.05)
        return status

    async def result(self, site: str, mode: str = "smoke", **payload: Any) -> dict[str, Any]:
        status = await self.until(await self.start(site, mode, **payload), *FINISHED)
        assert status["status"] == "completed", status
        return status["result"]

    async def failure(self, site: str, **payload: Any) -> dict[str, str]:
        status = await self.until(await self.start(site, **payload), *FINISHED)
        assert status["status"] == "failed", status
        return status["error"]


@asynccontextmanager
async def monitor(state: Path) -> AsyncGenerator[Monitor]:
    app = worker.app(KEY, state)
    async with asgi.serving(app) as url, aiohttp.ClientSession() as session:
        yield Monitor(session, url)


CRUX_RECORD: dict[str, Any] = {
    "record": {
        "key": {"formFactor": "PHONE", "origin": "https://www.example.com"},
        "metrics": {
            "largest_contentful_paint": {
                "histogram": [{"start": 0, "end": 2500, "density": 0.8}],
                "percentiles": {"p75": 2210},
            },
            "cumulative_layout_shift": {
                "histogram": [{"start": "0.00", "end": "0.10", "density": 0.9}],
                "percentiles": {"p75": "0.05"},
            },
            "interaction_to_next_paint": {"percentiles": {"p75": 190}},
        },
        "collectionPeriod": {
            "firstDate": {"year": 2026, "month": 10, "day": 20},
            "lastDate": {"year": 2026, "month": 11, "day": 16},
        },
    }
}
PSI_RESULT: dict[str, Any] = {
    "kind": "pagespeedonline#result",
    "loadingExperience": {
        "origin_fallback": True,
        "metrics": {
            "LARGEST_CONTENTFUL_PAINT_MS": {"percentile": 2300, "category": "FAST"},
            "CUMULATIVE_LAYOUT_SHIFT_SCORE": {"percentile": 12, "category": "AVERAGE"},
        },
    },
    "lighthouseResult": {
        "lighthouseVersion": "13.0.1",
        "fetchTime": "2026-11-20T10:00:00.000Z",
        "audits": {
            "largest-contentful-paint": {"numericValue": 2711.5, "numericUnit": "millisecond"},
            "cumulative-layout-shift": {"numericValue": 0.02, "numericUnit": "unitless"},
        },
        "categories": {"performance": {"score": 0.87}},
    },
}


@dataclass
class Google:
    """Both APIs, answering what a test says; remembers the questions."""

    status: int = 200
    crux: Any = field(default_factory=lambda: CRUX_RECORD)
    psi: Any = field(default_factory=lambda: PSI_RESULT)
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        self.asked.append({"path": request.path, "query": dict(request.query), "body": body})
        document = self.crux if request.path == "/v1/records:queryRecord" else self.psi
        if isinstance(document, str):
            return web.Response(text=document, status=self.status)
        return web.json_response(document, status=self.status)


@asynccontextmanager
async def google(answers: Google) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answers.answer)
    async with served(app) as base:
        yield base
