"""Loops of background processes: turns until a stop, and chores beside a block."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from hermes_base.postgres.database import LOST_DATABASE

log = structlog.get_logger()

AWAY_SECONDS = 1.0
"""Pause after a turn that found the database away, before the usual one."""


async def until_stopped(
    stop: asyncio.Event, turn: Callable[[], Awaitable[object]], pause: float
) -> None:
    """Take turns, `pause` seconds apart, until `stop` is set.

    A database that is away is waited for. Every other exception of a turn is raised.
    """
    while not stop.is_set():
        try:
            await turn()
        except LOST_DATABASE as error:
            log.warning("database away, waiting", error=type(error).__name__)
            await rest(stop, AWAY_SECONDS)
        await rest(stop, pause)


async def rest(stop: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds, or until `stop` is set."""
    if seconds > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


@asynccontextmanager
async def beside(chore: Coroutine[Any, Any, object]) -> AsyncGenerator[None]:
    """Run a chore while the block runs; cancelled at its end, and its exception is not raised."""
    task = asyncio.create_task(chore)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
