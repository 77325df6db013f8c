"""The links inside one site, as far as its pages were read."""

from collections import Counter, deque
from typing import Any

from hermes_fleet.searching.document import Document
from hermes_fleet.searching.site_reader import Reading


class Links:
    """Who links to whom. Links marked nofollow do not count."""

    def __init__(self, reading: Reading) -> None:
        self._pages = reading.by_url
        self._inlinks = Counter(
            target
            for page in self._pages.values()
            for target in set(page.links)
            if target != page.url
        )
        self._depths = self._walked(reading.home)

    def of(self, page: Document) -> dict[str, Any]:
        """`inlinks`: other pages read that link to it; `clicks` from the home page, None when no chain of
        pages that were read leads to it."""
        return {
            "url": page.url,
            "inlinks": self._inlinks[page.url],
            "clicks": self._depths.get(page.url),
            "pages_read": len(self._pages),
        }

    def _walked(self, home: str) -> dict[str, int]:
        depths, waiting = {home: 0}, deque([home])
        while waiting:
            url = waiting.popleft()
            page = self._pages.get(url)
            for target in page.links if page else ():
                if target not in depths:
                    depths[target] = depths[url] + 1
                    waiting.append(target)
        return depths
