"""A crawler process killed in the middle goes on where it was, and finds the same."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.hermes_fleet.websites import KEY, Crawler, Website, html, links, redirect
from tests.support.ports import held_port
from tests.support.waiting import patience

SERVE = """
import sys
from pathlib import Path
from hermes_fleet.crawl_render import worker
worker.serve("127.0.0.1", int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
"""
PAGES = 60
SEEN = 12  # pages that the first life is sure to get before the gate holds it


@asynccontextmanager
async def process(state: Path) -> AsyncGenerator[tuple[Crawler, asyncio.subprocess.Process]]:
    """The worker in a process of its own, ended with SIGKILL."""
    with held_port() as port:
        async with killed_at_the_end(state, port) as found:
            yield found


@asynccontextmanager
async def killed_at_the_end(
    state: Path, port: int
) -> AsyncGenerator[tuple[Crawler, asyncio.subprocess.Process]]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVE, str(port), KEY, str(state)
    )
    async with aiohttp.ClientSession() as session:
        client = Crawler(session, f"http://127.0.0.1:{port}")
        await healthy(client)
        yield client, running
    running.kill()
    await running.wait()


async def healthy(client: Crawler) -> None:
    async with patience():
        while True:
            try:
                await client.ask("GET", "/health")
                return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


def fill(website: Website, gate: asyncio.Event) -> None:
    """Pages of which the second half waits at the gate, with a chain and an orphan among them."""

    def page(number: int) -> Any:
        async def answer(_request: web.Request) -> web.StreamResponse:
            if number > PAGES // 2:
                await gate.wait()
            return html(links(f"/{number + 1}", f"/{number // 2}", "/gone"))

        return answer

    website.pages = {f"/{number}": page(number) for number in range(PAGES)}
    website.pages["/"] = html(links("/0", "/r1", *(f"/{n}" for n in range(0, PAGES, 3))))
    website.pages |= {"/r1": redirect("/r2"), "/r2": redirect("/1"), "/orphan": html()}
    listing = f"<urlset><loc>{website.base}/orphan</loc></urlset>"
    website.pages["/sitemap.xml"] = web.Response(text=listing, content_type="application/xml")


async def test_a_killed_crawl_goes_on_without_asking_twice(
    website: Website, tmp_path: Path
) -> None:
    gate = asyncio.Event()
    fill(website, gate)
    async with process(tmp_path / "one") as (client, _running):
        job = await client.start(website.base)
        await client.until(job, lambda now: (now["progress"] or {"done": 0})["done"] >= SEEN)
        before = await client.status(job)
    settled = before["progress"]["done"]
    gate.set()
    async with process(tmp_path / "one") as (client, _running):
        resumed = (await client.outcome(job))["result"]
    twice = [path for path, hits in website.hits.items() if hits > 1]
    assert len(twice) <= 8  # those under way when it was killed
    assert website.hits["/robots.txt"] == website.hits["/"] == 1
    assert settled <= resumed["metrics"]["urls_recalled"] + 1

    async with process(tmp_path / "two") as (client, _running):
        undisturbed = await client.crawl(website.base)
    assert resumed["outputs"] == undisturbed["outputs"]
    assert undisturbed["outputs"]["orphan_pages"]["items"] == [f"{website.base}/orphan"]
