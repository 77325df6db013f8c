"""A changing request of a browser must carry its session's token: in a header, or in its form."""

import hmac
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from hermes_base.people import Session
from hermes_base.problems import Problem
from hermes_base.web.access.headers import MAX_BODY

HEADER = "x-csrf-token"
FIELD = "csrf"
FORM = "application/x-www-form-urlencoded"


async def require_own_form(headers: Headers, receive: Receive, session: Session) -> Receive:
    """Raises `csrf_wrong`. Returns a `receive` with which the body can be read (again)."""
    if HEADER in headers:
        _require(headers[HEADER], session)
        return receive
    if not headers.get("content-type", "").startswith(FORM):
        _require("", session)
    body = await _body(receive)
    _require(_field(body), session)
    return _again(body, receive)


def _require(given: str, session: Session) -> None:
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        message = "This form belongs to a different session."
        hint = "Reload the page and try again. Programs should use an API token."
        raise Problem("csrf_wrong", message, hint)


async def _body(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            raise Problem("body_too_large", "The form is too large.", "Send less than 256 KiB.")
    return bytes(body)


def _field(body: bytes) -> str:
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=200).get(FIELD, [""])[0]
    except ValueError:
        return ""


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever the server has to say (a broken connection)."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return first.pop() if first else await receive()

    return receiving
