"""Reading one site for its text: politely, the pages nearest to the keywords first, so many and no more."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from hermes_fleet.crawling.addresses import normalise, origin, shape
from hermes_fleet.crawling.choice import spread
from hermes_fleet.crawling.walk import Seen, Site, open_site
from hermes_fleet.searching.document import Document, read
from hermes_fleet.searching.nearest import order
from hermes_worker import WorkerError

BATCH = 16
MOST_KNOWN = 10_000  # addresses among which the nearest are chosen

Progress = Callable[[int, int], Awaitable[None]]
"""Called with the numbers of further pages read and of further requests sent."""


@dataclass(slots=True)
class Reading:
    """What one site gave. `templates` are those of every known address, of `left` it was not visited."""

    home: str
    documents: list[Document] = field(default_factory=list[Document])
    statuses: dict[str, str] = field(default_factory=dict[str, str])
    templates: set[str] = field(default_factory=set[str])
    left: int = 0

    @property
    def by_url(self) -> dict[str, Document]:
        """Its pages by address."""
        return {each.url: each for each in self.documents}


async def read_site(
    address: str, most: int, keywords: Sequence[str], progress: Progress, first: Sequence[str] = ()
) -> Reading:
    """At most `most` addresses, `first` right after the home page.

    WorkerError says why the site cannot be read: away, closed by robots.txt, or without a page.
    """
    await progress(0, 1)  # robots.txt is asked for, whether it answers or not
    async with open_site(address) as site:
        visit = Visit(site, keywords, progress, first)
        await visit.read(most)
    if not visit.reading.documents:
        raise WorkerError("no_pages", visit.nothing())
    return visit.reading


class Visit:
    """One reading under way: what is known of the site, and what waits."""

    def __init__(
        self, site: Site, keywords: Sequence[str], progress: Progress, first: Sequence[str]
    ) -> None:
        self.reading = Reading(site.home)
        self._site, self._keywords, self._progress = site, keywords, progress
        self._first = [url for each in first if (url := normalise(each)) and self._is_own(url)]
        self._known = dict.fromkeys([site.home, *self._first])
        self._requests = site.requests

    async def read(self, most: int) -> None:
        """The home page, then the sitemaps, then what is nearest to the keywords."""
        reading = self.reading
        await self._look([reading.home])
        if most > 1:
            self._learn(await self._site.listed())
        while (waiting := self._waiting()) and len(reading.statuses) < most:
            await self._look(waiting[: min(BATCH, most - len(reading.statuses))])
        reading.left = len(waiting)
        pages = reading.by_url
        reading.templates = {
            shape(url) for url in spread(self._known) if url in pages or url not in reading.statuses
        }

    async def _look(self, urls: list[str]) -> None:
        before = len(self.reading.documents)
        for seen in await self._site.see_all(urls):
            self._settle(seen)
        requests, self._requests = self._site.requests - self._requests, self._site.requests
        await self._progress(len(self.reading.documents) - before, requests)

    def _settle(self, seen: Seen) -> None:
        record = seen.record
        self.reading.statuses[seen.url] = record.error or str(record.status)
        if record.good_page is not None:
            self.reading.documents.append(read(seen))
        self._learn(record.page.links if record.page else ())
        self._learn([record.location] if record.location else [])

    def _learn(self, urls: Iterable[str]) -> None:
        own = (url for url in urls if self._is_own(url))
        self._known.update(dict.fromkeys(islice(own, max(0, MOST_KNOWN - len(self._known)))))

    def _waiting(self) -> list[str]:
        unseen = [url for url in self._known if url not in self.reading.statuses]
        asked = [url for url in self._first if url not in self.reading.statuses]
        return list(dict.fromkeys([*asked, *order(unseen, self._keywords)]))

    def _is_own(self, url: str) -> bool:
        return origin(url) == origin(self.reading.home) and self._site.robots.allows(url)

    def nothing(self) -> str:
        """A sentence on why no page of the site could be read."""
        home = self.reading.statuses.get(self.reading.home, "nothing")
        return f"No page of {self.reading.home} can be read: its home page answered {home}."
