"""The signed link with which a customer follows their own order, without an account, until a stated end."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from hermes_base.problems import Problem

LASTS = timedelta(days=30)
SPELLING = re.compile(r"[A-Za-z0-9._-]+")
HINT = "Open the complete link from your email, or ask for a new one."

FIRST_FORM = re.compile(r"[A-Za-z0-9_-]{72}")
"""Links made before itsdangerous signed them: 54 bytes (order, end, HMAC-SHA256) in base64 without a dot.
They lie in customers' mail and are honoured until they end; 30 days after an upgrade none is left."""


def token_of(key: bytes, job_id: UUID, ends_at: datetime) -> str:
    """The token of an order, good until `ends_at` (kept to the second): 128 letters, fit for a path."""
    return _signer(key).dumps([job_id.hex, int(ends_at.timestamp())])


def read(key: bytes, token: str, now: datetime) -> tuple[UUID, datetime]:
    """(order, end) of a token. Raises `link_wrong`, `link_over`."""
    job_id, ends_at = _first_form(key, token) if FIRST_FORM.fullmatch(token) else _read(key, token)
    if now >= ends_at:
        message = f"This link expired on {ends_at:%Y-%m-%d %H:%M} UTC."
        raise Problem("link_over", message, "Ask for a new link. Your order is not affected.")
    return job_id, ends_at


def end_of(now: datetime, revoked_until: datetime | None) -> datetime:
    """When a link made now ends: made after the second up to which others were revoked."""
    made = now if revoked_until is None else max(now, revoked_until + timedelta(seconds=1))
    return made + LASTS


def require_unrevoked(ends_at: datetime, revoked_until: datetime | None) -> None:
    """Raises `link_over` for a link that was made up to then."""
    if revoked_until is not None and ends_at - LASTS <= revoked_until:
        raise Problem(
            "link_over", "This link was revoked.", "Ask for a new link. Your order is not affected."
        )


def _signer(key: bytes) -> URLSafeSerializer:
    # Not the timed serializer: it signs the second of issue by the wall clock, and a later change of
    # LASTS would then change links that were already given out. 48 bytes of signature leave no spare
    # bits in base64: no token has a second spelling.
    signing = {"digest_method": hashlib.sha384, "key_derivation": "hmac"}
    return URLSafeSerializer(key, salt="customer link", signer_kwargs=signing)


def _read(key: bytes, token: str) -> tuple[UUID, datetime]:
    if not SPELLING.fullmatch(token):  # base64 would read + as - and / as _
        raise _wrong()
    try:
        job_id, ends_at = _signer(key).loads(token)
    except (BadData, UnicodeError):
        raise _wrong() from None
    return UUID(job_id), datetime.fromtimestamp(ends_at, UTC)


def _first_form(key: bytes, token: str) -> tuple[UUID, datetime]:
    data = base64.urlsafe_b64decode(token)
    content, signature = data[:22], data[22:]
    expected = hmac.digest(key, b"customer link:" + content, hashlib.sha256)
    if not hmac.compare_digest(signature, expected):
        raise _wrong()
    return UUID(bytes=content[:16]), datetime.fromtimestamp(
        int.from_bytes(content[16:], "big"), UTC
    )


def _wrong() -> Problem:
    return Problem("link_wrong", "This link is not valid.", HINT)
