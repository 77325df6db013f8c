"""Watching a page until nothing happens any more, for as long as Lighthouse does."""

import asyncio
from dataclasses import dataclass
from time import monotonic

from playwright.async_api import BrowserContext, Page

QUIET_SECONDS = 5.25  # Lighthouse, where the browser throttles: network and CPU quiet, after load
LONGEST_SECONDS = 25.0  # after the load event
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Watch:
    """How long a page was watched after its load event, and whether it came to rest."""

    seconds: float
    settled: bool


class Traffic:
    """The requests of a page: how many are under way, and for how long there was none."""

    def __init__(self, context: BrowserContext) -> None:
        self.count = 0
        self._under_way = 0
        self._last = monotonic()
        context.on("request", lambda _request: self._heard(1))
        context.on("requestfinished", lambda _request: self._heard(-1))
        context.on("requestfailed", lambda _request: self._heard(-1))

    @property
    def quiet(self) -> float:
        """Seconds without a request under way."""
        return 0.0 if self._under_way > 0 else monotonic() - self._last

    def _heard(self, change: int) -> None:
        self.count += max(0, change)
        self._under_way += change
        self._last = monotonic()


async def watch(page: Page, traffic: Traffic) -> Watch:
    """Wait until network, processor, layout and largest content have been quiet for QUIET_SECONDS."""
    begun = monotonic()
    while (watched := monotonic() - begun) < LONGEST_SECONDS:
        still = await page.evaluate("() => __hermesVitals.quiet()") / 1000
        if min(watched, still, traffic.quiet) >= QUIET_SECONDS:
            return Watch(watched, True)
        await asyncio.sleep(LOOK_SECONDS)
    return Watch(watched, False)
