"""The worker of a chaos run, as a process: its ledger outlives kill -9, and SIGUSR1 cuts its network.

python -m tests.support.chaos.worker PORT LEDGER
"""

import asyncio
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from tests.support.chaos.services import KEY, SERVICES, Service

CUT_SECONDS = 1.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BY_SLUG = {service.slug: service for service in SERVICES}


class Ledger:
    """Every job ever made: by which key, for which run, and when it ends (Unix time)."""

    def __init__(self, path: Path) -> None:
        self._rows = sqlite3.connect(path, isolation_level=None)
        self._rows.executescript(
            "pragma journal_mode = wal; create table if not exists jobs"
            " (id integer primary key, key text, run_id text, service text, ends_at real)"
        )

    def take(self, service: Service, key: str, run_id: str) -> int:
        """The job of this key where the service honours keys, else a new one."""
        known = self._rows.execute("select id from jobs where key = ?", (key,)).fetchone()
        if known and service.honours_keys:
            return known[0]
        ends_at = time.time() + random.uniform(*service.seconds)
        made = self._rows.execute(
            "insert into jobs (key, run_id, service, ends_at) values (?, ?, ?, ?)",
            (key, run_id, service.slug, ends_at),
        )
        assert made.lastrowid is not None
        return made.lastrowid

    def ends_at(self, job_id: str) -> float | None:
        """When a job ends; None for a job that was never made."""
        found = self._rows.execute("select ends_at from jobs where id = ?", (job_id,)).fetchone()
        return found[0] if found else None


class Worker:
    """All services at one port."""

    def __init__(self, port: int, ledger: Ledger) -> None:
        self._port, self._ledger = port, ledger

    async def serve(self) -> None:
        """Until the process is killed."""
        app = web.Application(middlewares=[_with_key])
        app.router.add_get("/{slug}/health", self._health)
        app.router.add_post("/{slug}/start", self._start)
        app.router.add_get("/{slug}/status", self._status)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        cut = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, cut.set)
        while True:
            site = web.TCPSite(runner, "127.0.0.1", self._port, reuse_address=True)
            await site.start()
            print("listening", flush=True)
            await cut.wait()
            await self._cut(runner, site)
            cut.clear()

    async def _cut(self, runner: web.AppRunner, site: web.TCPSite) -> None:
        """Nobody gets through, and whoever was connected is not any more."""
        await site.stop()
        assert runner.server is not None
        for connection in runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(CUT_SECONDS)

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "service": request.match_info["slug"]})

    async def _start(self, request: web.Request) -> web.Response:
        service = BY_SLUG[request.match_info["slug"]]
        body = await request.json()
        job_id = self._ledger.take(service, request.headers["Idempotency-Key"], body["run_id"])
        if service.later:
            return web.json_response({"jobId": str(job_id)}, status=202)
        await asyncio.sleep(max(0.0, (self._ledger.ends_at(str(job_id)) or 0) - time.time()))
        return web.json_response(_result(service))

    async def _status(self, request: web.Request) -> web.Response:
        ends_at = self._ledger.ends_at(request.query["jobId"])
        if ends_at is None:
            return web.json_response({"error": {"code": "job_unknown"}}, status=404)
        if time.time() < ends_at:
            return web.json_response({"status": "running"})
        return web.json_response(_result(BY_SLUG[request.match_info["slug"]]))


def _result(service: Service) -> dict[str, object]:
    return {"status": "completed", "result": {"outputs": dict.fromkeys(service.outputs, 7)}}


@web.middleware
async def _with_key(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.headers.get("Authorization") != f"Bearer {KEY}":
        return web.json_response({"error": "wrong key"}, status=401)
    return await handler(request)


if __name__ == "__main__":
    asyncio.run(Worker(int(sys.argv[1]), Ledger(Path(sys.argv[2]))).serve())
