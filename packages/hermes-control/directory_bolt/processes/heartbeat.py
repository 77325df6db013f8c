"""The heartbeat of a background process: a row in the database, and /health for whoever asks."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from directory_bolt.storage import heartbeats
from hermes_base import __version__
from hermes_base.background.heartbeats import beat, instance_name
from hermes_base.background.loops import beside
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import LOST_DATABASE, Pool

HEARTBEAT_SECONDS = 5.0
LAST_SECONDS = 2.0
"""How long a process that stops tries to remove its heartbeat."""


@dataclass
class Heartbeat:
    """What one process says of itself: `state` to staff, `fault` why it cannot work now, or ""."""

    process: str
    worker_id: str = ""
    state: dict[str, Any] = field(default_factory=dict[str, Any])
    fault: str = ""
    away: str = ""
    """Why the database cannot be reached: apart from `fault`, as every heartbeat measures it anew."""

    def __post_init__(self) -> None:
        self.worker_id = self.worker_id or instance_name(self.process)

    def note_database(self, away: str) -> None:
        """Keep whether the database was there at the last heartbeat."""
        self.away = away


@asynccontextmanager
async def keep_heartbeat(
    pool: Pool, process: str, health_port: int | None = None, clock: Clock = utc_now
) -> AsyncGenerator[Heartbeat]:
    """Write heartbeats while the block runs; serve /health on loopback where a port is given.

    Port 0 is any free one; `state["health"]` is the whole address.
    """
    heartbeat = Heartbeat(process)

    async def write() -> None:
        await heartbeats.record(pool, heartbeat.worker_id, process, heartbeat.state, clock())

    beating = beat(process, write, HEARTBEAT_SECONDS, heartbeat.note_database)
    try:
        async with beside(beating), _health(heartbeat, health_port):
            yield heartbeat
    finally:  # only now: a heartbeat that is still being written would put the row back
        with suppress(*LOST_DATABASE):
            await asyncio.wait_for(heartbeats.remove(pool, heartbeat.worker_id), LAST_SECONDS)


@asynccontextmanager
async def _health(heartbeat: Heartbeat, port: int | None) -> AsyncGenerator[None]:
    """Serve /health while the block runs, unless `port` is None."""
    if port is None:
        yield
        return

    async def answer(_: web.Request) -> web.Response:
        found = {"service": heartbeat.process, "version": __version__, **heartbeat.state}
        if reason := heartbeat.away or heartbeat.fault:
            return web.json_response({"status": "unhealthy", "reason": reason, **found}, status=503)
        return web.json_response({"status": "healthy", **found})

    app = web.Application()
    app.router.add_get("/health", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        heartbeat.state["health"] = f"http://127.0.0.1:{runner.addresses[0][1]}/health"
        yield
    finally:
        await runner.cleanup()
