"""Codes of authenticator apps: TOTP by RFC 6238 (SHA-1, 6 digits, 30 seconds), as all of these apps know them."""

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
EITHER_SIDE = 1
"""Steps that a phone's clock may be off."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 bits: nothing to guess, so plain hashes are kept of them."""


def secret_of(key: bytes, nonce: bytes) -> bytes:
    """The 20 bytes that the app and we share, from the home's key and what the database holds."""
    return hmac.new(key, b"second factor\0" + nonce, hashlib.sha256).digest()[:20]


def readable(secret: bytes) -> str:
    """As people type it into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address_of(secret: bytes, email: str) -> str:
    """The `otpauth` address that a phone opens in its app."""
    query = urlencode({"secret": base64.b32encode(secret).decode(), "issuer": "Hermes"})
    return f"otpauth://totp/{quote(f'Hermes:{email}')}?{query}"


def code_at(secret: bytes, step: int) -> str:
    """The code of a step of 30 seconds since 1970."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """The step whose code this is, now or beside it; None for none, and for one up to `after` (used before)."""
    given, current = "".join(code.split()), int(now.timestamp()) // STEP_SECONDS
    near = range(current - EITHER_SIDE, current + EITHER_SIDE + 1)
    fitting = [
        step for step in near if hmac.compare_digest(code_at(secret, step).encode(), given.encode())
    ]
    return next((step for step in fitting if step > after), None)


def recovery_codes() -> list[str]:
    """New ones, such as `k7wq-2m4x-...`: each lets in once without the phone."""
    return [_grouped(base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()) for _ in range(RECOVERY_CODES)]  # fmt: skip


def recovery_digest(code: str) -> bytes:
    """What is kept of a recovery code, however it is typed."""
    plain = "".join(code.split()).replace("-", "").lower()
    return hashlib.sha256(plain.encode()).digest()


def _grouped(text: str) -> str:
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
