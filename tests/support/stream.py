"""A stream of server-sent events, read as a browser reads it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, ClientSession


@dataclass(frozen=True)
class Event:
    """One event as received; `id` is "" where the event has none."""

    name: str
    data: dict[str, Any]
    id: str


class Stream:
    """An open stream."""

    def __init__(self, answer: ClientResponse) -> None:
        self._answer = answer

    async def next(self, seconds: float = 5) -> Event:
        """The next event; a `retry` line alone is none."""
        while True:
            async with asyncio.timeout(seconds):
                block = (await self._answer.content.readuntil(b"\n\n")).decode()
            lines = dict(line.split(": ", 1) for line in block.splitlines() if line)
            if "event" in lines:
                return Event(lines["event"], json.loads(lines["data"]), lines.get("id", ""))

    async def until(self, name: str) -> list[Event]:
        """All events up to the first one of this name."""
        found = [await self.next()]
        while found[-1].name != name:
            found.append(await self.next())
        return found


@asynccontextmanager
async def stream_of(
    http: ClientSession, after: str = "", last_event_id: str = ""
) -> AsyncGenerator[Stream]:
    """/api/events from an event on, as a page (`after`) or a browser by itself (`Last-Event-ID`) asks."""
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    async with http.get("/api/events", params={"after": after}, headers=headers) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/event-stream"
        yield Stream(answer)
