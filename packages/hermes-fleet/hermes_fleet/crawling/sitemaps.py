"""Sitemaps: all page addresses that a site lists, in files plain or gzipped, index or list."""

import html
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from hermes_egress.robots import Robots
from hermes_fleet.crawling.addresses import normalise, same_name
from hermes_fleet.crawling.visit import Visitor

MOST_BYTES = 50_000_000  # sitemaps.org: 50 MB unpacked
MOST_ADDRESSES = 50_000  # and 50,000 addresses a file; also the most that are taken in all
GZIP = b"\x1f\x8b"
LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</loc>", re.DOTALL)
INDEX = re.compile(r"<sitemapindex[\s>]")


@dataclass(frozen=True)
class Sitemap:
    """One file: addresses of pages, or of further sitemaps when it is an index."""

    addresses: tuple[str, ...]
    is_index: bool


@dataclass(frozen=True)
class Listing:
    """What the sitemaps of a site list: pages, the files read (address to status), those not."""

    pages: list[str]
    files: dict[str, int]
    unread: list[str]


async def collect(visitor: Visitor, home: str, robots: Robots, most_files: int) -> Listing:
    """Page addresses from the sitemaps that robots.txt names, else from /sitemap.xml."""
    waiting = _normalised(robots.sitemaps or ["/sitemap.xml"], home)
    pages, files = dict[str, None](), dict[str, int]()
    while waiting and len(files) < most_files and len(pages) < MOST_ADDRESSES:
        file = waiting.pop(0)
        if file in files or not same_name(file, home) or not robots.allows(file):
            continue
        files[file], sitemap = await _fetched(visitor, file)
        found = _normalised(sitemap.addresses, file)
        waiting.extend(found if sitemap.is_index else ())
        pages.update(dict.fromkeys(() if sitemap.is_index else found))
    return Listing(list(pages), files, waiting)


async def _fetched(visitor: Visitor, url: str) -> tuple[int, Sitemap]:
    answer = await visitor.follow(url, most_bytes=MOST_BYTES)
    return answer.status, read(answer.body if answer.status == 200 else b"")


def _normalised(addresses: Iterable[str], base: str) -> list[str]:
    return [url for each in addresses if (url := normalise(each, base))]


def read(body: bytes) -> Sitemap:
    """Read one sitemap file. What is not a sitemap has no addresses."""
    text = _unpacked(body).decode("utf-8", errors="replace")
    found = (match.group(1).strip() for match in LOCATION.finditer(text))
    addresses = [html.unescape(address) for address in islice(found, MOST_ADDRESSES)]
    return Sitemap(tuple(addresses), bool(INDEX.search(text)))


def _unpacked(body: bytes) -> bytes:
    """The plain bytes, at most MOST_BYTES of them; a torn gzip yields what is whole."""
    if not body.startswith(GZIP):
        return body[:MOST_BYTES]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MOST_BYTES)
    except zlib.error:
        return b""
