"""What is known of a site so far: a pure fold over the records of visited addresses."""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, replace

from hermes_egress.robots import Robots
from hermes_fleet.crawl_render import drawing
from hermes_fleet.crawl_render.frontier import Frontier
from hermes_fleet.crawl_render.traps import Traps
from hermes_fleet.crawling.addresses import origin
from hermes_fleet.crawling.page import Page
from hermes_fleet.crawling.record import Record

MOST_REFERRERS = 10  # kept for each address, the alphabetically first
MOST_HOPS = 10  # redirects followed in a row
MOST_KNOWN = 100_000  # addresses remembered; endless spaces end here


@dataclass(frozen=True)
class Bounds:
    """How far a crawl goes."""

    max_urls: int
    max_depth: int | None = None  # clicks from the home page; None is no bound
    spread: bool = False  # one page of each template first


class Survey:
    """The crawled part of one site, and what waits at its edge."""

    def __init__(self, home: str, robots: Robots, bounds: Bounds) -> None:
        self.home = home
        self.origin = origin(home)
        self.robots = robots
        self.bounds = bounds
        self.records: dict[str, Record] = {}
        self.referrers: dict[str, list[str]] = {}
        self.in_sitemap: set[str] = set()
        self.sitemaps_whole = True
        self.strange_sitemaps: list[str] = []  # that answered with something else
        self.blocked: set[str] = set()
        self.left_out: set[str] = set()
        self.cut: set[str] = set()  # pages that were read in part
        self.unfollowed: set[str] = set()  # linked only by links marked nofollow
        self.traps = Traps()
        self.soft_404: set[str] = set()  # pages with the text of what is not there
        self.drawn: dict[str, list[str]] = {}  # page -> what scripts made of it, in words
        self.undrawn = 0  # pages with scripts that nobody saw, where links may be missing
        self._depth: dict[str, int] = {}
        self._hops: dict[str, int] = {}
        self._under_way: set[str] = set()
        self._frontier = Frontier(bounds.spread)
        self._discover(home, depth=0)

    @property
    def queued(self) -> int:
        """Addresses known and allowed, but not yet visited."""
        return len(self._depth) - len(self.records)

    @property
    def total(self) -> int:
        """Addresses that this crawl will visit as far as is known now."""
        return min(len(self._depth), self.bounds.max_urls)

    @property
    def exhausted(self) -> bool:
        """Whether nothing that could be found was left unvisited."""
        everything_visited = len(self.records) >= len(self._depth)
        return everything_visited and self.sitemaps_whole and not self.left_out and not self.unseen

    @property
    def unseen(self) -> int:
        """Pages that may hold links which were not seen: read in part, or drawn by scripts."""
        return len(self.cut) + self.undrawn

    def is_redirected_to(self, url: str) -> bool:
        return url in self._hops

    def may_visit(self, url: str) -> bool:
        """Whether an address belongs to the site and robots.txt allows it."""
        return origin(url) == self.origin and self.robots.allows(url)

    def take(self) -> str | None:
        """The next address to visit, or None when nothing waits or the bound is reached."""
        if len(self.records) + len(self._under_way) >= self.bounds.max_urls:
            return None
        while url := self._frontier.take():
            if url not in self.records:
                self._under_way.add(url)
                return url
        return None

    def settle(self, record: Record) -> None:
        """Take in the answer of an address and what it leads to."""
        self._under_way.discard(record.url)
        self.records[record.url] = record
        depth = self._depth.setdefault(record.url, 0)
        if record.location:
            self._hops[record.location] = self._hops.get(record.url, 0) + 1
            self._discover(record.location, depth, urgent=True)
        if record.cut:
            self.cut.add(record.url)
        if record.page:
            self._follow(record, record.page, depth)

    def see(self, url: str, drawn: Page | None) -> None:
        """Take in what a page has become after its scripts ran: what it lacked, and what it leads to."""
        record = self.records.get(url)
        if record is None or record.page is None or drawn is None:
            return
        if differences := drawing.differences(record.page, drawn):
            self.drawn[url] = differences
        page = drawing.together(record.page, drawn)
        self.records[url] = replace(record, page=page)
        self._follow(self.records[url], page, self.depth(url))

    def _follow(self, record: Record, page: Page, depth: int) -> None:
        """Take in where a page leads: links, frames and a meta refresh."""
        ahead = (page.refresh,) if page.refresh else ()
        if record.nofollow:
            self.unfollowed.update(self._own(page.links))
        followed = () if record.nofollow else page.links
        self.unfollowed.update(self._own(page.skipped))
        for link in (*followed, *page.frames, *ahead):
            self._refer(link, record.url)
            self._discover(link, depth + 1)

    def depth(self, url: str) -> int:
        """Clicks from the home page, as far as the crawl found; a sitemap counts as one."""
        return self._depth.get(url, 0)

    def _own(self, urls: Iterable[str]) -> list[str]:
        return [url for url in urls if origin(url) == self.origin]

    def add_sitemap(self, addresses: Iterable[str], whole: bool = True) -> None:
        """Take in the addresses that the site's sitemaps list; not `whole` when some were unread."""
        self.sitemaps_whole = whole
        for url in addresses:
            if origin(url) == self.origin:
                self.in_sitemap.add(url)
                self._discover(url, depth=1)

    def _refer(self, url: str, referrer: str) -> None:
        if url == referrer or origin(url) != self.origin:
            return
        known = self.referrers.setdefault(url, [])
        if len(known) < MOST_REFERRERS or referrer < known[-1]:
            insort(known, referrer)
            del known[MOST_REFERRERS:]

    def _discover(self, url: str, depth: int, urgent: bool = False) -> None:
        if url in self._depth or origin(url) != self.origin:
            return
        if url in self.blocked or not self.robots.allows(url):
            self.blocked.add(url)
        elif self._too_far(url, depth) or self.traps.holds(url, depth):
            self.left_out.add(url)
        else:
            self.left_out.discard(url)
            self._depth[url] = depth
            (self._frontier.push_first if urgent else self._frontier.push)(url)

    def _too_far(self, url: str, depth: int) -> bool:
        deepest = self.bounds.max_depth
        return (
            (deepest is not None and depth > deepest)
            or self._hops.get(url, 0) > MOST_HOPS
            or len(self._depth) >= MOST_KNOWN
        )
