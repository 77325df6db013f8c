"""Looking up keywords one after another or a few at once, as the engine wishes."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from hermes_fleet.searching.engine import Answers, Engine, SearchError
from hermes_fleet.searching.results import Locale, ResultPage

LONGEST_WAIT = 30.0  # seconds that a provider's Retry-After may hold us
MOST_FAILURES = 5  # failures in a row after which the rest is not asked any more

Progress = Callable[[int], Awaitable[None]]
"""Called with the number of keywords that are done."""


@dataclass(slots=True)
class Lookup:
    """One engine, asked for many keywords. `patient`: a search that came too early is asked once more."""

    engine: Engine
    locale: Locale
    depth: int
    progress: Progress
    patient: bool = False
    answers: Answers = field(default_factory=Answers)
    _stopped: SearchError | None = None
    _in_a_row: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _next: float = 0.0

    async def run(self, keywords: Sequence[str]) -> Answers:
        """A page or a failure for every keyword, in their order; what `answers` holds is not asked for."""
        waiting = deque(each for each in keywords if each not in self.answers.pages)
        async with asyncio.TaskGroup() as group:
            for _ in range(self.engine.manners.at_once):
                group.create_task(self._work(waiting))
        ordered = self.answers
        return Answers(
            {each: ordered.pages[each] for each in keywords if each in ordered.pages},
            {each: ordered.failures[each] for each in keywords if each in ordered.failures},
        )

    async def _work(self, waiting: deque[str]) -> None:
        while waiting:
            keyword = waiting.popleft()
            if self._stopped is not None:
                self.answers.failures[keyword] = self._stopped
                continue
            try:
                self.answers.pages[keyword] = await self._page(keyword)
                self._in_a_row = 0
            except SearchError as failure:
                self._note(keyword, failure)
            await self.progress(len(self.answers.pages) + len(self.answers.failures))

    async def _page(self, keyword: str) -> ResultPage:
        await self._wait_for_turn()
        try:
            return await self.engine.search(keyword, self.locale, self.depth)
        except SearchError as failure:
            wait = failure.retry_after if failure.retry_after is not None else 1.0
            if not self.patient or failure.code != "rate_limited" or wait > LONGEST_WAIT:
                raise
        await asyncio.sleep(wait)
        return await self.engine.search(keyword, self.locale, self.depth)

    async def _wait_for_turn(self) -> None:
        clock = asyncio.get_running_loop().time
        async with self._turn:
            await asyncio.sleep(max(0.0, self._next - clock()))
            self._next = clock() + self.engine.manners.apart

    def _note(self, keyword: str, failure: SearchError) -> None:
        self.answers.failures[keyword] = failure
        self._in_a_row += 1
        if failure.hopeless or self._in_a_row >= MOST_FAILURES:
            self._stopped = failure
