"""A second opinion on the demo site: everything read over HTTP, nothing from its model."""

import gzip
import re
from collections import defaultdict
from urllib.parse import quote, urldefrag, urljoin
from urllib.robotparser import RobotFileParser

import aiohttp
from selectolax.lexbor import LexborHTMLParser

LOCATION = re.compile("<loc>(.*?)</loc>")


class Audit:
    """What one client saw of the site at `base`."""

    def __init__(self, base: str, client: aiohttp.ClientSession) -> None:
        self.base, self.client = base, client
        self.robots = RobotFileParser()
        self.listed = set[str]()
        self.statuses = dict[str, int]()
        self.moves = dict[str, str]()
        self.pages = dict[str, LexborHTMLParser]()
        self.headers = dict[str, dict[str, str]]()
        self.referrers = defaultdict[str, set[str]](set)
        self.blocked = set[str]()

    async def walk(self) -> None:
        """Visit everything that the site leads to."""
        await self._read_rules()
        waiting = [f"{self.base}/", *self.listed]
        while waiting:
            url = waiting.pop()
            if not self.robots.can_fetch("HermesCrawler", url):
                self.blocked.add(url)
            elif url not in self.statuses:
                waiting += await self._visit(url)

    async def _read_rules(self) -> None:
        self.robots.parse((await self._get(f"{self.base}/robots.txt")).decode().splitlines())
        for index in self.robots.site_maps() or []:
            for part in LOCATION.findall((await self._get(index)).decode()):
                body = await self._get(part)
                text = (gzip.decompress(body) if part.endswith(".gz") else body).decode()
                self.listed.update(LOCATION.findall(text))

    async def _get(self, url: str) -> bytes:
        async with self.client.get(url) as answer:
            assert answer.status == 200, url
            return await answer.read()

    async def _visit(self, url: str) -> list[str]:
        async with self.client.get(url, allow_redirects=False) as answer:
            self.statuses[url] = answer.status
            self.headers[url] = dict(answer.headers)
            if 300 <= answer.status < 400:
                self.moves[url] = urljoin(url, answer.headers["Location"])
                return [self.moves[url]]
            if answer.content_type != "text/html":
                return []
            self.pages[url] = LexborHTMLParser(await answer.text())
        found = self._links(url)
        for link in found - {url}:
            self.referrers[link].add(url)
        return sorted(found)

    def _links(self, url: str) -> set[str]:
        tree = self.pages[url]
        base = tree.css_first("base")
        start = urljoin(url, base.attributes["href"] or "") if base else url
        nodes = tree.css("a[href]:not([rel~=nofollow]), area[href]:not([rel~=nofollow])")
        hrefs = ((node.attributes["href"] or "").strip() for node in nodes)
        joined = (
            urldefrag(urljoin(start, quote(href, safe="/:?&=#%.,+-_~"))).url for href in hrefs
        )
        return {each for each in joined if each.startswith(f"{self.base}/")}

    @property
    def good(self) -> dict[str, LexborHTMLParser]:
        return {url: page for url, page in self.pages.items() if self.statuses[url] == 200}

    def indexable(self, url: str) -> bool:
        said = [self.headers[url].get("X-Robots-Tag", "")]
        said += [
            node.attributes["content"] or ""
            for node in self.pages[url].css("meta[name=robots], meta[name=googlebot]")
        ]
        return "noindex" not in " ".join(said).lower() and self._canonicals(url) <= {url}

    def _canonicals(self, url: str) -> set[str]:
        hrefs = [
            node.attributes["href"] or ""
            for node in self.pages[url].css("head link[rel=canonical]")
        ]
        hrefs += re.findall(r'<([^>]*)>; rel="canonical"', self.headers[url].get("Link", ""))
        return {urljoin(url, href) for href in hrefs if re.match(r"https?://[^/]|/", href)}

    def hops(self, start: str) -> list[str]:
        """The addresses that redirect on the way from `start`, each once."""
        way = list[str]()
        while start in self.moves and start not in way:
            way.append(start)
            start = self.moves[start]
        return way

    def orphans(self) -> list[str]:
        linked = {f"{self.base}/", *self.referrers}
        linked |= {self.moves[hop] for url in linked for hop in self.hops(url)}
        return sorted(self.listed & self.good.keys() - linked)

    def texts(self, selector: str) -> list[list[str]]:
        """Per good page the texts of what `selector` finds, blank ones left out."""
        return [
            [text for node in page.css(selector) if (text := node.text().strip())]
            for page in self.good.values()
        ]
