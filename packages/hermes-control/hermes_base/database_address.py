"""A PostgreSQL URL as people have it: what is wrong with it in plain words, and what poolers add to it.

No message repeats any part of a password.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

SCHEMES = ("postgresql", "postgres")
MUST_BE_WRITTEN = {
    "/": "%2F",
    "?": "%3F",
    "#": "%23",
    "[": "%5B",
    "]": "%5D",
    "@": "%40",
    " ": "%20",
}
LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
POOLER = re.compile(r"-pooler\.|\.pooler\.")
SUPABASE_POOLER_PORT = 6543
NOT_OURS = frozenset({
    "channel_binding",  # Neon's strings: libpq binds to TLS, our driver does not; the TLS itself stays
    "pgbouncer", "connection_limit", "pool_timeout", "pool_mode", "statement_cache_size",  # Prisma's, Supabase's
    "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "tcp_user_timeout", "sslnegotiation", "sslcertmode", "require_auth", "application_name", "fallback_application_name",
    "client_encoding", "supa", "workaround",
})  # fmt: skip
"""Parameters of libpq, Prisma and providers that say nothing to our driver."""


class UnreadableUrlError(ValueError):
    """A URL that is none; the message names the character to be escaped, and no secret."""


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """A URL that the driver understands, and what its parameters told beside it."""

    url: str
    pooled: bool = False
    """Whether the URL says that a pooler stands before the server: no statement may outlive a transaction."""
    settings: dict[str, str] = field(default_factory=dict[str, str])
    """Of the session, such as the search path that Prisma calls `schema`."""

    @property
    def driver_options(self) -> dict[str, Any]:
        """What is passed to the driver beside the URL."""
        given: dict[str, Any] = {"server_settings": {"application_name": "hermes", **self.settings}}
        return {**given, "statement_cache_size": 0} if self.pooled else given


def read(url: str) -> DatabaseAddress:
    """A URL taken apart. Raises UnreadableUrlError."""
    parts = _parts(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    kept = {name: value for name, value in given.items() if name not in NOT_OURS | {"schema"}}
    pooled = given.get("pgbouncer", "").lower() == "true" or _is_pooler(parts)
    settings = {"search_path": given["schema"]} if given.get("schema") else {}
    return DatabaseAddress(urlunsplit(parts._replace(query=urlencode(kept))), pooled, settings)


def _parts(url: str) -> SplitResult:
    scheme, _, rest = url.partition("://")
    if scheme not in SCHEMES or not rest:
        raise UnreadableUrlError("must be a postgresql:// URL")
    try:
        parts = urlsplit(url)
        whole = parts.netloc.count("@") == 1 or "@" not in rest
        _ = parts.port
    except ValueError:
        whole, parts = False, None
    if parts is None or not whole:
        raise UnreadableUrlError(_fault(rest))
    user = parts.netloc.rpartition("@")[0]
    if " " in user:
        raise UnreadableUrlError(_fault(rest))
    if LONE_PERCENT.search(user):
        raise UnreadableUrlError(_must_be("%", "%25"))
    return parts


def _fault(rest: str) -> str:
    """Which character of user name or password stands in the way."""
    user, _, _ = rest.rpartition("@")
    for character, written in MUST_BE_WRITTEN.items():
        if character in user:
            return _must_be(character, written)
    return "its port is no number, or its host cannot be read"


def _must_be(character: str, written: str) -> str:
    name = "a space" if character == " " else character
    return f"user name or password holds {name}, which must be written as {written}"


def _is_pooler(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return bool(POOLER.search(host)) and (
        "supabase" not in host or parts.port == SUPABASE_POOLER_PORT
    )
