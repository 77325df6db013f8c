"""A chaos run: rounds of tests on some sites at once; in each round one process or network is struck."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from hermes_base.postgres.embedded import Embedded
from tests import ROOT
from tests.support.system import System
from tests.support.waiting import patience

TARGETS = ("runner", "web", "worker", "database", "network")
SITES = 6
STRIKES_WITHIN = 2.5
LONGEST_PAUSE = 1.0
ROUND_SECONDS = 150.0
WORKERS_PAUSE = (0.1, 0.8)


class WorkerProcess:
    """The worker, killed and started again on the same port and ledger."""

    def __init__(self, port: int, ledger: Path) -> None:
        self._command = ["-m", "tests.support.chaos.worker", str(port), str(ledger)]
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and wait until it listens."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *self._command, env=environment, stdout=asyncio.subprocess.PIPE
        )
        await self._listening()

    async def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def cut(self) -> None:
        """Cut its network for a moment, and wait until that is over."""
        assert self._process is not None
        self._process.send_signal(signal.SIGUSR1)
        await self._listening()

    async def _listening(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async with patience():
            assert await self._process.stdout.readline() == b"listening\n"


@dataclass
class ChaosRun:
    """Rounds on a running system. `strikes` are (Unix time, target); `late` are jobs not over in time."""

    system: System
    worker: WorkerProcess
    database: Embedded
    dice: random.Random
    strikes: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    late: list[str] = field(default_factory=list[str])
    _worker_moves: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, rounds: int) -> None:
        """So many rounds, some at once, each on a site of its own."""
        sites = [await self._ask("POST", "/api/sites", _site(n)) for n in range(SITES)]
        numbers = iter(range(rounds))

        async def lane(site_id: str) -> None:
            for number in numbers:  # shared: each lane takes the next round
                await self._round(site_id, "smoke" if number % 4 else "connections")

        await asyncio.gather(*(lane(site["id"]) for site in sites))

    async def _round(self, site_id: str, kind: str) -> None:
        """Press, strike at some moment, and wait until the job is over."""
        target, moment = self.dice.choice(TARGETS), self.dice.uniform(0, STRIKES_WITHIN)
        await asyncio.sleep(self.dice.uniform(0, LONGEST_PAUSE))  # rounds drift apart
        striking = asyncio.create_task(self._strike(target, moment))
        job = await self._ask("POST", f"/api/tests/{kind}/start", {"siteId": site_id})
        try:
            async with asyncio.timeout(ROUND_SECONDS):
                await self._over(job["jobId"])
        except TimeoutError:
            self.late.append(job["jobId"])
        await striking

    async def _strike(self, target: str, moment: float) -> None:
        await asyncio.sleep(moment)
        self.strikes.append((time.time(), target))
        if target == "worker":
            await self._kill_worker()
        elif target == "network":
            async with self._worker_moves:
                await self.worker.cut()
        elif target == "database":
            pid = self.database.pid()
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
        else:
            with suppress(LookupError, ProcessLookupError):  # it is dead already
                self.system.kill({"runner": "hermes runner", "web": "hermes serve"}[target])

    async def _kill_worker(self) -> None:
        async with self._worker_moves:
            await self.worker.kill()
            await asyncio.sleep(self.dice.uniform(*WORKERS_PAUSE))
            await self.worker.start()

    async def _over(self, job_id: str) -> None:
        while True:
            job = await self._ask("GET", f"/api/tests/{job_id}")
            if job["status"] in ("done", "failed", "cancelled"):
                return
            await asyncio.sleep(0.2)

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        """As people do: again, until the web server answers. A refusal is a fault of this test."""
        limit = aiohttp.ClientTimeout(total=5)
        async with asyncio.timeout(ROUND_SECONDS):
            while True:
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with self.system.http.request(
                        method, path, json=body, timeout=limit
                    ) as answer:
                        assert answer.status < 400 or answer.status >= 500 or answer.status == 409
                        if answer.status < 400:
                            return await answer.json()
                await asyncio.sleep(0.2)


def _site(number: int) -> dict[str, str]:
    return {"name": f"Site {number}", "baseUrl": f"https://site-{number}.example"}


@asynccontextmanager
async def working(port: int, ledger: Path) -> AsyncGenerator[WorkerProcess]:
    """The worker while it is needed."""
    worker = WorkerProcess(port, ledger)
    await worker.start()
    try:
        yield worker
    finally:
        await worker.kill()
