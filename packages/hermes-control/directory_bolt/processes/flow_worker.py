"""The flow worker of the embedded engine: claims orders under a lease and works them off."""

import asyncio
from collections import Counter
from contextlib import suppress
from uuid import UUID

import structlog
from asyncpg import Record

from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.processes.flow import ClosingError, Flow, Hold, LeaseLostError
from directory_bolt.processes.giving_up import MOST_ATTEMPTS, give_up
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.storage import flows, history
from hermes_base.postgres.database import LOST_DATABASE, Pool

log = structlog.get_logger()

LEASE = 20.0
LOOK_EVERY = 0.5
MOST_SPARED = 20
GRACE = 20.0
"""Seconds for the directories under way at a stop: a form that was sent is to be seen to its end."""


class FlowWorker:
    """Works on up to `at_once` orders at the same time."""

    def __init__(
        self,
        pool: Pool,
        flow: Flow,
        heartbeat: Heartbeat,
        at_once: int = 2,
        lease: float = LEASE,
        grace: float = GRACE,
    ) -> None:
        self._pool = pool
        self._flow = flow
        self._heartbeat = heartbeat
        self._at_once = at_once
        self._lease = lease
        self._grace = grace
        self._under_way: dict[UUID, asyncio.Task[None]] = {}
        self._spared = Counter[UUID]()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; then end the directories under way, and hand back what is not done."""
        try:
            while not stop.is_set():
                await self._turn()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK_EVERY)
        finally:
            await self._wind_up()
            with suppress(*LOST_DATABASE):
                await flows.release(self._pool, self._heartbeat.worker_id)

    async def _wind_up(self) -> None:
        self._flow.close()
        tasks = list(self._under_way.values())
        if tasks:
            await asyncio.wait(tasks, timeout=self._grace)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def drain(self) -> None:
        """For tests: work until nothing is due."""
        while await self._turn() or self._under_way:
            if self._under_way:
                await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)

    async def _turn(self) -> int:
        """Claim as much as there is room for; how many were claimed."""
        claimed = 0
        try:
            while len(self._under_way) < self._at_once:
                row = await flows.claim(
                    self._pool,
                    EmbeddedFlow.name,
                    self._heartbeat.worker_id,
                    self._lease,
                    list(self._under_way),
                )
                if row is None:
                    break
                self._under_way[row["id"]] = asyncio.create_task(self._carry(row))
                claimed += 1
        except LOST_DATABASE as error:
            log.warning("database away, waiting", error=type(error).__name__)
        self._heartbeat.state["orders"] = len(self._under_way)
        return claimed

    async def _carry(self, row: Record) -> None:
        structlog.contextvars.bind_contextvars(jobId=str(row["job_id"]))  # of this task alone
        hold = Hold(row["id"], self._heartbeat.worker_id)
        keeping = asyncio.create_task(self._keep(hold))
        try:
            await self._work(row, hold)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            self._under_way.pop(row["id"], None)

    async def _work(self, row: Record, hold: Hold) -> None:
        """A trouble of the way lets the lease lapse: the order is claimed again, a bounded time."""
        try:
            if row["attempts"] > 1:
                await self._note_recovery(row)
            if row["attempts"] > MOST_ATTEMPTS:
                await give_up(self._pool, row, hold.worker_id)
                return
            state = await self._flow.process(row["job_id"], hold)
            async with self._pool.acquire() as connection:
                await flows.finish(connection, hold.flow_id, hold.worker_id, state)
        except ClosingError:
            log.info("order handed back", jobId=str(row["job_id"]))
        except LeaseLostError:
            log.warning("another worker has this order now", jobId=str(row["job_id"]))
        except LOST_DATABASE as error:
            log.warning("database away during an order", jobId=str(row["job_id"]), error=str(error))
            await self._spare(hold, error)
        except Exception:
            log.exception("an order failed here; it is tried again", jobId=str(row["job_id"]))

    async def _spare(self, hold: Hold, error: Exception) -> None:
        """What the database did is no attempt of the order; but nothing is spared for ever."""
        self._spared[hold.flow_id] += 1
        if isinstance(error, TimeoutError) or self._spared[hold.flow_id] > MOST_SPARED:
            return  # a timeout may come from anywhere
        while True:
            await asyncio.sleep(LOOK_EVERY)
            with suppress(*LOST_DATABASE):
                await flows.release(self._pool, hold.worker_id, hold.flow_id)
                return

    async def _note_recovery(self, row: Record) -> None:
        log.warning("order taken over", jobId=str(row["job_id"]), attempt=row["attempts"])
        await history.record(
            self._pool, row["job_id"], "requeued_stale", worker_id=self._heartbeat.worker_id,
            attempt=row["attempts"],
        )  # fmt: skip

    async def _keep(self, hold: Hold) -> None:
        """The heartbeat of this order's lease: a healthy long order is never taken for a dead one."""
        while True:
            await asyncio.sleep(self._lease / 4)
            with suppress(*LOST_DATABASE):
                if not await flows.keep(self._pool, hold.flow_id, hold.worker_id, self._lease):
                    self._under_way[hold.flow_id].cancel()
                    return
