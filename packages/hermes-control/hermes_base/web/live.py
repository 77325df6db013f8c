"""Live events: what PostgreSQL announces, handed to every open page as server-sent events."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Header, Query, Request
from fastapi.responses import StreamingResponse

from hermes_base.people.roles import READ_ANY
from hermes_base.problems import Problem
from hermes_base.web.access import actor_of, person_of, still_admitted
from hermes_base.web.announced import KEPT, Announced
from hermes_base.web.api import problems
from hermes_base.web.routing import Router

HEARTBEAT_SECONDS = 10.0
MOST_STREAMS = 100
"""Of one person, token or customer link at a time: each is a connection that stays."""
RETRY_MS = 1500
Heard = Callable[[dict[str, Any]], None]
Admitted = Callable[[], Awaitable[bool]]
About = Callable[[dict[str, Any]], str | None]
After = Annotated[str, Query(max_length=64, description="Id of the last event you received")]
LastEventId = Annotated[
    str, Header(max_length=64, description="Same as `after`; browsers send it automatically")
]

router = Router()


class Announcements(Protocol):
    """A source of live events, such as the listener on PostgreSQL's notifications."""

    connected: bool

    def subscribe(self, channel: str, heard: Heard) -> object:
        """Call `heard` with the payload of each announcement on a channel."""
        ...


def site_of(event: dict[str, Any]) -> str | None:
    """The site that an announcement names."""
    return event.get("siteId")


class Hub:
    """Hands the announcements of a channel to open pages, as events called `name`.

    Pages read from one bounded log. One that is too slow, away for too long, or comes from another
    process is told to read everything anew (`resync`): nothing is missed.
    """

    def __init__(
        self,
        announcements: Announcements,
        channel: str = "hermes",
        name: str = "job",
        kept: int = KEPT,
        about: About = site_of,
    ) -> None:
        """`about` tells which site (or other thing) an announcement concerns; None: everybody."""
        self._announcements = announcements
        self._name = name
        self._about = about
        self._beside: list[Hub] = []
        self._log = Announced(kept)
        self._news = asyncio.Event()
        self._closed = False
        announcements.subscribe(channel, self._heard)

    @property
    def position(self) -> str:
        """The id of the newest event: what was read after asking for it holds all that came before."""
        return self._log.id_of(self._log.last)

    async def events(
        self, after: str, site_id: UUID | None = None, admitted: Admitted | None = None
    ) -> AsyncGenerator[str, None]:
        """One page's stream from the event `after` on (""=from now), of one site if named.

        It ends once `admitted` says no, asked with every heartbeat.
        """
        known = self._log.number_of(after)
        number = self._log.last if known is None else known
        yield f"retry: {RETRY_MS}\n\n" + self._text("hello", self._state(), number)
        if after and known is None:
            yield self._text("resync", {}, number)
        spoke = asked = time.monotonic()
        while not self._closed:
            news, now = self._news, time.monotonic()
            if admitted is not None and now - asked >= HEARTBEAT_SECONDS:
                asked = now
                if not await admitted():
                    return
            text, number = self._missed(number, site_id), self._log.last
            if not text and now - spoke >= HEARTBEAT_SECONDS:
                text = self._text("alive", self._state())
            if text:
                spoke = now
                yield text
            await _comes(news, spoke + HEARTBEAT_SECONDS - time.monotonic())

    def beside(self, channel: str, name: str, about: About) -> "Hub":
        """A hub of another channel from the same source; it is closed with this one."""
        self._beside.append(Hub(self._announcements, channel, name, about=about))
        return self._beside[-1]

    def close(self) -> None:
        """End every open stream; streams opened later end at once."""
        self._closed = True
        self._wake()
        for hub in self._beside:
            hub.close()

    def _heard(self, event: dict[str, Any]) -> None:
        if event.get("resync"):
            self._log.add("resync", {}, None)
        else:
            self._log.add(self._name, event, self._about(event))
        self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _missed(self, number: int, site_id: UUID | None) -> str:
        """Everything after a number as one piece of text."""
        found = self._log.since(number)
        if found is None:
            return self._text("resync", {}, self._log.last)
        seen = [a for a in found if site_id is None or a.site_id in (None, str(site_id))]
        return "".join(self._text(a.name, a.data, a.number) for a in seen)

    def _state(self) -> dict[str, Any]:
        """How long a page waits for the next sign of life, and whether PostgreSQL is being heard."""
        return {"connected": self._announcements.connected, "heartbeatSeconds": HEARTBEAT_SECONDS}

    def _text(self, name: str, data: dict[str, Any], number: int | None = None) -> str:
        head = "" if number is None else f"id: {self._log.id_of(number)}\n"
        return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"


async def _comes(news: asyncio.Event, seconds: float) -> None:
    """Wait until something is announced, at most so long."""
    with suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), max(seconds, 0))


def noting_position(hub: str = "hub") -> Callable[[Request], None]:
    """A dependency of pages that listen to the hub `app.state.<hub>`: before such a page reads its facts,
    it notes in `request.state.position` from which event on the page's stream continues."""

    def note_position(request: Request) -> None:
        listened: Hub = getattr(request.app.state, hub)
        request.state.position = listened.position

    return note_position


class OpenStreams:
    """How many streams each caller holds open: a person, a token, or a customer link."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def of(self, caller: str, text: AsyncIterator[str]) -> AsyncIterator[str]:
        """The same text, counted while it is sent. Raises `too_many_streams`."""
        if self._open[caller] >= self._most:
            message = f"{self._most} pages listen to this already."
            raise Problem("too_many_streams", message, "Close some of them.")
        return self._counted(caller, text)

    async def _counted(self, caller: str, text: AsyncIterator[str]) -> AsyncGenerator[str]:
        self._open[caller] += 1
        try:
            async for part in text:
                yield part
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]


def event_stream(request: Request, caller: str, text: AsyncIterator[str]) -> StreamingResponse:
    """Server-sent events as they are made; no proxy may hold them back. Raises `too_many_streams`.

    Plain text, not FastAPI's own event responses: those cost eight times the CPU an event.
    """
    headers = {"X-Accel-Buffering": "no"}
    streams: OpenStreams = request.app.state.streams
    return StreamingResponse(
        streams.of(caller, text), media_type="text/event-stream", headers=headers
    )


@router.get(
    "/api/events",
    READ_ANY,
    tags=["live"],
    response_class=StreamingResponse,
    responses={
        **problems(422),
        200: {"content": {"text/event-stream": {"example": "event: job\ndata: {}\n\n"}}},
    },
)
async def events(
    request: Request, after: After = "", last_event_id: LastEventId = ""
) -> StreamingResponse:
    """Server-sent events: `job` when runs of a test job change, `resync` when clients should reload everything.

    `hello` comes first and `alive` when nothing else does: whether Hermes hears its database.
    """
    hub: Hub = request.app.state.hub
    person = person_of(request)
    site_id = person.site_id if person else None
    return event_stream(
        request,
        actor_of(request),
        hub.events(last_event_id or after, site_id, lambda: still_admitted(request)),
    )
