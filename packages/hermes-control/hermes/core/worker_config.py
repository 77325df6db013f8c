"""What the vault holds about a worker: its address, its key, and paths that differ from the catalog.

Secrets come in many hands: JSON or a bare key, snake_case or camelCase. `parse` reads them all.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

from hermes.core.dialects.dialect import Dialect
from hermes_base.reasons import Failure, Reason

URL_NAMES = ("base_url", "baseUrl", "url", "host")
KEY_NAMES = ("api_key", "apiKey", "key", "token", "write_key", "writeKey")
READ_KEY_NAMES = ("read_key", "readKey")
PATH_NAMES = (
    "health_path",
    "start_path",
    "status_path",
    "smoke_path",
    "cancel_path",
    "result_path",
)
NO_DIALECT = "has a dialect that is neither a name nor an object."
NOT_IN_HOSTS = frozenset('\\<>"{}|^`')


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """Where a worker is and how to sign in. `repr` never shows a key."""

    base_url: str
    key: str
    source: str
    read_key: str = ""
    paths: tuple[tuple[str, str], ...] = ()
    accept_claim: frozenset[str] = frozenset()
    """Outputs of which the worker's word is taken where it returns no value."""
    told: str = ""
    """The secret's `dialect`, as JSON; "" without one."""
    dialect: Dialect | None = field(default=None, compare=False)
    """How the worker speaks; None: as the worker contract says."""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any], compare=False)
    """What the dialect's templates are filled with beside the run."""

    def __repr__(self) -> str:
        return f"WorkerConfig({self.base_url}, key {fingerprint(self.key)}, from {self.source})"

    def path(self, name: str) -> str | None:
        """An overriding path (`health_path`, `start_path` ...) or None."""
        for known, path in self.paths:
            if known == name:
                return path
        return None

    @property
    def hostname(self) -> str:
        """The host without its port, lower case."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def host(self) -> str:
        """Host and port: the unit of politeness."""
        return urlsplit(self.base_url).netloc


def with_key(config: WorkerConfig, key: str) -> WorkerConfig:
    """The same worker with another key for everything."""
    return replace(config, key=key, read_key="")


@lru_cache(maxsize=512)
def fingerprint(key: str) -> str:
    """First and last six hex digits of the key's SHA-256, for people to compare; "none" if empty."""
    if not key:
        return "none"
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{digest[:6]}…{digest[-6:]}"


def parse(text: str, source: str, default_url: str = "") -> WorkerConfig | Failure:
    """Read a secret's text. A bare string is a key only, for the address `default_url`."""
    text = text.strip()
    if not text:
        return Failure(Reason.SECRET_MALFORMED, f"The secret from {source} is empty.")
    if text[0] not in '{["':
        return _configured(source, default_url, {"key": text})
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Failure(Reason.SECRET_MALFORMED, f"The secret from {source} is not valid JSON.")
    if isinstance(document, str):
        document = {"key": document}
    if not isinstance(document, dict):
        return Failure(Reason.SECRET_MALFORMED, f"The secret from {source} is not a JSON object.")
    return _configured(source, default_url, cast("dict[str, Any]", document))


def _configured(source: str, default_url: str, fields: dict[str, Any]) -> WorkerConfig | Failure:
    url = _first(fields, URL_NAMES) or default_url
    url = url if not url or "://" in url else f"https://{url}"
    key, read_key = _first(fields, KEY_NAMES), _first(fields, READ_KEY_NAMES)
    fault = _not_text(fields) or _url_fault(url) or _key_fault(key) or _key_fault(read_key)
    if fault:
        return Failure(Reason.SECRET_MALFORMED, f"The secret from {source} {fault}")
    paths = tuple((n, p) for n in PATH_NAMES if (p := _first(fields, (n, _camel(n)))))
    told = fields.get("dialect")
    if told is not None and not isinstance(told, str | dict):
        return Failure(Reason.SECRET_MALFORMED, f"The secret from {source} {NO_DIALECT}")
    speaks = orjson.dumps(told).decode() if told else ""
    return WorkerConfig(url.rstrip("/"), key, source, read_key, paths, _claims(fields), speaks)


def _claims(fields: dict[str, Any]) -> frozenset[str]:
    """`accept_claim`: one slug, or a list of them."""
    told = fields.get("accept_claim", fields.get("acceptClaim"))
    slugs = cast("list[Any]", told) if isinstance(told, list) else [told]
    return frozenset(slug for slug in slugs if isinstance(slug, str))


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first non-empty text among the fields of these names."""
    return next((v.strip() for n in names if isinstance(v := fields.get(n), str) and v.strip()), "")


def _not_text(fields: dict[str, Any]) -> str:
    """A key or address that is there but is no text would otherwise look like none at all."""
    names = (*URL_NAMES, *KEY_NAMES, *READ_KEY_NAMES)
    wrong = [name for name in names if not isinstance(fields.get(name, ""), str | None)]
    return f"has a {wrong[0]} that is not text." if wrong else ""


def _url_fault(url: str) -> str:
    if not url:
        return f"has no address (one of {', '.join(URL_NAMES)})."
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        (parts.hostname or "").encode("idna")  # empty and overlong labels
    except ValueError:
        return "has an address that is not an http(s) URL."
    if not usable or any(ord(c) < 33 or c in NOT_IN_HOSTS for c in url):
        return "has an address that is not an http(s) URL."
    if parts.username is not None or parts.query or parts.fragment:
        return "has an address with a user, query or fragment; remove that part."
    return ""


def _key_fault(key: str) -> str:
    if any(ord(c) < 33 or ord(c) > 126 for c in key):
        return "has a key with spaces or characters that are not allowed in a header."
    return ""


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
