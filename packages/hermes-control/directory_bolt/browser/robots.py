"""robots.txt of directories by RFC 9309, kept for a while."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp

from directory_bolt.browser.addresses import Addresses
from hermes_egress.robots import MOST_BYTES, Robots, is_closed

AGENT = "HermesDirectoryBolt"
KEPT_SECONDS = 600.0


class RobotsAwayError(Exception):
    """robots.txt cannot be had now, so nothing may be visited; the message says why."""


class KnownRobots:
    """Asks each host once in ten minutes."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        clock: Callable[[], float] = time.monotonic,
        demo: aiohttp.ClientSession | None = None,
    ) -> None:
        """`demo` asks directories of the demo, which stand on this machine; by default `http` does."""
        self._http = http
        self._demo = demo or http
        self._clock = clock
        self._known: dict[str, tuple[float, Robots]] = {}

    async def allows(self, url: str, addresses: Addresses) -> bool:
        """Whether the page may be visited. Raises RobotsAwayError where that cannot be known, or
        only at a host that `addresses` does not allow."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        read_at, rules = self._known.get(origin, (-KEPT_SECONDS, None))
        if rules is None or self._clock() - read_at >= KEPT_SECONDS:
            rules = await self._read(f"{origin}/robots.txt", addresses)
            self._known[origin] = (self._clock(), rules)
        return rules.allows(url)

    async def _read(self, url: str, addresses: Addresses) -> Robots:
        """The rules; everything is allowed where a 4xx (but 429) says that there are none."""
        try:
            http = self._demo if addresses.any_host else self._http
            async with http.get(url, middlewares=(_guard(addresses),)) as answer:
                body = await _body(answer.content)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise RobotsAwayError(f"{url} cannot be read: {type(error).__name__}") from error
        if is_closed(answer.status):
            raise RobotsAwayError(f"{url} returned status {answer.status}")
        return Robots.answered(answer.status, body, AGENT)


def _guard(addresses: Addresses) -> aiohttp.ClientMiddlewareType:
    """Judges each hop: robots.txt may redirect to anywhere."""

    async def judged(
        request: aiohttp.ClientRequest, go_on: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if not await addresses.allows(str(request.url)):
            raise RobotsAwayError(f"robots.txt leads into a private network: {request.url}")
        return await go_on(request)

    return judged


async def _body(content: aiohttp.StreamReader) -> bytes:
    """The first MOST_BYTES: one read gives only what has arrived by then."""
    body = bytearray()
    while len(body) < MOST_BYTES and (more := await content.read(MOST_BYTES - len(body))):
        body += more
    return bytes(body)
