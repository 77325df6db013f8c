"""The stream of live changes, read as an open staff dashboard reads it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

from directory_bolt.verify.target import Target, stream_timeout
from hermes_base.client import sign_in


class Changes:
    """What arrived so far: `hello` is the stream's first message, `seen` the changed rows in order."""

    def __init__(self) -> None:
        self.hello: dict[str, Any] | None = None
        self.seen: list[dict[str, Any]] = []
        self._greeted = asyncio.Event()

    async def greeting(self, seconds: float) -> dict[str, Any] | None:
        """The first message; None when none comes in time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._greeted.wait(), seconds)
        return self.hello

    def of(self, job_id: str, table: str) -> list[dict[str, Any]]:
        """Changed rows of one order's table."""
        key = "id" if table == "jobs" else "job_id"
        return [
            change
            for change in self.seen
            if change["table"] == table and change["record"].get(key) == job_id
        ]

    def take(self, name: str, data: dict[str, Any]) -> None:
        """Keep one event of the stream: the greeting, or a change of an order."""
        if name == "hello":
            self.hello = data
            self._greeted.set()
        elif name == "change":
            self.seen.append(data)


@asynccontextmanager
async def changes_of(target: Target) -> AsyncGenerator[Changes]:
    """Listen until the end; a stream that is cut off stays cut off, as one that is not trusted."""
    changes = Changes()
    reading = asyncio.create_task(_read(target, changes))
    try:
        yield changes
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def _read(target: Target, changes: Changes) -> None:
    async with (
        aiohttp.ClientSession(headers=sign_in(target.token), timeout=stream_timeout()) as session,
        session.get(f"{target.url}/api/realtime") as answer,
    ):
        if answer.status != 200:
            return
        while block := await answer.content.readuntil(b"\n\n"):
            lines = dict(
                line.split(": ", 1) for line in block.decode().splitlines() if ": " in line
            )
            if "event" in lines:
                changes.take(lines["event"], json.loads(lines["data"]))
