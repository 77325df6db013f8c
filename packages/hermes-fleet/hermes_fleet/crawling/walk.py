"""A short polite walk through one site: robots, sitemaps, breadth first, so many pages and no more."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from w3lib.encoding import html_to_unicode

from hermes_egress.addresses import is_private_literal
from hermes_egress.robots import MOST_BYTES, Robots, is_closed
from hermes_fleet.crawling.addresses import host, normalise, origin, same_name
from hermes_fleet.crawling.fetch import Answer, fetcher, is_html
from hermes_fleet.crawling.pace import Pace
from hermes_fleet.crawling.record import Record, record
from hermes_fleet.crawling.robots import AGENT, kept_delay
from hermes_fleet.crawling.sitemaps import collect
from hermes_fleet.crawling.visit import Visitor
from hermes_worker import WorkerError

PUBLIC_SECONDS_APART = 0.2  # at most five requests a second to a site of the public web
LONGEST_PAUSE = 5.0
MOST_SITEMAPS = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """One address of the site as it answered; `html` is its text, empty when it is no page."""

    record: Record
    html: str = ""

    @property
    def url(self) -> str:
        """Its normalised address."""
        return self.record.url


@dataclass(slots=True)
class Walk:
    """What one walk saw. `pages` are the 200 answers in HTML, in the order of discovery."""

    home: str
    seen: dict[str, Seen] = field(default_factory=dict[str, Seen])
    blocked: set[str] = field(default_factory=set[str])
    left: int = 0  # addresses known and not visited
    requests: int = 0

    @property
    def pages(self) -> list[Seen]:
        """Pages that can be read."""
        return [each for each in self.seen.values() if each.record.good_page is not None]


class Site:
    """One site, opened: fetches its addresses at its pace and keeps its robots.txt."""

    def __init__(self, visitor: Visitor, home: str, robots: Robots) -> None:
        self.visitor = visitor
        self.home = home
        self.robots = robots
        self.requests = 1  # robots.txt

    async def see(self, url: str) -> Seen:
        """One address, without following redirects. Refused by robots.txt: error `robots_disallow`."""
        if not self.robots.allows(url):
            return Seen(Record(url, 0, "robots_disallow"))
        self.requests += 1
        answer = await self.visitor.visit(url, is_html)
        found = record(answer)
        return Seen(found, _text(answer) if found.page else "")

    async def see_all(self, urls: Iterable[str]) -> list[Seen]:
        """Several addresses, at the site's pace, in the order given."""
        gate = asyncio.Semaphore(self.visitor.pace.at_once)

        async def one(url: str) -> Seen:
            async with gate:
                return await self.see(url)

        return list(await asyncio.gather(*(one(url) for url in urls)))

    async def listed(self) -> list[str]:
        """Page addresses that the sitemaps list."""
        found = await collect(self.visitor, self.home, self.robots, MOST_SITEMAPS)
        self.requests += len(found.files)
        return found.pages

    async def walk(self, most_pages: int, *, sitemaps: bool = True) -> Walk:
        """Breadth first from the home page (and the sitemaps), at most `most_pages` addresses."""
        walk = Walk(self.home)
        waiting = dict.fromkeys([self.home])
        if sitemaps:
            waiting.update(dict.fromkeys(self._own(await self.listed())))
        while waiting and len(walk.seen) < most_pages:
            batch = [url for url in waiting if url not in walk.seen]
            batch = batch[: min(self.visitor.pace.at_once * 4, most_pages - len(walk.seen))]
            for url in batch:
                waiting.pop(url)
            for seen in await self.see_all(batch):
                self._settle(walk, seen, waiting)
            waiting = {url: None for url in waiting if url not in walk.seen}
        walk.left, walk.requests = len(waiting), self.requests
        return walk

    def _settle(self, walk: Walk, seen: Seen, waiting: dict[str, None]) -> None:
        if seen.record.error == "robots_disallow":
            walk.blocked.add(seen.url)
            return
        walk.seen[seen.url] = seen
        ahead = [seen.record.location] if seen.record.location else []
        links = seen.record.page.links if seen.record.page else ()
        waiting.update(dict.fromkeys(self._own([*ahead, *links])))

    def _own(self, urls: Iterable[str]) -> list[str]:
        return [url for url in urls if origin(url) == origin(self.home)]


@asynccontextmanager
async def open_site(site: str, at_once: int = 4) -> AsyncGenerator[Site]:
    """A site ready to be read. WorkerError says why it cannot be: away, or closed by robots.txt."""
    home = normalise(site if "://" in site else f"https://{site}")
    if home is None:
        raise WorkerError("invalid_site", f"{site!r} is not an http or https address.")
    apart = 0.0 if is_private_literal(host(home)) else PUBLIC_SECONDS_APART
    async with fetcher(at_once) as fetching:
        visitor = Visitor(fetching, Pace(at_once, apart), LONGEST_PAUSE)
        answer = await visitor.follow(f"{origin(home)}/robots.txt", most_bytes=MOST_BYTES)
        robots = _robots(answer, home)
        visitor.pace.apart = max(apart, kept_delay(robots))
        yield Site(visitor, _moved(answer, home), robots)


def _robots(answer: Answer, home: str) -> Robots:
    """RFC 9309: 2xx is read, 4xx allows everything; 429, 5xx and silence forbid everything."""
    if answer.status == 0:
        message = f"{origin(home)} cannot be reached: {answer.error}."
        raise WorkerError("site_unreachable", message)
    if is_closed(answer.status):
        message = (
            f"{answer.url} returned {answer.status}. RFC 9309 forbids reading pages in that case."
        )
        raise WorkerError("robots_unreachable", message)
    robots = Robots.answered(answer.status, answer.body, AGENT)
    if not robots.allows(home):
        message = f"robots.txt of {origin(home)} does not allow {AGENT} to fetch {home}."
        raise WorkerError("robots_disallow", message)
    return robots


def _moved(answer: Answer, home: str) -> str:
    """The home page at its `www.` twin or https, if robots.txt was found there."""
    there = origin(answer.url)
    if there != origin(home) and same_name(answer.url, home):
        return home.replace(origin(home), there, 1)
    return home


def _text(answer: Answer) -> str:
    return html_to_unicode(answer.content_type, answer.body, default_encoding="utf-8")[1]
