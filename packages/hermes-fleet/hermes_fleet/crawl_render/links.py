"""Who leads where: links, and the redirects between a link and its end."""

from collections.abc import Mapping

from hermes_fleet.crawl_render.survey import MOST_REFERRERS
from hermes_fleet.crawling.record import Record


class Linking:
    """Which pages lead to an address, by a link to it or to what redirects there."""

    def __init__(self, referrers: Mapping[str, list[str]], records: Mapping[str, Record]) -> None:
        self._referrers = referrers
        self._sources: dict[str, list[str]] = {}
        for url, record in records.items():
            if record.location:
                self._sources.setdefault(record.location, []).append(url)

    def of(self, url: str) -> list[str]:
        """The linking pages, at most MOST_REFERRERS, in the order of the alphabet."""
        found, seen, waiting = set[str](), set[str](), [url]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                found.update(self._referrers.get(here, ()))
                waiting.extend(self._sources.get(here, ()))
        return sorted(found)[:MOST_REFERRERS]
