"""The loop of a runner: claim what is due, take each run one step on, concurrently, and save."""

import asyncio
import contextlib
import gc
import random
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
import structlog

from hermes.core.catalog import Catalog, Catalogs
from hermes.core.runs.conclude import cancelled, fail
from hermes.core.runs.model import ClaimedRun, StepContext
from hermes.runner.chores import alive, prune
from hermes.runner.durations import Durations
from hermes.runner.log_context import current_run
from hermes.runner.requests import Requests
from hermes.runner.results import StepResult
from hermes.runner.saver import Saver
from hermes.runner.steps import StepRunner
from hermes.storage.runs import claiming
from hermes.vault import Vault
from hermes_base import tracing
from hermes_base.background.heartbeats import instance_name
from hermes_base.background.leases import InFlight
from hermes_base.background.loops import beside
from hermes_base.clock import Clock, utc_now
from hermes_base.http.client import Client
from hermes_base.postgres.database import LOST_DATABASE, Pool
from hermes_base.postgres.listening import Listener
from hermes_base.reasons import Failure, Reason

log = structlog.get_logger()

IDLE_SECONDS = 1.0
CLAIM = 1500
"""Runs of one claim, at most."""
FIRST = 200
"""Runs of a claim while nothing is in flight: they are requested while the next are claimed."""
GRACE = 20.0
"""Seconds that a stop waits for the answers to starts: sent again, a job might run twice."""


def steady_memory() -> None:
    """For a process that only runs a runner: it makes many short-lived objects and few cycles, and
    looking for cycles after every 700 of them costs a fifth of its time (measured)."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


class Runner:
    """One runner; any number of them may share a database.

    `capacity`: runs in flight at most. `grace`: seconds that a stop waits for the answers to starts.
    """

    def __init__(
        self,
        pool: Pool,
        catalog: Catalog | Catalogs,
        vault: Vault,
        client: Client,
        *,
        clock: Clock = utc_now,
        jitter: Callable[[], float] = random.random,
        capacity: int = 4000,
        lease: timedelta = timedelta(seconds=30),
        callback_url: str = "",
        grace: float = GRACE,
    ) -> None:
        self.name = instance_name()
        self._pool = pool
        self._clock = clock
        self._capacity = capacity
        self._lease = lease
        self._grace = grace
        self._catalogs: Catalogs = (lambda: catalog) if isinstance(catalog, Catalog) else catalog
        requests = Requests(client, clock, callback_url)
        self._steps = StepRunner(catalog, vault, requests, clock, jitter, Durations(pool))
        self._saver = Saver(pool, self.name, clock)
        self._in_flight = InFlight[UUID](self._ended)
        self._dropped: set[UUID] = set()
        self._starting: set[UUID] = set()
        self._wake = asyncio.Event()
        self._log = log

    async def run(self, stop: asyncio.Event, listener: Listener) -> None:
        """Work until `stop` is set; then wait for the starts under way, and release what is not finished."""
        listener.subscribe("hermes_due", self._noticed)
        async with self._serving():
            while not stop.is_set():
                await self._claim_safely()
                await self._pause(stop)
            # a start that is sent again might run twice; a poll can be sent again by any runner
            await self._in_flight.drain(self._grace, only=self._starting)
        await self._release()

    async def drain(self) -> None:
        """For tests and benches: work until nothing is due by the clock and nothing is in flight."""
        async with self._serving():
            while await self._claim_all() or self._in_flight:
                self._wake.clear()
                if self._in_flight:  # each of them wakes us when it has ended
                    await self._wake.wait()

    @contextlib.asynccontextmanager
    async def _serving(self) -> AsyncGenerator[None]:
        self._log = log.bind()  # put together once, not for every run
        living = alive(self._pool, self.name, self._in_flight, self._lease, self._clock)
        async with beside(self._saver.run()), beside(prune(self._pool)), living:
            try:
                yield
            finally:
                await self._in_flight.drain(0)

    async def _claim_safely(self) -> None:
        """Claim what is due; a lost database is not the end of a runner."""
        self._wake.clear()
        try:
            await self._claim_all()
        except LOST_DATABASE as error:
            log.warning("database away, waiting", error=type(error).__name__)
        except asyncpg.PostgresError:
            log.exception("claiming failed")

    def _caps(self) -> dict[str, int]:
        """How many runs of a service may go on at once, by slug."""
        return {service.slug: service.max_concurrency for service in self._catalogs().workers}

    def _room(self) -> int:
        """How many more runs to claim. Small gaps are left to grow, so that claims stay batches; the less is
        in flight, the fewer at a time, so that the first are requested while the next are claimed."""
        under_way = len(self._in_flight)
        free = self._capacity - under_way
        if under_way and free * 4 < self._capacity:
            return 0
        return min(free, CLAIM, max(FIRST, 4 * under_way))

    async def _claim_all(self) -> int:
        """Claim batch after batch, as long as something is due and there is room."""
        claimed = last = await self._claim()
        while last and self._room():
            last = await self._claim()
            claimed += last
        return claimed

    async def _claim(self) -> int:
        room = self._room()
        if not room:
            return 0
        claimed = await claiming.claim_due(self._pool, self.name, room, self._clock(), self._lease)
        if len(claimed) < room:
            claimed += await claiming.claim_starts(
                self._pool, self.name, self._caps(), room - len(claimed), self._clock(), self._lease
            )
        self._starting.update(t.id for t in claimed if t.worker_job_id is None)
        for run in claimed:
            self._in_flight.start(run.id, self._process(run))
        return len(claimed)

    async def _process(self, run: ClaimedRun) -> None:
        """One step of one run, from its request to its save."""
        current_run.set(run)  # of this task alone
        step = await self._step(run)
        if not await self._saver.put(step):
            self._log.info("lease was lost, another runner goes on")
        elif step.update.finished_at is not None and not run.over:
            self._log.info("run over", status=step.update.status, reason=step.update.reason)
            tracing.whole("run", run.id, run.started_at, status=step.update.status)

    def _ended(self, run_id: UUID) -> None:
        self._starting.discard(run_id)
        self._dropped.discard(run_id)
        self._wake.set()

    async def _step(self, run: ClaimedRun) -> StepResult:
        try:
            with tracing.span(f"run {run.phase}", run.id, service=run.service_slug):
                step = await self._steps.step(run)
                tracing.note(status=step.update.status, reason=step.update.reason)
                return step
        except asyncio.CancelledError:
            if run.id not in self._dropped:
                raise
            detail = "Cancelled while the worker was responding. Its job may still be running."
            return StepResult(cancelled(run, detail, StepContext(self._clock())), {})
        except Exception:
            log.exception("a step failed")
            failure = Failure(
                Reason.INTERNAL, "A step of this run failed inside Hermes. See the Hermes log."
            )
            return StepResult(fail(run, failure, StepContext(self._clock())), {})

    def _noticed(self, event: dict[str, object]) -> None:
        """Something became due. A cancel drops a start that still waits for its answer; a poll is let
        finish, since its job must be cancelled at the worker, not forgotten here."""
        for run_id in (UUID(str(i)) for i in event.get("drop", []) or []):  # type: ignore[attr-defined]
            if run_id in self._starting and run_id not in self._dropped:
                self._dropped.add(run_id)
                self._in_flight.cancel(run_id)
        self._wake.set()

    async def _pause(self, stop: asyncio.Event) -> None:
        """Wait until something is due, something finished, or somebody calls."""
        seconds = await self._seconds_to_next()
        waits = [asyncio.create_task(self._wake.wait()), asyncio.create_task(stop.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()

    async def _seconds_to_next(self) -> float:
        if not self._room():
            return IDLE_SECONDS
        try:
            due = await claiming.next_due(self._pool)
        except LOST_DATABASE:
            return IDLE_SECONDS
        if due is None:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.02, (due - self._clock()).total_seconds()))

    async def _release(self) -> None:
        with contextlib.suppress(*LOST_DATABASE):
            released = await claiming.release(self._pool, self.name, self._clock())
            log.info("runner stopped", runner=self.name, released=released)
