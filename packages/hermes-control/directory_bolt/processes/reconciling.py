"""Prefect's states against ours: a run that Prefect lost, ended or never began does not stay open here."""

import asyncio
from datetime import datetime, timedelta

import structlog

from directory_bolt.core.orders.states import OPEN
from directory_bolt.core.rows.deliveries import FlowRun
from directory_bolt.engines.flow import FlowAwayError, FlowState
from directory_bolt.engines.prefect_flow import PrefectFlow
from directory_bolt.processes.giving_up import MOST_ATTEMPTS, give_up
from directory_bolt.storage import alerts, flows, history, orders
from directory_bolt.storage.stopping import stop_attempts
from hermes_base.background.loops import until_stopped
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import Pool

log = structlog.get_logger()

LOOK_EVERY = 5.0
TO_BEGIN = timedelta(minutes=2)
"""So long may a run that a worker has taken need until it holds its order."""
LOST = "Its process sends no heartbeat."


class Reconciling:
    """Looks every few seconds at every open order of Prefect."""

    def __init__(self, pool: Pool, engine: PrefectFlow, clock: Clock = utc_now) -> None:
        self._pool = pool
        self._engine = engine
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Compare orders with their flow runs again and again until `stop` is set."""
        await until_stopped(stop, self.look, LOOK_EVERY)

    async def look(self) -> None:
        """One look at everything; a server that is away is for the subscriber to say."""
        try:
            for row in await flows.unfinished(self._pool, self._engine.name):
                await self._compare(row)
        except FlowAwayError as error:
            log.warning("Prefect away, waiting", error=str(error))

    async def _compare(self, row: FlowRun) -> None:
        if row.external_id is None:  # the subscriber died while it handed over
            if row.created_at < self._clock() - TO_BEGIN:
                await self._engine.trigger(row.job_id)
            return
        found = await self._engine.state(row.external_id)
        if found.state == "late":
            await self._say_late(row)
        elif found.state == "cancelled":
            await self._cancel(row)
        elif found.state in ("crashed", "failed", "completed"):
            await self._follow(row, row.external_id, found)
        elif found.state == "running" and self._silent(row, found.since):
            await self._engine.declare_crashed(row.external_id, LOST)
            await self._follow(row, row.external_id, FlowState("crashed", LOST))

    def _silent(self, row: FlowRun, since: datetime | None) -> bool:
        """Prefect does not notice the death of a worker together with its processes."""
        now = self._clock()
        return (
            row.due_at is not None
            and row.due_at < now
            and (since is None or since < now - TO_BEGIN)
        )

    async def _say_late(self, row: FlowRun) -> None:
        await alerts.raise_alert(
            self._pool, f"lapsed:{row.id}", "lapsed",
            "An order is waiting, but no flow worker has picked it up.", row.job_id,
        )  # fmt: skip

    async def _cancel(self, row: FlowRun) -> None:
        """Cancelled in Prefect means cancelled; what was submitted stays."""
        async with self._pool.acquire() as connection, connection.transaction():
            job_id = row.job_id
            if not await flows.finish(connection, row.id, None, "cancelled", "in Prefect"):
                return
            await stop_attempts(connection, job_id, row.leased_by or self._engine.name)
            if await orders.move(connection, job_id, "cancelled"):
                await history.record(connection, job_id, "cancelled", by="Prefect")
        log.warning("order cancelled in Prefect", jobId=str(job_id))

    async def _follow(self, row: FlowRun, lost: str, found: FlowState) -> None:
        """A lost run is followed by another, a bounded number of times without progress."""
        fresh = await flows.flow(self._pool, row.id)
        if fresh is None or fresh.finished_at or fresh.external_id != lost:
            return  # it ended while Prefect was asked
        job = await orders.order(self._pool, row.job_id)
        if job is None or job.status not in OPEN:
            await self._cancel(row)
        elif fresh.attempts >= MOST_ATTEMPTS:
            log.warning("order given up", jobId=str(row.job_id), detail=found.detail)
            await give_up(self._pool, fresh, None)
        else:
            await self._again(fresh, lost, found)

    async def _again(self, row: FlowRun, lost: str, found: FlowState) -> None:
        """The key names the run that was lost: whoever dies here, it has one follower."""
        run = await self._engine.start(row, f"{row.id}:{lost}")
        async with self._pool.acquire() as connection, connection.transaction():
            again = await flows.replaced(connection, row.id, lost, run)
            if again is None:
                return
            await history.record(connection, row.job_id, "requeued_stale", attempt=again.attempts)
        log.warning("order taken up again", jobId=str(row.job_id), state=found.state, detail=found.detail)  # fmt: skip
