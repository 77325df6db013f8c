"""One GET: one hop, a size cap, time limits, and every failure by its name."""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from hermes_fleet.crawling.addresses import normalise
from hermes_fleet.crawling.guard import Guard, PrivateAddressError
from hermes_fleet.crawling.robots import USER_AGENT
from hermes_fleet.crawling.security_headers import lacking
from hermes_fleet.http import body_of, causes_of, failure_of, seconds_of

MOST_BYTES = 5_000_000
TIME_LIMITS = aiohttp.ClientTimeout(total=30, sock_connect=8, sock_read=15)
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
PAGE_TYPES = {"text/html", "application/xhtml+xml"}
ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}  # that the HTTP client unpacks
LOOKS_LIKE_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|title|script|h1|p|a|div|table)\b",
    re.IGNORECASE | re.DOTALL,
)
SNIFFED = 1445  # bytes by which a browser decides what an answer without a type is
CANONICAL = re.compile(r"<([^>]*)>\s*;[^,]*\brel\s*=\s*\"?([^\";,]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered; status 0 and an error when nothing did."""

    url: str
    status: int
    error: str | None = None
    content_type: str = ""  # the whole header, with charset
    location: str | None = None  # normalised target of a redirect
    robots: tuple[str, ...] = ()  # X-Robots-Tag headers
    canonical: str | None = None  # href of a Link rel=canonical header, as written
    retry_after: float | None = None  # seconds
    body: bytes = b""
    cut: bool = False  # whether the body was longer than what was read
    lacks: tuple[str, ...] = ()  # security headers that it does not carry
    seconds: float = 0.0  # from the request to its last byte that was read

    @property
    def redirects(self) -> bool:
        return 300 <= self.status < 400 and self.location is not None

    @property
    def is_html(self) -> bool:
        """Whether it is a page: by its type, or where it has none by how it begins."""
        if not self.content_type.strip():
            return bool(LOOKS_LIKE_HTML.match(self.body[:SNIFFED]))
        return is_html(self.content_type)


def is_html(content_type: str) -> bool:
    """Whether an answer of this type is a page, or could be one because it has no type."""
    return content_type.partition(";")[0].strip().lower() in {"", *PAGE_TYPES}


class Fetcher:
    """GETs addresses of one site through one pool of connections.

    It stands beside `http.Exchange`: an address that fails is a finding about the site, not an error
    of the run; the body of a page that is too large is cut, not refused; and every address is new.
    """

    def __init__(self, session: aiohttp.ClientSession, guard: Guard) -> None:
        self._session = session
        self._guard = guard

    async def get(
        self,
        url: str,
        reads: Callable[[str], bool] = lambda _content_type: True,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """GET one address without following redirects. Failures are answers of status 0.

        The body is read when `reads` says yes to its content type, up to `most_bytes`.
        """
        try:
            asked = URL(url, encoded=True)
            if self._guard.refuses(asked.host or "", asked.port or 0):
                return Answer(url, 0, "private_address")
            begun = monotonic()
            async with self._session.get(asked, allow_redirects=False) as response:
                answer = await _answer(url, response, reads, most_bytes)
            return replace(answer, seconds=round(monotonic() - begun, 4))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Answer(url, 0, _name(error))

    async def resolve(self, name: str, port: int) -> str:
        """One IP address of a host that may be called. Raises OSError."""
        if self._guard.refuses(name, port):
            raise PrivateAddressError(f"{name} is a private address")
        return (await self._guard.resolve(name, port))[0]["host"]


@asynccontextmanager
async def fetcher(
    connections: int, names: AbstractResolver | None = None
) -> AsyncGenerator[Fetcher]:
    """A Fetcher; of private addresses it asks only those of the demo and those that an admin has opened."""
    guard = Guard(names)
    connector = aiohttp.TCPConnector(limit=connections, resolver=guard)
    async with aiohttp.ClientSession(
        connector=connector,
        headers=HEADERS,
        timeout=TIME_LIMITS,
        cookie_jar=aiohttp.DummyCookieJar(),
        max_field_size=65_536,
    ) as session:
        yield Fetcher(session, guard)


async def _answer(
    url: str, response: aiohttp.ClientResponse, reads: Callable[[str], bool], most_bytes: int
) -> Answer:
    headers = response.headers
    content_type = headers.get("Content-Type", "")
    location = headers.get("Location")
    encoding = headers.get("Content-Encoding", "").strip().lower()
    readable = encoding in ENCODINGS
    body = await body_of(response, most_bytes + 1) if readable and reads(content_type) else b""
    return Answer(
        url=url,
        status=response.status,
        error=None if readable else "unknown_content_encoding",
        content_type=content_type,
        location=normalise(location, url) if location else None,
        robots=tuple(headers.getall("X-Robots-Tag", [])),
        canonical=_canonical(headers.getall("Link", [])),
        retry_after=seconds_of(headers.get("Retry-After")),
        body=body[:most_bytes],
        cut=len(body) > most_bytes,
        lacks=lacking(url, headers),
    )


def _canonical(links: list[str]) -> str | None:
    for href, rels in CANONICAL.findall(",".join(links)):
        if "canonical" in rels.lower().split():
            return href
    return None


def _name(error: BaseException) -> str:
    if any(isinstance(cause, PrivateAddressError) for cause in causes_of(error)):
        return "private_address"
    return failure_of(error).cause
