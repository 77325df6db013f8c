"""The worker served over real HTTP, the demo network, and what stands around them."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hermes_fleet.backlink_authority import worker
from hermes_sandbox.network import Network, build, truth
from hermes_sandbox.serving import network_sites
from tests.hermes_fleet.websites import FINISHED, KEY
from tests.support import asgi
from tests.support.ports import held_addresses
from tests.support.waiting import patience

Found = dict[str, Any]
SITE_ID = "0b6a8f2e-4c1d-4f6b-9a52-6a8f0f6f0b11"


@dataclass
class Watcher:
    """A client of the worker's HTTP contract."""

    session: aiohttp.ClientSession
    base: str

    async def run(self, site: str, mode: str = "full", **payload: Any) -> Found:
        """The final status of a job."""
        headers = {"Authorization": f"Bearer {KEY}"}
        body = {"mode": mode, "site": site, **payload}
        async with self.session.post(f"{self.base}/start", json=body, headers=headers) as answer:
            status = await answer.json()
        async with patience():
            while status["status"] not in FINISHED:
                url = f"{self.base}/status?jobId={status['jobId']}"
                async with self.session.get(url, headers=headers) as answer:
                    status = await answer.json()
        return status

    async def result(self, site: str, mode: str = "full", **payload: Any) -> Found:
        """The result of a job that must complete."""
        status = await self.run(site, mode, **payload)
        assert status["status"] == "completed", status
        return status["result"]


@asynccontextmanager
async def watching(folder: Path) -> AsyncGenerator[Watcher]:
    app = worker.app(KEY, folder / "state")
    async with asgi.serving(app) as url, aiohttp.ClientSession() as session:
        yield Watcher(session, url)


@asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncGenerator[str]:
    """An application on loopback; its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass
class DemoNetwork:
    """The served network; `turn` serves another edition at the same addresses."""

    stack: AsyncExitStack
    addresses: list[str]
    network: Network

    @property
    def demo(self) -> str:
        return self.addresses[0]

    @property
    def settings(self) -> dict[str, Any]:
        return {"competitors": self.network.competitors}

    def links(self) -> list[Found]:
        """Links of the truth that lead to the demo site."""
        told = truth(self.network)["links"]
        return [link for link in told if link["target"].startswith(f"{self.demo}/")]

    async def turn(self, edition: int) -> None:
        await self.stack.aclose()
        self.network = build(self.addresses[0], self.addresses[1:], edition)
        for address, app in network_sites(self.network).items():
            port = int(address.rpartition(":")[2])
            await self.stack.enter_async_context(serving(app, port))


@asynccontextmanager
async def demo_network() -> AsyncGenerator[DemoNetwork]:
    with held_addresses(4) as addresses:
        async with AsyncExitStack() as stack:
            served = DemoNetwork(stack, addresses, build(addresses[0], addresses[1:]))
            await served.turn(1)
            yield served


@dataclass
class Past:
    """What Hermes says of earlier runs, newest first."""

    runs: list[Found] = field(default_factory=list[Found])
    asked: list[str] = field(default_factory=list[str])

    def add(self, result: Found, ago: timedelta, mode: str = "full") -> None:
        """A run that delivered this result some time ago; its graph was taken then."""
        at = (datetime.now(UTC) - ago).isoformat()
        graph = {**result["artifacts"]["link_graph"], "taken_at": at}
        told = {name: result[name] for name in ("outputs", "provenance")}
        run = {"runId": str(len(self.runs)), "runType": mode, "status": "success"}
        self.runs.insert(0, {**run, **told, "finishedAt": at, "artifacts": {"link_graph": graph}})

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        mode = request.query.get("runType")
        return web.json_response([run for run in self.runs if mode in (None, run["runType"])])


@asynccontextmanager
async def hermes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Past]:
    """A Hermes that remembers what it is told to."""
    past, app = Past(), web.Application()
    app.router.add_get("/{path:.*}", past.answer)
    token = folder / "token"
    token.write_text("a-token-for-tests")
    async with serving(app) as url:
        monkeypatch.setenv("HERMES_URL", url)
        monkeypatch.setenv("HERMES_TOKEN_FILE", str(token))
        yield past
