"""Who may ask: the API token, or a browser on one of our own pages. And the headers that keep it so.

Hermes listens on loopback: whoever can open the port is the operator. What is kept out is other
sites in the operator's browser (cross-site posts, DNS rebinding), and programs without the token.
"""

import hmac
import re
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hermes.core.problems import Problem
from hermes.web import problems

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC = frozenset({"/health", "/openapi.json", "/favicon.ico"})
SIGNED = "/api/callbacks/"  # workers sign these with their key
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
MAX_BODY = 256 * 1024


class Access:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str] = LOOPBACK) -> None:
        self._app = app
        self._token = token
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request an id and an actor, or refuse it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["hermes.request_id"] = _request_id(headers)
        structlog.contextvars.bind_contextvars(requestId=scope["hermes.request_id"])
        try:
            scope["hermes.actor"] = self._actor(scope, headers)
        except Problem as problem:
            refusal = problems.answer(problem, scope["hermes.request_id"])
            await refusal(scope, receive, _with_headers(send, scope["hermes.request_id"]))
            return
        await self._app(scope, receive, _with_headers(send, scope["hermes.request_id"]))

    def _actor(self, scope: Scope, headers: Headers) -> str:
        self._require_host(headers)
        _require_size(headers)
        given = headers.get("authorization", "")
        if given:
            return self._token_actor(given)
        path, method = scope["path"], scope["method"]
        if path.startswith(SIGNED):
            return "worker"
        if path in PUBLIC or (method in SAFE_METHODS and not path.startswith("/api/")):
            return "anyone"
        if _same_origin(headers):
            return "browser"
        if path.startswith("/api/"):
            hint = "Send Authorization: Bearer <token>; the token stands in the file `token` of HERMES_HOME."
            raise Problem("token_missing", "This needs the API token.", hint)
        hint = "Use the buttons on Hermes' own pages, or the API with its token."
        raise Problem("cross_site", "This request came from another site.", hint)

    def _token_actor(self, given: str) -> str:
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(
            token.strip().encode(), self._token.encode()
        ):
            hint = "Use the token in the file `token` of HERMES_HOME of the server."
            raise Problem("token_wrong", "The API token is not right.", hint)
        return "api token"

    def _require_host(self, headers: Headers) -> None:
        """A page of another site that resolves to us (DNS rebinding) carries its own host name."""
        host = headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in self._hosts:
            hint = f"Use one of: {', '.join(sorted(self._hosts))}."
            raise Problem("wrong_host", f"Hermes does not answer to the host {host!r}.", hint)


def actor_of(request: Request) -> str:
    """Who asks, for the audit."""
    return str(request.scope.get("hermes.actor", "anyone"))


def _same_origin(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host")


def _require_size(headers: Headers) -> None:
    length = headers.get("content-length", "0")
    if headers.get("transfer-encoding") or (length.isdigit() and int(length) > MAX_BODY):
        raise Problem(
            "body_too_large",
            "The body is too large or of unknown length.",
            "Send less than 256 KiB.",
        )


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else str(uuid4())


def _with_headers(send: Send, request_id: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
            headers["X-Request-Id"] = request_id
        await send(message)

    return sending
