"""Sitemaps: all page addresses that a site lists, in files plain or gzipped, index or list."""

import html
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from hermes_egress.robots import Robots
from hermes_fleet.crawling.addresses import normalise, same_name
from hermes_fleet.crawling.visit import Visitor

MOST_BYTES = 50_000_000  # sitemaps.org: 50 MB unpacked
MOST_ADDRESSES = 50_000  # and 50,000 addresses a file; also the most that are taken in all
GZIP = b"\x1f\x8b"
LOCATION = re.compile(
    r"<(\w+:)?loc>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</(?:\w+:)?loc>", re.DOTALL
)
INDEX = re.compile(r"<(?:\w+:)?sitemapindex[\s>]")
MARKUP = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex|rss|feed)[\s>]")
EXTENSIONS = {"image:", "video:", "news:"}  # whose addresses are no pages
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True)
class Sitemap:
    """One file: addresses of pages, or of further sitemaps when it is an index."""

    addresses: tuple[str, ...]
    is_index: bool
    is_sitemap: bool = True  # False for a page of HTML and the like


@dataclass(frozen=True)
class Listing:
    """What the sitemaps of a site list: pages, the files read (address to status), those not."""

    pages: list[str]
    files: dict[str, int]
    unread: list[str]
    strange: list[str] = field(default_factory=list[str])  # answered with 200 and are no sitemap


async def collect(visitor: Visitor, home: str, robots: Robots, most_files: int) -> Listing:
    """Page addresses from the sitemaps that robots.txt names, else from /sitemap.xml."""
    waiting = _normalised(robots.sitemaps or ["/sitemap.xml"], home)
    pages, files, strange = dict[str, None](), dict[str, int](), list[str]()
    while waiting and len(files) < most_files and len(pages) < MOST_ADDRESSES:
        file = waiting.pop(0)
        if file in files or not same_name(file, home) or not robots.allows(file):
            continue
        files[file], sitemap = await _fetched(visitor, file)
        strange.extend([] if sitemap.is_sitemap else [file])
        found = _normalised(sitemap.addresses, file)
        waiting.extend(found if sitemap.is_index else ())
        pages.update(dict.fromkeys(() if sitemap.is_index else found))
    return Listing(list(pages), files, waiting, strange)


async def _fetched(visitor: Visitor, url: str) -> tuple[int, Sitemap]:
    answer = await visitor.follow(url, most_bytes=MOST_BYTES)
    return answer.status, read(answer.body) if answer.status == 200 else Sitemap((), False)


def _normalised(addresses: Iterable[str], base: str) -> list[str]:
    return [url for each in addresses if (url := normalise(each, base))]


def read(body: bytes) -> Sitemap:
    """Read one sitemap file: XML, or text with an address a line. What is neither has no addresses."""
    text = _decoded(_unpacked(body))
    if "<" not in text[:1000]:
        return _read_lines(text)
    found = (each.group(2) for each in LOCATION.finditer(text) if each.group(1) not in EXTENSIONS)
    addresses = [html.unescape(address.strip()) for address in islice(found, MOST_ADDRESSES)]
    return Sitemap(tuple(addresses), bool(INDEX.search(text)), bool(MARKUP.search(text)))


def _read_lines(text: str) -> Sitemap:
    """sitemaps.org: a text file has one full address a line and nothing else."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    addresses = [line for line in lines if line.startswith(("http://", "https://"))]
    return Sitemap(tuple(addresses[:MOST_ADDRESSES]), False, len(addresses) == len(lines) > 0)


def _decoded(body: bytes) -> str:
    encoding = next((name for mark, name in MARKS.items() if body.startswith(mark)), "utf-8")
    return body.decode(encoding, errors="replace")


def _unpacked(body: bytes) -> bytes:
    """The plain bytes, at most MOST_BYTES of them; of torn gzip what is whole, of several members all."""
    plain = b""
    while body.startswith(GZIP) and len(plain) < MOST_BYTES:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            plain += unpacker.decompress(body, MOST_BYTES - len(plain))
        except zlib.error:
            break
        body = unpacker.unused_data
    return plain or body[:MOST_BYTES]
