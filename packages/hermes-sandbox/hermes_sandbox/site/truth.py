"""What a faultless crawler finds on the demo site, worked out from its model: no HTTP, no crawler.

Definitions: an address is in scope when scheme, host and port are the site's. Followed are <a> and <area>
links without nofollow, redirects hop by hop, and sitemap addresses, as far as robots.txt lets.
"""

from collections import Counter
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

from hermes_sandbox.site import chrome
from hermes_sandbox.site.built import NOT_FOUND, Site
from hermes_sandbox.site.model import Canonical, Page, Redirect, Resource
from hermes_sandbox.site.plumbing import DISALLOWED

Found: TypeAlias = dict[str, Any]


def truth(site: Site) -> Found:
    """Every output of a full crawl, and what robots.txt keeps out."""
    walk = Walk(site)
    return {
        "pages_crawled": sum(isinstance(r, Page) for r in walk.seen.values()),
        "indexable_pages": sum(walk.indexable(url) for url in walk.good),
        "non_200_urls": walk.non_200(),
        "canonical_errors": [
            error for url in sorted(walk.good) for error in walk.canonical_errors(url)
        ],
        "redirect_chains": walk.chains(),
        "orphan_pages": walk.orphans(),
        "meta_tags": {"counts": walk.meta_counts()},
        "render_failures": walk.render_failures(),
        "blocked_by_robots": sorted(walk.blocked),
        "templates": walk.templates(),
        "planted": {
            kind: [site.base_url + path for path in paths] for kind, paths in site.planted.items()
        },
    }


class Walk:
    """A plain walk over the model: who links to whom, and what each address answers."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.sitemap = {site.base_url + path for path in site.sitemap}
        self.seen: dict[str, Resource] = {}
        self.referrers: dict[str, set[str]] = {}
        self.blocked: set[str] = set()
        waiting = [f"{site.base_url}/", *sorted(self.sitemap)]
        while waiting:
            waiting += self._visit(waiting.pop())

    def _visit(self, url: str) -> list[str]:
        """Look at an address once; what it leads to."""
        if url in self.seen or url in self.blocked:
            return []
        if urlsplit(url).path.startswith(DISALLOWED):
            self.blocked.add(url)
            return []
        self.seen[url] = self.at(url)
        return self._onward(url, self.seen[url])

    def at(self, url: str) -> Resource:
        """What stands at an address of the site."""
        return self.site.resources.get(url.removeprefix(self.site.base_url), NOT_FOUND)

    def _onward(self, url: str, resource: Resource) -> list[str]:
        if isinstance(resource, Redirect):
            return [self.site.base_url + resource.location]
        if not isinstance(resource, Page):
            return []
        found = [
            a
            for link in chrome.links(resource, self.site.frame)
            if link.followed and (a := self.address(url, resource, link.href))
        ]
        for target in found:
            if target != url:
                self.referrers.setdefault(target, set()).add(url)
        return found

    def leading_to(self, url: str) -> set[str]:
        """Pages that link to an address, or to one that redirects to it."""
        found, seen, waiting = set[str](), set[str](), [url]
        while waiting:
            here = waiting.pop()
            seen.add(here)
            found |= self.referrers.get(here, set())
            waiting += [source for source in self._sources(here) if source not in seen]
        return found

    def _sources(self, url: str) -> list[str]:
        place = url.removeprefix(self.site.base_url)
        moved = ((each, self.seen[each]) for each in self.seen)
        return [each for each, it in moved if isinstance(it, Redirect) and it.location == place]

    def address(self, url: str, page: Page, href: str) -> str | None:
        """A link's address without its fragment; None for one that leads off the site."""
        base = urljoin(url, page.base_href) if page.base_href else url
        joined = urljoin(base, href.strip()).split("#")[0]
        inside = joined == self.site.base_url or joined.startswith(f"{self.site.base_url}/")
        return joined if inside else None

    @property
    def good(self) -> dict[str, Page]:
        """HTML pages that answer 200."""
        return {url: r for url, r in self.seen.items() if isinstance(r, Page) and r.status == 200}

    def status(self, url: str) -> int:
        """What an address answers by itself."""
        resource = self.at(url)
        return resource.status if isinstance(resource, Page | Redirect) else 200

    def noindex(self, page: Page) -> bool:
        """Whether any of the three places says noindex."""
        directives = " ".join(
            word for word in (page.robots, page.googlebot, page.robots_header) if word
        )
        return "noindex" in directives.lower()

    def canonicals(self, url: str) -> list[str]:
        """The distinct canonicals that count: in the head or the header, and real addresses."""
        page = self.good[url]
        counting = [c for c in page.canonicals if c.place != "body" and not _invalid(c)]
        return list(dict.fromkeys(urljoin(url, c.href) for c in counting))

    def indexable(self, url: str) -> bool:
        """200, HTML, not noindex, and no canonical but itself."""
        return not self.noindex(self.good[url]) and all(c == url for c in self.canonicals(url))

    def non_200(self) -> list[Found]:
        """Addresses whose own answer is not 200, with the first ten pages that link to them."""
        return [
            {
                "url": url,
                "status": self.status(url),
                "error": None,
                "referrers": sorted(self.leading_to(url))[:10],
            }
            for url in sorted(self.seen)
            if self.status(url) != 200
        ]

    def canonical_errors(self, url: str) -> list[Found]:
        """The mistakes of one page's canonicals."""
        page = self.good[url]
        heads = [c for c in page.canonicals if c.place == "head"]
        found: list[tuple[str, str | None]] = []
        found += [
            ("outside_head", urljoin(url, c.href)) for c in page.canonicals if c.place == "body"
        ]
        for canonical in heads:
            if _invalid(canonical):
                found.append(("invalid", canonical.href))
            elif not urlsplit(canonical.href).scheme:
                found.append(("relative", urljoin(url, canonical.href)))
        found += self._disagreements(page, url)
        found += [
            (kind, target)
            for target in self.canonicals(url)
            if (kind := self._target_fault(url, target))
        ]
        return [{"url": url, "type": kind, "target": target} for kind, target in found]

    def _disagreements(self, page: Page, url: str) -> list[tuple[str, str | None]]:
        heads = {
            urljoin(url, c.href) for c in page.canonicals if c.place == "head" and not _invalid(c)
        }
        header = [urljoin(url, c.href) for c in page.canonicals if c.place == "header"]
        found: list[tuple[str, str | None]] = [("multiple", None)] if len(heads) > 1 else []
        return found + [
            ("header_html_mismatch", target) for target in header if heads and target not in heads
        ]

    def _target_fault(self, url: str, target: str) -> str | None:
        if target == url:
            return None
        if not target.startswith(f"{self.site.base_url}/"):
            return "cross_host"
        resource = self.at(target)
        if isinstance(resource, Redirect):
            return "to_redirect"
        if self.status(target) != 200:
            return "to_non_200"
        if isinstance(resource, Page) and self.noindex(resource):
            return "to_noindex"
        return None if all(c == target for c in self.canonicals(target)) else "chain"

    def chains(self) -> list[Found]:
        """Redirect paths of two hops or more, and loops, from what a page or sitemap names."""
        named = sorted((self.referrers.keys() | self.sitemap) & self.seen.keys())
        ways = [self._way(start) for start in named if isinstance(self.seen[start], Redirect)]
        return [way for way in ways if way["loop"] or len(way["hops"]) > 1]

    def _way(self, start: str) -> Found:
        hops: list[str] = []
        url = start
        while isinstance(resource := self.at(url), Redirect) and url not in hops:
            hops.append(url)
            url = self.site.base_url + resource.location
        loop = url in hops
        return {
            "start": start,
            "hops": [{"url": hop, "status": self.status(hop)} for hop in hops],
            "final": url,
            "final_status": None if loop else self.status(url),
            "loop": loop,
        }

    def orphans(self) -> list[str]:
        """Good pages of the sitemap that no link reaches, not even over a redirect."""
        linked = {f"{self.site.base_url}/", *self.referrers}
        linked |= {self._way(u)["final"] for u in linked if isinstance(self.seen.get(u), Redirect)}
        return sorted(url for url in self.good if url in self.sitemap and url not in linked)

    def meta_counts(self) -> Counter[str] | Found:
        """Counts over the good pages."""
        good = list(self.good.values())
        titles = Counter(page.title for page in good if page.title)
        descriptions = Counter(page.description for page in good if page.description)
        return {
            "missing_title": sum(not page.title for page in good),
            "missing_description": sum(not page.description for page in good),
            "missing_h1": sum(not any(page.headings) for page in good),
            "multiple_h1": sum(len(page.headings) > 1 for page in good),
            "long_title": sum(len(page.title or "") > 60 for page in good),
            "long_description": sum(len(page.description or "") > 160 for page in good),
            "duplicate_titles": sum(n for n in titles.values() if n > 1),
            "duplicate_descriptions": sum(n for n in descriptions.values() if n > 1),
        }

    def render_failures(self) -> list[Found]:
        """Pages whose script breaks, so that their content never appears."""
        broken = [
            u
            for u, page in self.good.items()
            if page.script and (page.script.throws or not page.script.delivers)
        ]
        return [{"url": url, "reason": "script error"} for url in sorted(broken)]

    def templates(self) -> dict[str, list[str]]:
        """Pages by the shape of their path."""
        shapes: dict[str, list[str]] = {}
        for url in sorted(self.good):
            parts = urlsplit(url).path.strip("/").split("/")
            shape = f"/{'/'.join(parts[:-1])}/*" if len(parts) > 1 else urlsplit(url).path
            shapes.setdefault(shape, []).append(url)
        return shapes


def _invalid(canonical: Canonical) -> bool:
    parts = urlsplit(canonical.href)
    return bool(parts.scheme) and not (parts.scheme in ("http", "https") and parts.netloc)
