"""What every request must bring, and what every answer carries."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Send

from hermes_base.problems import Problem

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
TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
MAX_BODY = 256 * 1024


def require_host(headers: Headers, hosts: frozenset[str]) -> None:
    """A page of another site that resolves to us (DNS rebinding) carries its own host name."""
    host = headers.get("host", "")
    if _host_name(host) not in hosts:
        hint = f"Use one of: {', '.join(sorted(hosts))}; HERMES_PUBLIC_URL and HERMES_ALLOWED_HOSTS add others."
        raise Problem("wrong_host", f"Hermes does not accept requests for the host {host!r}.", hint)


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def require_size(headers: Headers) -> None:
    """Raises unless the request declares the length of its body, and it is within the limit."""
    length = headers.get("content-length", "0")
    if headers.get("transfer-encoding") or not length.isdigit() or int(length) > MAX_BODY:
        hint = "Send less than 256 KiB."
        raise Problem(
            "body_too_large", "The request body is too large, or its length is unknown.", hint
        )


def require_text(path: str, query: bytes) -> None:
    """NUL in an address is in no name, no id and no text that is searched for. Raises `invalid_request`."""
    if "\0" in path or b"%00" in query or b"\0" in query:
        raise Problem("invalid_request", "The address holds a NUL character.", "Leave it out.")


def same_origin(headers: Headers) -> bool:
    """Whether the request comes from one of our own pages, by the headers that browsers set."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host")


def request_id(headers: Headers) -> str:
    """The caller's id of the request if it is a plain one, else a new one."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else str(uuid4())


def with_headers(send: Send, given: str, more: Mapping[str, str]) -> Send:
    """An ASGI `send` that adds the security headers and the request id to every response."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in (*SECURITY_HEADERS.items(), *more.items()):
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
            headers["X-Request-Id"] = given
        await send(message)

    return sending
