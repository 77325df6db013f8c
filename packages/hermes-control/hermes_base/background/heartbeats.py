"""Heartbeats: a background process says regularly that it lives, by a row that others read the age of."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from uuid import uuid4

import structlog

from hermes_base.postgres.database import LOST_DATABASE
from hermes_base.postgres.health import note

log = structlog.get_logger()


def instance_name(process: str = "") -> str:
    """A name that no other process has: `process-host-pid-random`; it holds its leases under it."""
    parts = [process, socket.gethostname(), str(os.getpid()), uuid4().hex[:6]]
    return "-".join(part for part in parts if part)


async def beat(
    process: str,
    write: Callable[[], Awaitable[None]],
    seconds: float,
    noted: Callable[[str], object] = lambda _: None,
) -> None:
    """Write a heartbeat now and then every so many seconds, until cancelled.

    `noted` is called after each: "" when it was written, else why the database could not be reached.
    """
    while True:
        try:
            await write()
            noted("")
        except LOST_DATABASE as error:
            noted(note(error))
            log.warning("no heartbeat", process=process, error=type(error).__name__)
        await asyncio.sleep(seconds)
