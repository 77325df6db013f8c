"""Visiting an address politely: in turn, again when asked to wait, and hop by hop."""

from collections.abc import Callable
from dataclasses import dataclass

from hermes_fleet.crawling.fetch import MOST_BYTES, Answer, Fetcher
from hermes_fleet.crawling.pace import Pace

TRIES = 2
ASKED_TO_WAIT = {429, 503}


@dataclass(frozen=True)
class Visitor:
    """Fetches at a pace. `longest_pause` bounds, in seconds, how long Retry-After may hold us."""

    fetcher: Fetcher
    pace: Pace
    longest_pause: float

    async def visit(
        self,
        url: str,
        reads: Callable[[str], bool] = lambda _content_type: True,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """The answer of one address; asked once more after a 429 or 503 with Retry-After."""
        answer = await self._ask(url, reads, most_bytes)
        for _again in range(TRIES - 1):
            if answer.status not in ASKED_TO_WAIT or answer.retry_after is None:
                break
            self.pace.pause(min(answer.retry_after, self.longest_pause))
            answer = await self._ask(url, reads, most_bytes)
        return answer

    async def follow(self, url: str, hops: int = 5, most_bytes: int = MOST_BYTES) -> Answer:
        """The answer at the end of at most `hops` redirects, or the last redirect."""
        answer = await self.visit(url, most_bytes=most_bytes)
        while answer.location and answer.redirects and hops > 0:
            answer = await self.visit(answer.location, most_bytes=most_bytes)
            hops -= 1
        return answer

    async def _ask(self, url: str, reads: Callable[[str], bool], most_bytes: int) -> Answer:
        await self.pace.turn()
        answer = await self.fetcher.get(url, reads, most_bytes)
        self.pace.heard(answer.status)
        return answer
