"""How fast: so many at once, so far apart, pauses on request, slower when a site suffers."""

import asyncio
from collections import deque

WATCHED = 20  # the last answers that the brake looks at


class Pace:
    """The politeness of one crawl towards one host."""

    def __init__(self, at_once: int, apart: float) -> None:
        """At most `at_once` requests, starting at least `apart` seconds after each other."""
        self.at_once = at_once
        self.apart = apart
        self.slowdowns = 0
        self.pauses = 0
        self._next = 0.0  # when the next request may start, by the clock of the event loop
        self._queue = asyncio.Lock()
        self._failing: deque[bool] = deque(maxlen=WATCHED)

    async def turn(self) -> None:
        """Wait until the next request may start."""
        async with self._queue:
            await self._free()
            self._next = asyncio.get_running_loop().time() + self.apart

    async def _free(self) -> None:
        wait = self._next - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)
            await self._free()  # a pause may have been asked for in the meantime

    def pause(self, seconds: float) -> None:
        """Start nothing for so long; what is under way ends by itself."""
        self.pauses += 1
        self._next = max(self._next, asyncio.get_running_loop().time() + seconds)

    def heard(self, status: int) -> None:
        """Note an answer; halve the pace when more than half of the last ones failed."""
        self._failing.append(status in {0, 429} or status >= 500)
        if len(self._failing) == WATCHED and sum(self._failing) > WATCHED // 2:
            self.at_once = max(1, self.at_once // 2)
            self.slowdowns += 1
            self._failing.clear()
