"""What one run reads: pages, links to the site, links between sites, and who could not be read."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hermes_fleet.backlink_authority.anchors import anchors
from hermes_fleet.backlink_authority.graph import Link, LinkGraph, SiteRead
from hermes_fleet.crawling.walk import Walk
from hermes_fleet.searching.results import owner


@dataclass(slots=True)
class Corpus:
    """What one run reads. `unread` are sites that gave nothing, with their reasons."""

    home: str
    homes: list[str]
    taken_at: datetime
    sites: dict[str, SiteRead] = field(default_factory=dict[str, SiteRead])
    pages: dict[str, int] = field(default_factory=dict[str, int])
    links: list[Link] = field(default_factory=list[Link])
    edges: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    unread: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    requests: int = 0

    def add(self, home: str, walk: Walk) -> None:
        """What the walk through one site found."""
        self.sites[home] = SiteRead(pages=len(walk.pages), whole=walk.left == 0)
        self.pages |= {url: seen.record.status for url, seen in walk.seen.items()}
        self.requests += walk.requests
        for seen in walk.pages:
            found = [(owner(each.target, self.homes), each) for each in anchors(seen)]
            followed = {to for to, each in found if to and each.followed}
            self.edges.update((home, to) for to in followed - {home})
            self.links += [
                Link(source=seen.url, target=each.target, anchor=each.text, rel=each.rel,
                     followed=each.followed)
                for to, each in found if to == self.home != home
            ]  # fmt: skip

    def refuse(self, site: str, reason: str, message: str) -> None:
        self.unread.append({"site": site, "reason": reason, "message": message})

    @property
    def failures(self) -> str:
        """Who is not read, and why, in one line."""
        return "; ".join(f"{each['site']}: {each['message']}" for each in self.unread)

    def graph(self) -> LinkGraph:
        """The same, in a lasting order."""
        sites = {home: self.sites[home] for home in self.homes if home in self.sites}
        known = {self.home, *sites}
        return LinkGraph(
            home=self.home,
            taken_at=self.taken_at,
            sites=sites,
            pages={url: status for url, status in sorted(self.pages.items()) if self._tells(url)},
            links=sorted(self.links, key=lambda link: link.ends),
            edges=sorted((*ends, count) for ends, count in self.edges.items() if ends[1] in known),
        )

    def _tells(self, url: str) -> bool:
        """Whether a page has to be kept: of a site read whole, a good page tells nothing more."""
        home = owner(url, self.sites)
        return home is None or not self.sites[home].whole or self.pages[url] != 200

    def metrics(self) -> dict[str, Any]:
        """What was used, for the budget, and what stood in the way."""
        pages = sum(site.pages for site in self.sites.values())
        return {
            "source": "crawl",
            "items": len(self.pages),
            "requests": self.requests,
            "cost_usd": 0.0,
            "sites_read": len(self.sites),
            "pages_read": pages,
            "unread": self.unread,
        }
