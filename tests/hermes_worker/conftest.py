"""Workers over real HTTP, in this process or in one of their own, and a client that speaks the contract."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hermes_worker import Worker
from tests.support import asgi
from tests.support.waiting import patience, until

KEY = "a-key-for-tests"
PROGRAM = Path(__file__).with_name("fleet_program.py")
FINISHED = ("completed", "failed", "cancelled")


class Reply:
    """Status, headers and JSON body of one answer."""

    def __init__(self, response: aiohttp.ClientResponse, body: dict[str, Any]) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def code(self) -> str:
        return self.body["error"]["code"]


class Client:
    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session = session
        self.base = base
        self.headers = {"Authorization": f"Bearer {KEY}"}

    async def ask(self, method: str, path: str, **more: Any) -> Reply:
        more.setdefault("headers", self.headers)
        async with self.session.request(method, self.base + path, **more) as response:
            return Reply(response, await response.json())

    async def start(self, key: str | None = None, **payload: Any) -> Reply:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return await self.ask("POST", "/start", json={"mode": "smoke", **payload}, headers=headers)

    async def status(self, job_id: str) -> Reply:
        return await self.ask("GET", "/status", params={"jobId": job_id})

    async def cancel(self, job_id: str) -> Reply:
        return await self.ask("POST", "/cancel", params={"jobId": job_id})

    async def until(self, job_id: str, *statuses: str) -> dict[str, Any]:
        """The first status body in which the job has one of these statuses (default: finished)."""
        wanted = statuses or FINISHED

        async def reached() -> dict[str, Any] | None:
            body = (await self.status(job_id)).body
            return body if body["status"] in wanted else None

        found = await until(reached, f"job {job_id} is {' or '.join(wanted)}", every=0.01)
        assert found is not None
        return found

    async def outcome(self, **payload: Any) -> dict[str, Any]:
        return await self.until((await self.start(**payload)).body["jobId"])


Serving = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    @asynccontextmanager
    async def served(worker: Worker, state: Path = tmp_path) -> AsyncGenerator[Client, None]:
        app = worker.app(KEY, state)
        async with asgi.serving(app) as url, aiohttp.ClientSession() as session:
            yield Client(session, url)

    return served


class Fleet:
    """A running fleet process and what it announced."""

    def __init__(self, process: Process, folder: Path, session: aiohttp.ClientSession) -> None:
        self.process = process
        self.state = folder / "state"
        self.announcement = folder / "run" / "announce.json"
        self.key_file = folder / "key"
        self.news: dict[str, Any] = {}
        self.session = session

    @property
    def key(self) -> str:
        return self.key_file.read_text().strip()

    async def appear(self) -> None:
        async with patience():
            while not self.news:
                assert self.process.returncode is None, "the fleet ended before it announced itself"
                with suppress(FileNotFoundError):  # the last one's is taken away as this one begins
                    news = json.loads(self.announcement.read_text())
                    self.news = news if news["pid"] == self.process.pid else {}
                await asyncio.sleep(0.02)

    def client(self, slug: str) -> Client:
        client = Client(self.session, f"{self.news['base_url']}/{slug}")
        client.headers = {"x-api-key": self.key}
        return client

    async def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), 60)


RunFleet = Callable[[], AbstractAsyncContextManager[Fleet]]


@pytest.fixture
def run_fleet(tmp_path: Path) -> RunFleet:
    """Starts the tiny fleet on a free port; every start in one test uses the same key and state."""

    @asynccontextmanager
    async def running() -> AsyncGenerator[Fleet, None]:
        process = await asyncio.create_subprocess_exec(*fleet_command(tmp_path))
        try:
            async with aiohttp.ClientSession() as session:
                fleet = Fleet(process, tmp_path, session)
                await fleet.appear()
                yield fleet
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    return running


def fleet_command(folder: Path, *more: str) -> list[str]:
    places = {
        "--key-file": folder / "key",
        "--state": folder / "state",
        "--announce": folder / "run" / "announce.json",
    }
    options = [str(word) for pair in places.items() for word in pair]
    return [sys.executable, "-W", "error", str(PROGRAM), "--port", "0", *options, *more]
