"""Live events: what PostgreSQL announces, handed to every open page as server-sent events."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any, Protocol

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

HEARTBEAT_SECONDS = 15.0
BACKLOG = 200
Heard = Callable[[dict[str, Any]], None]

router = APIRouter()


class Announcements(Protocol):
    """Where live events come from."""

    connected: bool

    def subscribe(self, channel: str, heard: Heard) -> object:
        """Call `heard` for each announcement on a channel."""
        ...


class Hub:
    """Fans announcements out to open pages. A page that is too slow is told to read everything anew."""

    def __init__(self, announcements: Announcements) -> None:
        self._pages: set[asyncio.Queue[str | None]] = set()
        self._numbers = itertools.count(1)
        self._announcements = announcements
        self._closed = False
        announcements.subscribe("hermes", self._heard)

    async def events(self, resuming: bool) -> AsyncGenerator[str, None]:
        """One page's stream. After a lost connection the page reads everything anew: nothing is missed."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(BACKLOG)
        self._pages.add(queue)
        try:
            yield "retry: 2000\n\n"
            yield self._event("hello", {"connected": self._announcements.connected})
            if resuming:
                yield self._event("resync", {})
            while not self._closed and (text := await _next(queue)) is not None:
                yield text
        finally:
            self._pages.discard(queue)

    def close(self) -> None:
        """End every stream, now and from now on."""
        self._closed = True
        for queue in self._pages:
            _put(queue, None)

    def _heard(self, event: dict[str, Any]) -> None:
        text = self._event("resync", {}) if event.get("resync") else self._event("job", event)
        for queue in self._pages:
            _put(queue, text if queue.qsize() < BACKLOG - 2 else self._event("resync", {}))

    def _event(self, name: str, data: dict[str, Any]) -> str:
        return f"id: {next(self._numbers)}\nevent: {name}\ndata: {json.dumps(data)}\n\n"


def _put(queue: asyncio.Queue[str | None], text: str | None) -> None:
    while queue.full():  # the oldest give way: what comes last says "read everything anew"
        queue.get_nowait()
    queue.put_nowait(text)


async def _next(queue: asyncio.Queue[str | None]) -> str | None:
    try:
        return await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
    except TimeoutError:
        return ": still here\n\n"


@router.get(
    "/api/events",
    tags=["live"],
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"example": "event: job\ndata: {}\n\n"}}}},
)
async def events(request: Request) -> StreamingResponse:
    """Server-sent events: `job` when runs of a job moved, `resync` when everything is to be read anew."""
    hub: Hub = request.app.state.hub
    stream = hub.events("last-event-id" in request.headers)
    return StreamingResponse(
        stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
