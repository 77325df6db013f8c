"""The database's clock in every process: leases, deadlines and schedules of several machines agree.

A machine whose own clock is wrong, or is set while Hermes runs, judges nothing by it.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from hermes_base.clock import utc_now
from hermes_base.postgres import wrong_clocks
from hermes_base.postgres.database import LOST_DATABASE, Pool

log = structlog.get_logger()

SYNC_SECONDS = 20.0
"""Between two looks: a machine's monotonic clock drifts by less than a millisecond in so long."""
MOST_SKEW = timedelta(seconds=2)
"""Beyond it the machine's clock is told to be wrong; nothing is judged by it either way."""


class DatabaseClock:
    """A `Clock`: the server's time when it was last asked, and what has passed since by monotonic time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._then = utc_now()
        self._at = monotonic()
        self.skew = timedelta()
        """How far this machine's clock is ahead of the database's."""
        self._told = True  # whoever was here before may have left a row

    def __call__(self) -> datetime:
        """Now, in UTC, by the database."""
        return self._then + timedelta(seconds=self._monotonic() - self._at)

    async def sync(self, pool: Pool) -> None:
        """Ask the server. Its answer is of the middle of the way there and back. Raises LOST_DATABASE."""
        asked = self._monotonic()
        then: datetime = await pool.fetchval("select clock_timestamp()")
        answered = self._monotonic()
        self._then, self._at = then.astimezone(UTC), (asked + answered) / 2
        self._measure()

    async def keep(self, pool: Pool) -> None:
        """Ask every so often until cancelled, and tell others of a wrong clock of this machine.

        While the database is away, time goes on from the last answer.
        """
        while True:
            try:
                await self.tell(pool)
                await asyncio.sleep(SYNC_SECONDS)
                await self.sync(pool)
            except LOST_DATABASE as error:
                log.info("the database's clock was not asked", error=type(error).__name__)
                await asyncio.sleep(SYNC_SECONDS)

    @property
    def is_wrong(self) -> bool:
        """Whether this machine's clock differs by more than an exchange with the server can explain."""
        return abs(self.skew) > MOST_SKEW

    async def tell(self, pool: Pool) -> None:
        """Only what changed, or is still wrong."""
        if self.is_wrong or self._told:
            self._told = self.is_wrong
            await wrong_clocks.tell(pool, self.skew if self.is_wrong else None)

    def _measure(self) -> None:
        was, self.skew = self.skew, utc_now() - self()
        if self.is_wrong and abs(self.skew - was) > MOST_SKEW:
            seconds = round(self.skew.total_seconds(), 1)
            log.warning(
                "this machine's clock is wrong; the database's is used", aheadSeconds=seconds
            )
