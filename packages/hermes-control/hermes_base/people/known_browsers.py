"""Browsers in which a user has signed in before: strangers who guess elsewhere do not lock them out.

OWASP calls it a device cookie. It opens nothing: it only says whose wrong tries are counted apart.
"""

import hmac
import secrets
from datetime import datetime, timedelta

LASTS = timedelta(days=90)


def cookie_of(key: bytes, email: str, now: datetime) -> str:
    """The value of a new cookie for a browser in which this user has just signed in."""
    said = f"{secrets.token_hex(8)}.{int((now + LASTS).timestamp())}"
    return f"{said}.{_mac(key, email, said)}"


def browser_of(key: bytes, email: str, cookie: str, now: datetime) -> str:
    """The browser's own name, if its cookie was made for this user and is not over; otherwise ""."""
    said, _, mac = cookie.rpartition(".")
    number, _, until = said.partition(".")
    if not hmac.compare_digest(_mac(key, email, said).encode(), mac.encode("utf-8", "replace")):
        return ""
    return f"browser {number}" if int(until) > now.timestamp() else ""


def _mac(key: bytes, email: str, said: str) -> str:
    return hmac.new(key, f"{email}\n{said}".encode("utf-8", "replace"), "sha256").hexdigest()
