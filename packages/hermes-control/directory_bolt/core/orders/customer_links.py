"""The link with which a customer follows their own order: signed, and good until a day that it tells."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hermes_base.problems import Problem

LASTS = timedelta(days=30)
SHAPE = re.compile(
    r"[A-Za-z0-9_-]{72}"
)  # 54 bytes: id, end, signature; no character has spare bits
ID, END = 16, 22
HINT = "Open the whole link of your e-mail, or ask for a new one."


def token_of(key: bytes, job_id: UUID, ends_at: datetime) -> str:
    """The token of an order: its id and the second of its end, signed with HMAC-SHA256."""
    told = job_id.bytes + int(ends_at.timestamp()).to_bytes(END - ID, "big")
    return base64.urlsafe_b64encode(told + _signature(key, told)).decode()


def read(key: bytes, token: str, now: datetime) -> tuple[UUID, datetime]:
    """(order, end) of a token. Raises `link_wrong`, `link_over`."""
    told, signature = _parts(token)
    if not hmac.compare_digest(signature, _signature(key, told)):
        raise Problem("link_wrong", "This link is not right.", HINT)
    ends_at = datetime.fromtimestamp(int.from_bytes(told[ID:], "big"), UTC)
    if now >= ends_at:
        message = f"This link was good until {ends_at:%Y-%m-%d %H:%M} UTC."
        raise Problem("link_over", message, "Ask for a new one; your order is not affected.")
    return UUID(bytes=told[:ID]), ends_at


def _parts(token: str) -> tuple[bytes, bytes]:
    """What a token tells, and its signature; nonsense becomes an empty signature."""
    data = base64.urlsafe_b64decode(token) if SHAPE.fullmatch(token) else b""
    return data[:END], data[END:]


def _signature(key: bytes, told: bytes) -> bytes:
    return hmac.new(key, b"customer link:" + told, hashlib.sha256).digest()
