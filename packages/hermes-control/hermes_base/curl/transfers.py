"""libcurl on the event loop: requests through handles that are used again, and all under way."""

import asyncio
import selectors
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import pycurl

from hermes_base.curl.received import MAX_BODY, Body

IDLE_SECONDS = 2  # below the 5 s after which common servers close an idle connection
QUIET_SECONDS = 30.0  # after so long without a request what is left open is closed
MOST_IDLE = 10_000
QUICK_EXIT = 322  # CURLOPT_QUICK_EXIT: who gives up does not wait for the lookup of a name
BOTH = selectors.EVENT_READ | selectors.EVENT_WRITE  # 1 and 2, as libcurl counts them too
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})

Outcome = tuple[int, str]
"""libcurl's code, 0 where it is content, and its words."""

CONTENT: Outcome = (0, "")
CLOSED: Outcome = (pycurl.E_ABORTED_BY_CALLBACK, "the client was closed")

OPTIONS: dict[int, Any] = {
    pycurl.NOSIGNAL: 1,
    QUICK_EXIT: 1,
    pycurl.PROXY: "",  # nor what the environment says of proxies
    pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
    pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
    pycurl.HTTP09_ALLOWED: 0,
    pycurl.FOLLOWLOCATION: 0,
    pycurl.MAXAGE_CONN: IDLE_SECONDS,
}


@dataclass(slots=True)
class Request:
    """What is asked: the address and the header lines as libcurl takes them, and milliseconds to
    connect and for the whole."""

    method: str
    url: str
    headers: list[str] | list[bytes]
    body: bytes | None
    connect: int
    total: int


class Transfer:
    """A handle of libcurl: one request at a time, and what came back of it.

    libcurl by itself repeats a request, whatever its method, when a connection that was used before
    closes without a byte of answer. But it calls `_opens` before it opens a connection and `_asks`
    before it sends: there a second time is refused, and one more is allowed where it does no harm.
    """

    def __init__(self, trusted: Mapping[int, str | None], max_body: int = MAX_BODY) -> None:
        self.handle = pycurl.Curl()
        self.head: list[bytes] = []
        self.body = Body(self.head, max_body)
        self.asked = 0
        self._most = 1
        self._shape = ("", False)
        self._connect = self._total = -1
        for option, value in {**OPTIONS, **trusted}.items():
            self.handle.setopt(option, value)
        self.handle.setopt(pycurl.HEADERFUNCTION, self.head.append)
        self.handle.setopt(pycurl.WRITEFUNCTION, self.body.take)
        self.handle.setopt(pycurl.PREREQFUNCTION, self._asks)
        self.handle.setopt(pycurl.SOCKOPTFUNCTION, self._opens)

    def prepare(self, request: Request) -> None:
        """Hold this request; what is as it was last time is not said again."""
        setopt = self.handle.setopt
        shape = (request.method, request.body is not None)
        if shape != self._shape:
            self._take_shape(*shape)
        if request.body is not None:
            setopt(pycurl.POSTFIELDS, request.body)
        setopt(pycurl.URL, request.url)
        setopt(pycurl.HTTPHEADER, request.headers)
        if request.connect != self._connect:
            self._connect = request.connect
            setopt(pycurl.CONNECTTIMEOUT_MS, request.connect)
        if request.total != self._total:
            self._total = request.total
            setopt(pycurl.TIMEOUT_MS, request.total)

    def forget(self) -> None:
        """Be ready for another request, and keep nothing of this one."""
        self.head.clear()
        self.body.forget()
        self.asked = 0

    def _take_shape(self, method: str, has_body: bool) -> None:
        """libcurl sends bodies by POST and nothing by GET; other methods are these under another name."""
        self._shape = (method, has_body)
        self._most = 2 if method in REPEATABLE else 1
        self.handle.setopt(pycurl.NOBODY, 0)
        if has_body or method == "POST":
            self.handle.setopt(pycurl.POSTFIELDS, b"")
        else:
            self.handle.setopt(pycurl.HTTPGET, 1)
        if method == "HEAD":
            self.handle.setopt(pycurl.NOBODY, 1)
        if method == ("POST" if has_body else "GET"):
            self.handle.unsetopt(pycurl.CUSTOMREQUEST)
        else:
            self.handle.setopt(pycurl.CUSTOMREQUEST, method)

    def _asks(self, *_: object) -> int:
        """The connection is open, the request is about to be sent. (Called by libcurl: never raises.)"""
        if self.asked >= self._most:
            return pycurl.PREREQFUNC_ABORT
        self.asked += 1
        return pycurl.PREREQFUNC_OK

    def _opens(self, *_: object) -> int:
        """A connection is about to be opened. (Called by libcurl: never raises.)"""
        return pycurl.SOCKOPT_ERROR if self.asked >= self._most else pycurl.SOCKOPT_OK


class Transfers:
    """The transfers under way on the running loop.

    libcurl begins and ceases to watch a connection with every request. So a poll of our own watches
    them, and the loop watches that one: for the loop each of them would be a new callback.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[pycurl.Curl, asyncio.Future[Outcome]] = {}
        self._soon: asyncio.Handle | None = None
        self._reminder: asyncio.TimerHandle | None = None
        self._due = self._reminded_at = inf
        self._used = self._gave_up = False
        self._tidying: asyncio.TimerHandle | None = None
        self._watched: set[int] = set()
        self._poll = selectors.DefaultSelector()
        self._loop.add_reader(self._poll.fileno(), self._ready)
        self._multi = self._open()

    def _open(self) -> pycurl.CurlMulti:
        multi = pycurl.CurlMulti()
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._remind)
        multi.setopt(pycurl.M_MAXCONNECTS, MOST_IDLE)
        return multi

    def close(self) -> None:
        """End everything; who still waits has the outcome `CLOSED`."""
        self._gave_up |= bool(self._waiting)
        for handle, future in self._waiting.items():
            self._multi.remove_handle(handle)
            if not future.done():
                future.set_result(CLOSED)
        self._waiting.clear()
        self._retire()
        self._loop.remove_reader(self._poll.fileno())
        self._poll.close()
        for timer in (self._soon, self._reminder, self._tidying):
            if timer is not None:
                timer.cancel()

    async def perform(self, transfer: Transfer) -> Outcome:
        """Do what the transfer holds. Who is cancelled meanwhile ends it and closes its connection."""
        handle = transfer.handle
        future = self._waiting[handle] = self._loop.create_future()
        self._multi.add_handle(handle)
        self._used = True
        if self._tidying is None:
            self._tidying = self._loop.call_later(QUIET_SECONDS, self._tidy)
        try:
            return await future
        finally:
            if self._waiting.pop(handle, None) is not None:
                self._multi.remove_handle(handle)
            if not transfer.asked:
                self._gave_up = True

    def _tidy(self) -> None:
        """Close what was used last a while ago: libcurl itself looks only when it is asked for more."""
        if self._used or self._waiting:
            self._used = False
            self._tidying = self._loop.call_later(QUIET_SECONDS, self._tidy)
            return
        self._tidying = None
        self._retire()
        self._multi = self._open()

    def _retire(self) -> None:
        """Close the connections, all idle. libcurl waits here for names that are still being looked
        up for those who gave up; that must not hold up the loop, nor the end of the process."""
        multi = self._multi
        multi.setopt(pycurl.M_SOCKETFUNCTION, None)
        multi.setopt(pycurl.M_TIMERFUNCTION, None)
        for socket in [*self._watched]:
            self._watch(pycurl.POLL_REMOVE, socket)
        if self._gave_up:
            self._gave_up = False
            threading.Thread(target=multi.close, daemon=True).start()
        else:
            multi.close()

    # ---- what libcurl calls: nothing here may raise, for nobody would hear of it

    def _watch(self, what: int, socket: int, *_: object) -> None:
        """What libcurl waits for at a socket."""
        events = what & BOTH
        try:
            if socket not in self._watched:
                if events:
                    self._watched.add(socket)
                    self._poll.register(socket, events)
            elif events:
                self._poll.modify(socket, events)
            else:
                self._watched.discard(socket)
                self._poll.unregister(socket)
        except OSError:  # it is closed already
            self._watched.discard(socket)

    def _remind(self, milliseconds: int) -> None:
        """When libcurl wants to be called at the latest. What is due after a reminder that stands
        already is left to that one."""
        if milliseconds == 0:
            if self._soon is None:
                self._soon = self._loop.call_soon(self._now)
            return
        self._due = inf if milliseconds < 0 else self._loop.time() + milliseconds / 1000
        if self._due < self._reminded_at:
            if self._reminder is not None:
                self._reminder.cancel()
            self._set_reminder()

    # ---- what the loop calls

    def _set_reminder(self) -> None:
        self._reminded_at = self._due
        self._reminder = self._loop.call_at(self._due, self._reminded)

    def _reminded(self) -> None:
        self._reminder, self._reminded_at = None, inf
        if self._due <= self._loop.time():
            self._due = inf
            self._now()
        elif self._due < inf:
            self._set_reminder()

    def _now(self) -> None:
        self._soon = None
        _, running = self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        if running < len(self._waiting):
            self._reap()

    def _ready(self) -> None:
        running = len(self._waiting)
        for key, events in self._poll.select(0):
            _, running = self._multi.socket_action(key.fd, events)
        if running < len(self._waiting):
            self._reap()

    def _reap(self) -> None:
        """Wake those whose transfers have ended."""
        left = 1
        while left:
            left, content, failed = self._multi.info_read()
            for handle in content:
                self._end(handle, CONTENT)
            for handle, code, words in failed:
                self._end(handle, (code, words))

    def _end(self, handle: pycurl.Curl, outcome: Outcome) -> None:
        self._multi.remove_handle(handle)
        future = self._waiting.pop(handle)
        if not future.done():
            future.set_result(outcome)
