"""Live events: what PostgreSQL announces, handed to every open page as server-sent events."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from hermes.web.access import person_of, still_admitted

HEARTBEAT_SECONDS = 15.0
BACKLOG = 200
Heard = Callable[[dict[str, Any]], None]
Admitted = Callable[[], Awaitable[bool]]

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
        self._pages: dict[asyncio.Queue[str | None], str | None] = {}
        self._numbers = itertools.count(1)
        self._announcements = announcements
        self._closed = False
        announcements.subscribe("hermes", self._heard)

    async def events(
        self, resuming: bool, site_id: UUID | None = None, admitted: Admitted | None = None
    ) -> AsyncGenerator[str, None]:
        """One page's stream, of one site if named. It ends once `admitted` says no, asked every 15 s.

        After a lost connection the page reads everything anew: nothing is missed.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue(BACKLOG)
        self._pages[queue] = str(site_id) if site_id else None
        asked = time.monotonic()
        try:
            yield "retry: 2000\n\n"
            yield self._event("hello", {"connected": self._announcements.connected})
            if resuming:
                yield self._event("resync", {})
            while not self._closed and (text := await _next(queue)) is not None:
                if admitted is not None and time.monotonic() - asked >= HEARTBEAT_SECONDS:
                    asked = time.monotonic()
                    if not await admitted():
                        return
                yield text
        finally:
            del self._pages[queue]

    def close(self) -> None:
        """End every stream, now and from now on."""
        self._closed = True
        for queue in self._pages:
            _put(queue, None)

    def _heard(self, event: dict[str, Any]) -> None:
        text = self._event("resync", {}) if event.get("resync") else self._event("job", event)
        for queue, site_id in self._pages.items():
            if site_id is not None and site_id != event.get("siteId") and not event.get("resync"):
                continue
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
    person = person_of(request)
    stream = hub.events(
        "last-event-id" in request.headers,
        person.site_id if person else None,
        lambda: still_admitted(request),
    )
    return StreamingResponse(
        stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
