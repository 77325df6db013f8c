"""What one connection may cost: the size of its headers, the time of a request, how many a caller holds.

uvicorn bounds none of them when it reads HTTP with httptools. Bodies are bounded by the applications.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 64 * 1024
"""Bytes of the request line and all headers."""
REQUEST_SECONDS = 30.0
"""From the first byte of a request to its last. Answers, and streams of events, may take longer."""
MOST_OF_CALLER = 300
"""Connections of one address; of this machine and of trusted proxies they are not counted."""
LINGER_SECONDS = 1.0
SHARE_OF_FILES = 0.8
"""How much of the process's file descriptors connections may take: the rest is for database and files."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server. `exempt` are addresses that speak for many."""

    head: int = LONGEST_HEAD
    seconds: float = REQUEST_SECONDS
    of_caller: int = MOST_OF_CALLER
    connections: int = field(default_factory=lambda: int(_files() * SHARE_OF_FILES))
    exempt: Callable[[str], bool] = lambda address: address in ("127.0.0.1", "::1")


class _RefusedError(Exception):
    """Ends the parsing of a request; uvicorn answers with what `send_400_response` says."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits; `bounded` makes one of a server's own."""

    limits: Limits
    callers: Counter[str]
    _reading_head = False
    _refused = False
    _head = 0
    _overdue: asyncio.TimerHandle | None = None
    _refusal = HTTPStatus.BAD_REQUEST
    _caller = ""

    def connection_made(self, transport: Any) -> None:
        """Count the caller's connections, and begin to wait for the first request."""
        super().connection_made(transport)
        self._caller = self.client[0] if self.client else ""
        self.callers[self._caller] += 1
        self._await_request()
        many = self.callers[self._caller] > self.limits.of_caller
        if many and not self.limits.exempt(self._caller):
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS)
        elif len(self.connections) > self.limits.connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self.callers[self._caller] -= 1
        if self.callers[self._caller] <= 0:
            del self.callers[self._caller]
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to the head of a request, also of one header that does not end."""
        if self._refused or self.transport.is_closing():
            return
        super().data_received(data)
        if self._reading_head and not self._refused:
            self._head += len(data)
            if self._head > self.limits.head:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._reading_head = True
        if self._overdue is None:
            self._await_request()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head has ended: look once more, since it may have come in one piece."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self.limits.head:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise _RefusedError
        self._reading_head, self._head = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is here as a whole; how long the answer takes is not the caller's fault."""
        self._stop_waiting()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn says of a request that could not be parsed."""
        if self._refusal is HTTPStatus.BAD_REQUEST:
            super().send_400_response(msg)
        else:
            self._refuse(self._refusal)

    def _await_request(self) -> None:
        self._overdue = self.loop.call_later(self.limits.seconds, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _too_slow(self) -> None:
        self._overdue = None
        started = self.cycle is not None and self.cycle.response_started  # pyright: ignore[reportUnnecessaryComparison]  # None until the first head
        if started:
            self.transport.close()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        text = f"{status.phrase}\n"
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain\r\n"
        more = f"content-length: {len(text)}\r\nconnection: close\r\n\r\n"
        self._refused = True
        self.transport.write((head + more + text).encode())
        # What still comes is thrown away: to close at once would reset the connection, and the answer with it.
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)


def bounded(limits: Limits) -> type[BoundedProtocol]:
    """The protocol of one server with these limits."""
    return type("Bounded", (BoundedProtocol,), {"limits": limits, "callers": Counter[str]()})


def server_config(app: ASGIApp, limits: Limits | None = None, **options: Any) -> uvicorn.Config:
    """How Hermes' own servers run: with limits, and without uvicorn's logs. `options` are uvicorn's."""
    given: dict[str, Any] = {
        "log_config": None, "access_log": False, "timeout_graceful_shutdown": 2, "ws": "none",
    }  # fmt: skip
    return uvicorn.Config(app, http=bounded(limits or Limits()), **{**given, **options})


def _files() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 1_000_000
