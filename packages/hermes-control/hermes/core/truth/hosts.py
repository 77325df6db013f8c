"""Whether an address belongs to the site that was asked about."""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import urlsplit

BARE = re.compile(
    r"^(?:[a-z0-9\u00a1-\uffff_-]+\.)+[a-z\u00a1-\uffff]{2,}(?::\d+)?(?:[/?#].*)?$", re.IGNORECASE
)
"""A domain without its scheme: `marigold.example/prices`."""
FILES = frozenset(
    {
        "html",
        "htm",
        "php",
        "aspx",
        "asp",
        "jsp",
        "pdf",
        "xml",
        "txt",
        "jpg",
        "png",
        "json",
        "gz",
        "md",
    }
)


class Place(NamedTuple):
    """A host, and the port where the host is a machine and no name: there each port is a site of its own."""

    host: str
    port: int | None = None


@lru_cache(maxsize=8192)
def place_of(text: str) -> Place | None:
    """Where an address leads; None for what names no host (`/prices`, `about.html`, a word)."""
    told = text.strip().removeprefix("sc-domain:")
    if "://" not in told and not told.startswith("//"):
        first = re.split(r"[/?#]", told, maxsplit=1)[0]
        if not BARE.match(told) or first.rpartition(".")[2].lower() in FILES:
            return None
        told = f"//{told}"
    try:
        parts = urlsplit(told)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not host:
        return None
    machine = _is_machine(host)
    return Place(host if machine else _plain(host), port if machine else None)


def _is_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _plain(host: str) -> str:
    """A host name in its ASCII form, without www and a dot at its end."""
    host = host.rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return host
    return host.removeprefix("www.")


@dataclass(frozen=True, slots=True)
class SiteHost:
    """The site that was asked about."""

    place: Place

    @property
    def host(self) -> str:
        """Its host, with the port where the host is a machine."""
        return (
            self.place.host if self.place.port is None else f"{self.place.host}:{self.place.port}"
        )

    def owns(self, address: str) -> bool | None:
        """Whether an address is the site's, or of a host below or above its own; None: it names no host."""
        there = place_of(address)
        if there is None:
            return None
        if there == self.place:
            return True
        mine, theirs = self.place.host, there.host
        if self.place.port is not None or there.port is not None:
            return False
        return theirs.endswith(f".{mine}") or (mine.endswith(f".{theirs}") and "." in theirs)


def site_of(base_url: str) -> SiteHost | None:
    """The site at an address."""
    place = place_of(base_url)
    return SiteHost(place) if place else None


def real_hosts(site: SiteHost | None, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Hosts that are no example here: those of the site and of the competitors in its settings."""
    own = (site.place.host,) if site else ()
    named = settings.get("competitors")
    if not isinstance(named, list | tuple):
        return own
    others = cast("Iterable[object]", named)
    return (*own, *(str(each).split("://")[-1].split("/")[0] for each in others))


def stranger(
    form: Any, hosts: Mapping[str, Literal["site", "other"]], site: SiteHost
) -> tuple[str, str] | None:
    """The first field that leads where it must not: (field, address). `form`: rows or an object, as read."""
    for row in _rows(form):
        for name, of in hosts.items():
            for address in _addresses(row, name):
                owned = site.owns(address)
                if owned is not None and owned == (of == "other"):
                    return name, address
    return None


def _rows(form: Any) -> list[Any]:
    """Rows, of an object that lists them as well."""
    if isinstance(form, list):
        return cast("list[Any]", form)
    items = cast("dict[str, Any]", form).get("items") if isinstance(form, dict) else None
    return [form, *cast("list[Any]", items)] if isinstance(items, list) else [form]


def _addresses(row: Any, name: str) -> Iterator[str]:
    value = cast("dict[str, Any]", row).get(name) if isinstance(row, dict) else row
    for each in cast("list[Any]", value) if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each
