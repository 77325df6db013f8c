"""Every background process says that it lives, in the database and to whoever asks its /health."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import structlog
from aiohttp import web

from directory_bolt.storage import heartbeats
from hermes_base import __version__
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import LOST_DATABASE, Pool

log = structlog.get_logger()

HEARTBEAT_SECONDS = 5.0


@dataclass
class Heartbeat:
    """One process: `state` is what it says of itself; `fault` why it cannot work now, or ""."""

    process: str
    worker_id: str = ""
    state: dict[str, Any] = field(default_factory=dict[str, Any])
    fault: str = ""
    away: str = ""
    """The database's trouble, kept apart: every beat measures it anew."""

    def __post_init__(self) -> None:
        if not self.worker_id:
            self.worker_id = (
                f"{self.process}-{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
            )


@asynccontextmanager
async def keep_heartbeat(
    pool: Pool, process: str, health_port: int | None = None, clock: Clock = utc_now
) -> AsyncGenerator[Heartbeat]:
    """Beat until the end; serve /health on loopback where a port is given (0: any free one)."""
    heartbeat = Heartbeat(process)
    beating = asyncio.create_task(_beat(pool, heartbeat, clock))
    server = await _health(heartbeat, health_port) if health_port is not None else None
    try:
        yield heartbeat
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        if server is not None:
            await server.cleanup()
        with suppress(*LOST_DATABASE):
            await asyncio.wait_for(heartbeats.remove(pool, heartbeat.worker_id), 2)


async def _beat(pool: Pool, heartbeat: Heartbeat, clock: Clock) -> None:
    while True:
        try:
            await heartbeats.record(
                pool, heartbeat.worker_id, heartbeat.process, heartbeat.state, clock()
            )
            heartbeat.away = ""
        except LOST_DATABASE as error:
            heartbeat.away = f"the database is away ({type(error).__name__})"
            log.warning("no heartbeat", process=heartbeat.process, error=type(error).__name__)
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _health(heartbeat: Heartbeat, port: int) -> web.AppRunner:
    async def answer(_: web.Request) -> web.Response:
        found = {"service": heartbeat.process, "version": __version__, **heartbeat.state}
        if reason := heartbeat.away or heartbeat.fault:
            return web.json_response({"status": "unhealthy", "reason": reason, **found}, status=503)
        return web.json_response({"status": "healthy", **found})

    app = web.Application()
    app.router.add_get("/health", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    heartbeat.state["health"] = f"http://127.0.0.1:{runner.addresses[0][1]}/health"
    return runner


async def until_stopped(
    stop: asyncio.Event, turn: Callable[[], Awaitable[object]], pause: float
) -> None:
    """Take turns until `stop`; a lost database or engine is waited for, never the end."""
    while not stop.is_set():
        try:
            await turn()
        except LOST_DATABASE as error:
            log.warning("database away, waiting", error=type(error).__name__)
            await _rest(stop, 1.0)
        await _rest(stop, pause)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    if seconds > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
