"""The flow of one order: every directory of its work list once, whoever dies on the way.

Both engines run this same code; what differs is who calls it and how it is woken again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from directory_bolt.core.rows.orders import ClaimedOrder, Order
from directory_bolt.core.rows.submissions import OpenSubmission
from directory_bolt.processes.directory_results import DirectoryResults
from directory_bolt.processes.directory_work import DirectoryWork
from directory_bolt.processes.hold import ClosingError, Hold, OrderStoppedError, require_hold
from directory_bolt.storage import alerts, flows, history, letters, orders, results
from directory_bolt.storage.stopping import stop_attempts
from directory_bolt.submitting import Submitter
from hermes_base import tracing
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import Connection, Pool

log = structlog.get_logger()

NO_DIRECTORIES = "No directory is enabled and allowed. The order goes on when there is one."
NO_DEMO_DIRECTORIES = (
    "Orders of test mode reach demo directories only, and none is enabled."
    " The order goes on when there is one."
)
LONGEST_REST = 5.0
"""Seconds after which a flow that waits for a later try looks again whether its order goes on."""

Around = Callable[[str, Callable[[], Awaitable[None]]], Awaitable[None]]
"""Does the work of one directory, given by its name, in the engine's own way."""


async def plainly(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """The embedded engine's way: simply do it."""
    del name
    await work()


class Flow:
    """Works orders off. `at_once` directories of an order at the same time."""

    def __init__(
        self,
        pool: Pool,
        submitter: Submitter,
        at_once: int = 4,
        clock: Clock = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        around: Around = plainly,
    ) -> None:
        self._pool = pool
        self._at_once = at_once
        self._clock = clock
        self._sleep = sleep
        self._around = around
        self._closing = False
        written = DirectoryResults(pool, clock, sleep)
        self.directory = DirectoryWork(pool, submitter, written, clock, sleep, self._require_open)

    def close(self) -> None:
        """Begin no further directory: `process_order` raises ClosingError after those under way."""
        self._closing = True

    async def process_order(self, job_id: UUID, hold: Hold) -> str:
        """Work an order off; the state that its flow run ends in: `completed`, `cancelled`, or `waiting`
        where there was nothing to work off yet.

        The whole life of an order, hop by hop, with what makes each hand-over durable:

        1. `intake.Intake` (web): customer, order, work list and outbox message, in one transaction.
        2. `processes.relay.Relay` (web): the outbox message goes to the brain over HTTP, and is done
           only after the brain's answer.
        3. `queueing.Queueing` (brain): a queue message; its id in the order keeps it the only one.
        4. `processes.subscriber.Subscriber`: a row of flow_runs; then the queue message is deleted.
        5. `processes.flow_worker.FlowWorker`, or a run of Prefect: a lease on that row, renewed while
           this function runs. Whoever dies, the next worker comes in here again.
        6. Here: one row of job_results for each directory, written before its visit and marked
           before its click, so that no form is sent twice (`DirectoryWork.submit`).
        7. Here: the order is completed once every directory has a result. One without any directory
           waits; `waiting.resume_waiting` (monitor) sends it through the chain again from step 2.

        Raises LeaseLostError, ClosingError.
        """
        try:
            job = await self._begin(job_id, hold)
            state = None
            while state is None:
                while open_work := await results.open_work(self._pool, job_id):
                    await self._round(job, hold, open_work)
                state = await self._finalize(job_id, hold)
        except OrderStoppedError:
            log.info("the order was cancelled", jobId=str(job_id))
            await self._stop(job_id, hold)
            return "cancelled"
        return state

    async def _begin(self, job_id: UUID, hold: Hold) -> ClaimedOrder:
        """pending -> in_progress, once; an order that goes on after a crash is simply gone on with.

        Raises OrderStoppedError; an earlier worker may have left attempts that are still open then.
        """
        log.info(f"Starting job {job_id}")  # noqa: G004  # the requirements' checklist reads this line
        async with self._pool.acquire() as connection, connection.transaction():
            await require_hold(connection, hold)
            is_first = await orders.move(connection, job_id, "in_progress")
            await history.record(connection, job_id, "flow_started", worker_id=hold.worker_id)
            if is_first:
                await history.record(connection, job_id, "job_started", worker_id=hold.worker_id)
        return await self._require_going_on(job_id)

    async def _round(self, job: ClaimedOrder, hold: Hold, open_work: list[OpenSubmission]) -> None:
        """Every open directory once; those that are to be tried later wait for a next round."""
        now = self._clock()
        later = [row.next_try_at for row in open_work if row.next_try_at and row.next_try_at > now]
        if len(later) == len(open_work):
            self._require_open()
            await self._sleep(max(0.05, min(LONGEST_REST, (min(later) - now).total_seconds())))
            await self._require_going_on(job.id)
            return
        gate = asyncio.Semaphore(self._at_once)

        async def one(row: OpenSubmission) -> None:
            async with gate:
                await self._one(job, row, hold)

        ready = [row for row in open_work if not row.next_try_at or row.next_try_at <= now]
        ends = await asyncio.gather(*(one(row) for row in ready), return_exceptions=True)
        for error in ends:  # raised only now: one directory's end does not cut off its neighbours
            if error is not None:
                raise error

    async def _one(self, job: ClaimedOrder, row: OpenSubmission, hold: Hold) -> None:
        self._require_open()
        await self._require_going_on(job.id)
        name = row.directory_name
        with tracing.span("order directory", job.id, directory=name):
            await self._around(name, lambda: self.directory.submit(job, row, hold))

    async def _stop(self, job_id: UUID, hold: Hold) -> None:
        """Nothing stays `submitting` in an order that was stopped."""
        async with self._pool.acquire() as connection, connection.transaction():
            await require_hold(connection, hold)
            await stop_attempts(connection, job_id, hold.worker_id)

    async def _finalize(self, job_id: UUID, hold: Hold) -> str | None:
        """End an order; None while a directory is open, also one that staff asked for just now."""
        async with self._pool.acquire() as connection, connection.transaction():
            await require_hold(connection, hold)
            await orders.lock(connection, job_id)  # a count taken before the lock may be old
            job = await orders.recount(connection, job_id)
            if job.directories_total < job.directories_promised:
                more = await orders.extend_work(connection, job)
                if more.directories_total > job.directories_total:
                    return None
            done, total = job.directories_done, job.directories_total
            if done < total:
                return None
            if total == 0:
                return await self._wait(connection, job, hold)
            if not await orders.move(connection, job_id, "completed"):
                return "cancelled"
            await history.record_all(
                connection, job_id,
                [("job_finalized", None, {"done": done, "total": total}), ("flow_completed", None, {})],
                hold.worker_id,
            )  # fmt: skip
            await letters.write(connection, job_id, "finished")
            await flows.finish(connection, hold.flow_id, hold.worker_id, "completed")
        log.info(f"Job {job_id} completed", done=done, total=total)  # noqa: G004
        tracing.whole("order", job_id, job.created_at, directories=total)
        return "completed"

    async def _wait(self, connection: Connection, job: Order, hold: Hold) -> str:
        """Nothing of what was paid for could be begun: that is no completion, and no failure either."""
        why = NO_DIRECTORIES if job.live else NO_DEMO_DIRECTORIES
        if not await orders.move(connection, job.id, "waiting", why):
            return "cancelled"
        await history.record(connection, job.id, "waiting", worker_id=hold.worker_id)
        text = f"A paid order waits. {why}"
        await alerts.raise_alert(connection, f"shortage:{job.id}", "shortage", text, job.id)
        await flows.finish(connection, hold.flow_id, hold.worker_id, "completed", why)
        return "waiting"

    def _require_open(self) -> None:
        if self._closing:
            raise ClosingError

    async def _require_going_on(self, job_id: UUID) -> ClaimedOrder:
        job = await orders.claimed(self._pool, job_id)
        if job is None or job.status != "in_progress":
            raise OrderStoppedError
        return job
