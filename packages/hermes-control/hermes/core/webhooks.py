"""Standard Webhooks: who called, checked by signature (https://www.standardwebhooks.com).

Headers: webhook-id, webhook-timestamp (seconds), webhook-signature (`v1,<base64>` entries with a space
between them) over `id.timestamp.body` with HMAC-SHA256. The secret is the worker's key.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from hermes_base.problems import Problem

TOLERANCE_SECONDS = 300


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature header of a message."""
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises `signature_wrong` unless the message is signed with our secret and fresh."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if (
        not secret
        or not message_id
        or not stamp.isascii()
        or not stamp.isdigit()
        or len(stamp) > 12
    ):
        raise _refused("The webhook headers are missing or malformed.")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        raise _refused("The webhook's timestamp is more than five minutes off.")
    expected = sign(secret, message_id, int(stamp), body).encode()
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(expected, one.encode("utf-8", "replace")) for one in given):
        raise _refused("The webhook's signature does not match the worker's key.")


def _refused(message: str) -> Problem:
    hint = "Sign `id.timestamp.body` with HMAC-SHA256 and the worker's key (Standard Webhooks)."
    return Problem("signature_wrong", message, hint)
