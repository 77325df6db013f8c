"""Hermes below a path of a host that others share, such as https://tools.example/hermes.

Inside the application every path begins at the root; only here is the outer path known. It is taken off what comes in
(a proxy may have done so already) and put before what goes out: links and files of pages, redirects, cookies.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hermes_base.problems import Problem

LINKS = re.compile(
    rb'(?<=\s)((?:href|src|action|formaction|hx-(?:get|post|put|patch|delete)|data-(?:stream|root))=")'
    rb"(?=/(?!/))"
)
"""Where a page names a path of this server. Text of people holds no bare quotes: templates escape them."""
LEADING = ("location", "hx-redirect", "hx-location", "hx-push-url", "hx-replace-url")
"""Headers of an answer that name a page."""


def outer(path: str, below: str) -> str:
    """A path of the application as browsers know it."""
    return below + path if path.startswith("/") and not path.startswith("//") else path


def inner(path: str, below: str) -> str:
    """A path that browsers know as the application knows it; others stay as they are."""
    if below and (path == below or path.startswith(below + "/")):
        return path[len(below) :] or "/"
    return path


def inner_scope(scope: Scope, below: str) -> Scope:
    """The request as the application knows it."""
    path = inner(scope["path"], below)
    if path == scope["path"]:
        return scope
    raw = inner(scope.get("raw_path", b"").decode("ascii", "replace"), below)
    return {**scope, "path": path, "raw_path": raw.encode("ascii", "replace")}


def outer_answer(send: Send, headers: Headers, below: str) -> Send:
    """An ASGI `send` that puts the outer path before each path of an answer to a request with `headers`."""
    return _Outward(send, headers.get("host", ""), below).send if below else send


class Below:
    """ASGI middleware: what the application sends is told with the outer path. It stands inside compression."""

    def __init__(self, app: ASGIApp, below: str) -> None:
        self._app = app
        self._below = below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the outer path."""
        if scope["type"] == "http":
            send = outer_answer(send, Headers(scope=scope), self._below)
        await self._app(scope, receive, send)


class _Outward:
    """One answer on its way out; a page is held until it is whole, since its length changes."""

    def __init__(self, send: Send, host: str, below: str) -> None:
        self._send = send
        self._host = host
        self._below = below
        self._page: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Send on, or keep what belongs to a page."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            self._tell(headers)
            if headers.get("content-type", "").startswith("text/html"):
                self._page = message
                return
        elif self._page is not None:
            await self._gather(message, self._page)
            return
        await self._send(message)

    async def _gather(self, message: Message, start: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = LINKS.sub(rb"\1" + self._below.encode(), bytes(self._body))
        MutableHeaders(scope=start)["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    def _tell(self, headers: MutableHeaders) -> None:
        for name in LEADING:
            if name in headers:
                headers[name] = self._address(headers[name])
        cookies = headers.getlist("set-cookie")
        if cookies:
            del headers["set-cookie"]
        for cookie in cookies:
            headers.append(
                "set-cookie", re.sub(r"(?i)(;\s*path=)/(?=;|$)", rf"\1{self._below}", cookie)
            )

    def _address(self, address: str) -> str:
        """A path, or a whole address of this host (as Starlette writes where it adds a slash)."""
        found = urlsplit(address)
        if found.netloc == self._host and found.netloc:
            return found._replace(path=outer(found.path, self._below)).geturl()
        return outer(address, self._below)


def require_free(below: str, routes: Iterable[str]) -> None:
    """Raises `settings_invalid` where the outer path begins as one of Hermes' own pages does."""
    first = below.split("/")[1] if below else ""
    if first and first in {route.split("/")[1] for route in routes}:  # GET /sites/{site_id}
        message = f"HERMES_PUBLIC_URL ends in /{first}, and Hermes has pages of its own there."
        raise Problem("settings_invalid", message, "Choose another path, such as /hermes.")
