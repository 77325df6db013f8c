"""The monitor: sees what is stuck, also at 0 %, and says so until it is over."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from directory_bolt.core.orders.processes import ALARMING_SECONDS, SILENT_SECONDS, WATCHED_KINDS
from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.engines.queue import Queue, QueueAwayError
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.storage import (
    alerts,
    dead_letters,
    flows,
    heartbeats,
    orders,
    outbox,
)
from directory_bolt.waiting import resume_waiting
from hermes_base.background.loops import until_stopped
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import Pool

log = structlog.get_logger()

LOOK_EVERY = 5.0
STUCK = timedelta(minutes=5)
UNDELIVERED = timedelta(minutes=2)
NEVER_QUEUED = timedelta(minutes=2)
FORGOTTEN = timedelta(minutes=10)
WATCHED = ("relay", "brain", "subscriber", "flow-worker")

Look = Callable[[datetime], Awaitable[None]]


class Monitor:
    """Looks every few seconds; an alert closes by itself when two looks no longer see its trouble."""

    def __init__(
        self,
        pool: Pool,
        queue: Queue,
        heartbeat: Heartbeat,
        clock: Clock = utc_now,
        every: float = LOOK_EVERY,
    ) -> None:
        self._pool = pool
        self._queue = queue
        self._heartbeat = heartbeat
        self._clock = clock
        self._every = every
        self._began = clock()

    async def run(self, stop: asyncio.Event) -> None:
        """Look at everything again and again until `stop` is set."""
        await until_stopped(stop, self.look, self._every)

    async def look(self) -> None:
        """Look once for each trouble of the pipeline, and open or close its alert."""
        now = self._clock()
        looks: tuple[Look, ...] = (
            self._processes,
            self._stuck,
            self._outbox,
            self._never_queued,
            self._lapsed,
            self._dead,
            self._waiting,
        )
        for each in looks:
            await each(now)
        for closed in await alerts.close_alerts(
            self._pool, WATCHED_KINDS, now - timedelta(seconds=2 * self._every)
        ):
            log.info("alert over", key=closed.key)

    async def _processes(self, now: datetime) -> None:
        """A process of a kind is silent when none of its kind has been heard of lately."""
        newest: dict[str, datetime] = {}
        for row in await heartbeats.heartbeats(self._pool):
            newest.setdefault(row.process, row.seen_at)
        silent = [
            process
            for process in WATCHED
            if process in newest and (now - newest[process]).total_seconds() > SILENT_SECONDS
        ]
        # All processes start at once: who begins to look has not missed anybody yet.
        missed = (now - self._began).total_seconds() > ALARMING_SECONDS
        for process in silent if missed else ():
            age = (now - newest[process]).total_seconds()
            if age > ALARMING_SECONDS:
                text = f"No heartbeat from the {process} for {age:.0f} s."
                await self._raise("silent", process, text)
        absent = [process for process in WATCHED if process not in newest]
        for process in absent if missed else ():
            await self._raise("silent", process, f"No {process} is running.")
        self._heartbeat.state["silent"] = [*silent, *absent]
        self._heartbeat.fault = (
            f"silent: {', '.join([*silent, *absent])}" if silent or absent else ""
        )
        await heartbeats.forget_silent(self._pool, now - FORGOTTEN)

    async def _stuck(self, now: datetime) -> None:
        for row in await orders.without_progress(self._pool, now - STUCK):
            minutes = (now - row.heard_at).total_seconds() / 60
            text = f"An order has been at {row.progress:g}% for {minutes:.0f} min ({row.status})."
            await alerts.raise_alert(self._pool, f"stuck:{row.id}", "stuck", text, row.id)

    async def _outbox(self, now: datetime) -> None:
        for row in await outbox.overdue(self._pool, now - UNDELIVERED):
            text = (
                f"An order could not be sent to the brain: {row.last_error or 'not attempted yet'}"
            )
            await alerts.raise_alert(self._pool, f"outbox:{row.id}", "outbox", text, row.job_id)

    async def _never_queued(self, now: datetime) -> None:
        for job_id in await orders.never_enqueued(self._pool, now - NEVER_QUEUED):
            await alerts.raise_alert(
                self._pool, f"never_queued:{job_id}", "never_queued",
                "A paid order is not in the queue.", job_id,
            )  # fmt: skip

    async def _lapsed(self, now: datetime) -> None:
        for row in await flows.lapsed(self._pool, EmbeddedFlow.name, now - timedelta(minutes=1)):
            await alerts.raise_alert(
                self._pool, f"lapsed:{row.id}", "lapsed",
                "An order is waiting, but no flow worker has picked it up.", row.job_id,
            )  # fmt: skip

    async def _dead(self, now: datetime) -> None:
        del now
        with suppress(QueueAwayError):  # that is said by the brain and the subscriber
            await self._queue.empty_dead()
        if count := await dead_letters.count(self._pool):
            text = f"{count} dead {'letter needs' if count == 1 else 'letters need'} attention."
            await self._raise("dead_letters", "queue", text)

    async def _waiting(self, now: datetime) -> None:
        del now
        for job_id in await resume_waiting(self._pool):
            log.info("directories were added to a waiting order", jobId=str(job_id))

    async def _raise(self, kind: str, subject: str, text: str) -> None:
        await alerts.raise_alert(self._pool, f"{kind}:{subject}", kind, text)
