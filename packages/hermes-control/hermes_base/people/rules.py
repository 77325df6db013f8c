"""Rules of signing in: how long things last, how many tries, which passwords, which ways back."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from hermes_base.people.known_passwords import is_known

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
"""How exact `last used` of sessions and tokens is."""
LOCAL_LINK = timedelta(minutes=15)
PASSWORD_LINK = timedelta(hours=24)
WINDOW = timedelta(minutes=15)
MOST_OF_USER_AT_ADDRESS, MOST_AT_ADDRESS, MOST_OF_USER = 5, 20, 50
"""Failed tries within the window. A user's own limit is wide: a stranger must not lock them out."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first mark in a User-Agent decides: most browsers also claim to be others."""
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
OWN_PATH = re.compile(r"/(?!/)[^\\\s\x00-\x1f\x7f]{0,500}")
EMAIL = re.compile(r"[^@\s<>\"',;:\\()\[\]]{1,64}@[^@\s<>\"',;:\\()\[\]]{1,189}")


def digest(secret: str) -> bytes:
    """The SHA-256 of a random secret: what is stored instead of it."""
    return hashlib.sha256(secret.encode()).digest()


def csrf_of(session_token: str) -> str:
    """The token that forms of this session carry; from it the session token cannot be told."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


def wait(tries: Iterable[tuple[int, int, datetime | None]], now: datetime) -> timedelta | None:
    """(failed tries, most allowed, oldest of them) of each kind: how long to wait, or None."""
    until = [oldest + WINDOW for count, most, oldest in tries if count > most and oldest]
    return max(until) - now if until else None


def email_of(text: str) -> str | None:
    """An e-mail address as it is stored; None when it is none."""
    text = text.strip().lower()
    return text if EMAIL.fullmatch(text) else None


def password_fault(password: str, email: str) -> str | None:
    """Why this password is refused; None when it may be used."""
    if len(password) < SHORTEST_PASSWORD:
        return f"A password must have at least {SHORTEST_PASSWORD} characters; this one has {len(password)}."
    if len(password) > LONGEST_PASSWORD:
        return f"A password can have at most {LONGEST_PASSWORD} characters."
    if is_known(password):
        return "This password is easy to guess: it is made of common words, or of keys or digits in a row."
    if len(set(password)) < 5:
        return "This password uses too few different characters."
    if email.partition("@")[0] in password.lower() and len(password) < 2 * SHORTEST_PASSWORD:
        return "This password contains the name from your email address. Choose one that does not."
    return None


def browser_of(agent: str) -> str:
    """`Firefox on Windows` of a browser's User-Agent; what is no browser is named as it names itself."""
    browser = next(
        (name for mark, name in BROWSERS if mark in agent), agent.split("/", maxsplit=1)[0][:40]
    )
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def own_path(text: str, otherwise: str = "/") -> str:
    """`text` if it is a path on this server, `otherwise` if not: a redirect never leads to another site."""
    return text if OWN_PATH.fullmatch(text) else otherwise
