"""Redirect paths: from where, over which hops, to what end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hermes_fleet.crawling.record import Record


@dataclass(frozen=True)
class Path:
    """The way a redirecting address leads. The hops are those that redirect."""

    hops: tuple[Record, ...]
    final: str
    final_status: int | None  # None when the end was not visited
    loop: bool

    @property
    def is_chain(self) -> bool:
        return self.loop or len(self.hops) >= 2


def path(start: str, records: Mapping[str, Record]) -> Path:
    """Follow redirects from `start` through what was visited."""
    hops: dict[str, Record] = {}
    url = start
    while (record := records.get(url)) and record.location and url not in hops:
        hops[url] = record
        url = record.location
    loop = url in hops
    status = record.status if record and not loop else None
    return Path(tuple(hops.values()), url, status, loop)


def reached(linked: Iterable[str], records: Mapping[str, Record]) -> set[str]:
    """The linked addresses and all that they redirect to."""
    found: set[str] = set()
    for url in linked:
        way = path(url, records)
        found.update((url, way.final, *(hop.url for hop in way.hops)))
    return found
