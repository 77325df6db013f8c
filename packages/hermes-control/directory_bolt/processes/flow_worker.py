"""The flow worker of the embedded engine: claims orders under a lease and works them off."""

import asyncio
from collections import Counter
from contextlib import suppress
from uuid import UUID

import structlog

from directory_bolt.core.rows.deliveries import FlowRun
from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.processes.flow import Flow
from directory_bolt.processes.giving_up import MOST_ATTEMPTS, give_up
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.processes.hold import ClosingError, Hold, LeaseLostError
from directory_bolt.storage import flows, history
from hermes_base.background.leases import InFlight, renewed
from hermes_base.background.loops import rest
from hermes_base.postgres.database import LOST_DATABASE, Pool

log = structlog.get_logger()

LEASE = 20.0
LOOK_EVERY = 0.5
MOST_UNCOUNTED = 20
"""How many attempts of one order the database may spoil before they count as attempts."""
GRACE = 20.0
"""Seconds for the directories under way at a stop: a form that was sent is to be seen to its end."""


class FlowWorker:
    """Works on up to `at_once` orders at the same time; `lease` and `grace` in seconds."""

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
        self._in_flight = InFlight[UUID]()
        self._uncounted = Counter[UUID]()

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and work until `stop`; then end the directories under way, and release the rest."""
        try:
            while not stop.is_set():
                await self._claim_all()
                await rest(stop, LOOK_EVERY)
        finally:
            self._flow.close()
            await self._in_flight.drain(self._grace)
            with suppress(*LOST_DATABASE):
                await flows.release(self._pool, self._heartbeat.worker_id)

    async def drain(self) -> None:
        """For tests: work until nothing is due."""
        while await self._claim_all() or self._in_flight:
            await self._in_flight.any_ended()

    async def _claim_all(self) -> int:
        """Claim as much as there is room for; how many were claimed."""
        claimed = 0
        try:
            while len(self._in_flight) < self._at_once:
                run = await flows.claim(
                    self._pool,
                    EmbeddedFlow.name,
                    self._heartbeat.worker_id,
                    self._lease,
                    self._in_flight.keys(),
                )
                if run is None:
                    break
                self._in_flight.start(run.id, self._process(run))
                claimed += 1
        except LOST_DATABASE as error:
            log.warning("database away, waiting", error=type(error).__name__)
        self._heartbeat.state["orders"] = len(self._in_flight)
        return claimed

    async def _process(self, run: FlowRun) -> None:
        """One claimed order, with its lease renewed: a long order is never taken for a dead one."""
        structlog.contextvars.bind_contextvars(jobId=str(run.job_id))  # of this task alone
        hold = Hold(run.id, self._heartbeat.worker_id)

        async def renew() -> bool:
            return await flows.keep(self._pool, hold.flow_id, hold.worker_id, self._lease)

        async with renewed(renew, self._lease, lambda: self._in_flight.cancel(run.id)):
            await self._work(run, hold)

    async def _work(self, run: FlowRun, hold: Hold) -> None:
        """An unexpected error lets the lease lapse: the order is claimed again, a bounded number of times."""
        try:
            if run.attempts > 1:
                await self._note_recovery(run)
            if run.attempts > MOST_ATTEMPTS:
                await give_up(self._pool, run, hold.worker_id)
                return
            state = await self._flow.process_order(run.job_id, hold)
            async with self._pool.acquire() as connection:
                await flows.finish(connection, hold.flow_id, hold.worker_id, state)
        except ClosingError:
            log.info("order handed back", jobId=str(run.job_id))
        except LeaseLostError:
            log.warning("another worker has this order now", jobId=str(run.job_id))
        except LOST_DATABASE as error:
            log.warning("database away during an order", jobId=str(run.job_id), error=str(error))
            await self._release_uncounted(hold, error)
        except Exception:
            log.exception("an order failed here; it is tried again", jobId=str(run.job_id))

    async def _release_uncounted(self, hold: Hold, error: Exception) -> None:
        """What the database did is no attempt of the order, so release it uncounted; but not for ever."""
        self._uncounted[hold.flow_id] += 1
        if isinstance(error, TimeoutError) or self._uncounted[hold.flow_id] > MOST_UNCOUNTED:
            return  # a timeout may come from anywhere
        while True:
            await asyncio.sleep(LOOK_EVERY)
            with suppress(*LOST_DATABASE):
                await flows.release(self._pool, hold.worker_id, hold.flow_id)
                return

    async def _note_recovery(self, run: FlowRun) -> None:
        log.warning("order taken over", jobId=str(run.job_id), attempt=run.attempts)
        await history.record(
            self._pool, run.job_id, "requeued_stale", worker_id=self._heartbeat.worker_id,
            attempt=run.attempts,
        )  # fmt: skip
