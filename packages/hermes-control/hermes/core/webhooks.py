"""Standard Webhooks: whether a callback was signed with the worker's key (https://www.standardwebhooks.com).

Headers: webhook-id, webhook-timestamp (seconds since 1970), webhook-signature (`v1,<base64>` entries with
a space between them) over `id.timestamp.body` with HMAC-SHA256.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook

from hermes_base.problems import Problem

TOLERANCE_SECONDS = 300


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises `signature_wrong` unless the message is signed with `secret` and at most five minutes old."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not secret or not message_id or not re.fullmatch(r"[0-9]{1,11}", stamp):
        raise _refused("The webhook headers are missing or malformed.")
    # Webhook.verify() would do this, too, but by the wall clock, and one malformed entry in the list of
    # signatures (an extension of another version, say) makes it fail before it comes to the right one.
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        raise _refused("The webhook's timestamp differs by more than five minutes.")
    expected = _signature(secret, message_id, int(stamp), body)
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(expected, one.encode("utf-8", "replace")) for one in given):
        raise _refused("The webhook's signature does not match the worker's key.")


def _signature(secret: str, message_id: str, stamp: int, body: bytes) -> bytes:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise _refused("The webhook's body is not UTF-8.") from None
    # As bytes: the library takes a text for base64, and a worker's key is used as it stands.
    signing = Webhook(secret.encode())
    return signing.sign(message_id, datetime.fromtimestamp(stamp, UTC), text).encode()


def _refused(message: str) -> Problem:
    hint = "Sign `id.timestamp.body` with HMAC-SHA256 and the worker's key (Standard Webhooks)."
    return Problem("signature_wrong", message, hint)
