"""robots.txt of directories by RFC 9309, kept for a while."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp
from protego import Protego

AGENT = "HermesDirectoryBolt"
MOST_BYTES = 512_000  # RFC 9309 2.5 asks for at least 500 KiB
KEPT_SECONDS = 600.0


class RobotsAwayError(Exception):
    """robots.txt cannot be had now, so nothing may be visited; the message says why."""


class Robots:
    """Asks each host once in ten minutes."""

    def __init__(
        self, http: aiohttp.ClientSession, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._http = http
        self._clock = clock
        self._known: dict[str, tuple[float, Protego]] = {}

    async def allows(self, url: str) -> bool:
        """Whether the page may be visited. Raises RobotsAwayError where that cannot be known."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        read_at, rules = self._known.get(origin, (-KEPT_SECONDS, None))
        if rules is None or self._clock() - read_at >= KEPT_SECONDS:
            rules = Protego.parse(await self._text(f"{origin}/robots.txt"))
            self._known[origin] = (self._clock(), rules)
        return bool(rules.can_fetch(url, AGENT))

    async def _text(self, url: str) -> str:
        """The rules; "" (everything is allowed) where a 4xx says that there are none."""
        try:
            async with self._http.get(url) as answer:
                body = await answer.content.read(MOST_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise RobotsAwayError(f"{url} cannot be read: {type(error).__name__}") from error
        if answer.status >= 500:
            raise RobotsAwayError(f"{url} answered with status {answer.status}")
        return body.decode("utf-8", "replace") if answer.status == 200 else ""
