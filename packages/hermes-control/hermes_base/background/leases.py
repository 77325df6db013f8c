"""Leases: what a worker has claimed stays its own while it renews, and is anybody's once it does not.

The row holds who has the lease and until when; claiming, renewing and releasing are statements of the
product. Here stands what is the same for all of them: renewing in time, and the tasks under way.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Coroutine, Hashable
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

import structlog

from hermes_base.background.loops import beside
from hermes_base.postgres.database import LOST_DATABASE

log = structlog.get_logger()

RENEWALS = 4
"""How often a lease is renewed in its own time: three renewals may fail before it lapses."""

K = TypeVar("K", bound=Hashable)


@asynccontextmanager
async def renewed(
    renew: Callable[[], Awaitable[bool]],
    seconds: float,
    lost: Callable[[], object] = lambda: None,
) -> AsyncGenerator[None]:
    """Renew a lease of `seconds` while the block runs, so that long work is not taken for dead work.

    `renew` pushes its end and returns False when another worker has it: then `lost` is called, once,
    and nothing is renewed any more. A database that is away is tried again at the next renewal. The
    lease may lapse meanwhile; so every write of the work must be guarded by the lease itself.
    """
    async with beside(_renew(renew, seconds / RENEWALS, lost)):
        yield


async def _renew(
    renew: Callable[[], Awaitable[bool]], pause: float, lost: Callable[[], object]
) -> None:
    while True:
        await asyncio.sleep(pause)
        try:
            if await renew():
                continue
        except LOST_DATABASE as error:
            log.warning("database away, lease not renewed", error=type(error).__name__)
        else:
            lost()
            return


class InFlight(Generic[K]):
    """The work that a process has claimed and not ended: one task for each key.

    `ended` is called with a key once its task has ended and the key is no longer among `keys`.
    """

    def __init__(self, ended: Callable[[K], object] = lambda _: None) -> None:
        self._tasks: dict[K, asyncio.Task[None]] = {}
        self._on_end = ended

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, key: object) -> bool:
        return key in self._tasks

    def keys(self) -> list[K]:
        """The keys whose tasks have not ended, in the order of their claims."""
        return list(self._tasks)

    def start(self, key: K, work: Coroutine[Any, Any, None]) -> None:
        """Begin the work of a claim. A key that was claimed anew, after its lease had lapsed, stands
        for the newer task."""
        task = self._tasks[key] = asyncio.create_task(work)
        task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: K, task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
            self._on_end(key)

    def cancel(self, key: K) -> None:
        """Cancel one task, if it is under way."""
        if key in self._tasks:
            self._tasks[key].cancel()

    async def any_ended(self) -> None:
        """Wait until some task has ended; at once when none is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    async def drain(self, seconds: float, only: Collection[K] | None = None) -> None:
        """Wait up to `seconds` for what is under way, or for `only` some of it; cancel the rest."""
        tasks = list(self._tasks.values())
        waited = [task for key, task in self._tasks.items() if only is None or key in only]
        if waited:
            await asyncio.wait(waited, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
