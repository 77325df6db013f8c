"""What the vault holds about a worker: its address, its key, and paths that differ from the catalog.

Secrets come in many hands: JSON or a bare key, snake_case or camelCase. `parse` reads them all.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

from hermes.core.failures import Reason, Trouble

URL_NAMES = ("base_url", "baseUrl", "url", "host")
KEY_NAMES = ("api_key", "apiKey", "key", "token")
PATH_NAMES = ("health_path", "start_path", "status_path", "smoke_path", "cancel_path")


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """Where a worker is and how to sign in. `repr` never shows a key."""

    base_url: str
    key: str
    source: str
    read_key: str = ""
    paths: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"WorkerConfig({self.base_url}, key {fingerprint(self.key)}, from {self.source})"

    def path(self, name: str) -> str | None:
        """An overriding path (`health_path`, `start_path` ...) or None."""
        return next((path for known, path in self.paths if known == name), None)

    @property
    def host(self) -> str:
        """Host and port: the unit of politeness."""
        return urlsplit(self.base_url).netloc


@lru_cache(maxsize=512)
def fingerprint(key: str) -> str:
    """First and last six hex digits of the key's SHA-256, for people to compare; "none" if empty."""
    if not key:
        return "none"
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{digest[:6]}…{digest[-6:]}"


def parse(text: str, source: str, default_url: str = "") -> WorkerConfig | Trouble:
    """Read a secret's text. A bare string is a key only, for the address `default_url`."""
    text = text.strip()
    if not text:
        return Trouble(Reason.SECRET_MALFORMED, f"The secret from {source} is empty.")
    if text[0] not in "{[":
        return _checked(default_url, text, source, {})
    try:
        document = json.loads(text)
    except ValueError:
        return Trouble(Reason.SECRET_MALFORMED, f"The secret from {source} is not valid JSON.")
    if not isinstance(document, dict):
        return Trouble(Reason.SECRET_MALFORMED, f"The secret from {source} is not a JSON object.")
    fields = cast("dict[str, Any]", document)
    return _checked(
        _first(fields, URL_NAMES) or default_url, _first(fields, KEY_NAMES), source, fields
    )


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first non-empty text among the fields of these names."""
    return next((v.strip() for n in names if isinstance(v := fields.get(n), str) and v.strip()), "")


def _checked(url: str, key: str, source: str, fields: dict[str, Any]) -> WorkerConfig | Trouble:
    if not url:
        return Trouble(
            Reason.SECRET_MALFORMED,
            f"The secret from {source} has no address (one of {', '.join(URL_NAMES)}).",
        )
    if "://" not in url:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
        parts = urlsplit("")
    if not usable:
        return Trouble(
            Reason.SECRET_MALFORMED,
            f"The address in the secret from {source} is not an http(s) URL.",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        return Trouble(
            Reason.SECRET_MALFORMED,
            f"The address in the secret from {source} must hold no user, query or fragment.",
        )
    if any(ord(c) < 33 or ord(c) > 126 for c in key):
        return Trouble(
            Reason.SECRET_MALFORMED,
            f"The key in the secret from {source} has spaces or characters that no header can carry.",
        )
    paths = tuple((n, p) for n in PATH_NAMES if (p := _first(fields, (n, _camel(n)))))
    return WorkerConfig(
        base_url=url.rstrip("/"),
        key=key,
        source=source,
        read_key=_first(fields, ("read_key", "readKey")),
        paths=paths,
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
