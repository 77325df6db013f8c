"""What a runner does beside its runs: it says that it lives, keeps their leases, and prunes old evidence."""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import UUID

import structlog

from hermes.storage.runs import artifacts, claiming, evidence, runners
from hermes_base.background.heartbeats import beat
from hermes_base.background.leases import InFlight, renewed
from hermes_base.background.loops import beside
from hermes_base.clock import Clock
from hermes_base.postgres.database import LOST_DATABASE, Pool

log = structlog.get_logger()

PRUNE_SECONDS = 300.0
HEARTBEATS = 3
"""How often in the time of a lease a runner says that it lives."""


@contextlib.asynccontextmanager
async def alive(
    pool: Pool, runner: str, in_flight: InFlight[UUID], lease: timedelta, clock: Clock
) -> AsyncGenerator[None]:
    """While the block runs, record that the runner lives and renew the leases of its runs."""

    async def record() -> None:
        await runners.heartbeat(pool, runner, clock(), len(in_flight))

    async def renew_all() -> bool:
        if ids := in_flight.keys():
            kept = await claiming.keep_leases(pool, runner, ids, clock() + lease)
            for run_id in set(ids) - kept:
                if run_id in in_flight:  # else it has just ended
                    log.info("lease lapsed", runId=str(run_id))
        return True  # one lease that lapsed is no reason to give up the others

    seconds = lease.total_seconds()
    beating = beat("runner", record, seconds / HEARTBEATS)
    async with beside(beating), renewed(renew_all, seconds):
        yield


async def prune(pool: Pool) -> None:
    """Delete old evidence and artifacts now and then; which runner does it does not matter."""
    while True:
        await asyncio.sleep(PRUNE_SECONDS * (0.5 + random.random()))  # noqa: S311  # spreads runners
        with contextlib.suppress(*LOST_DATABASE):
            await artifacts.prune(pool)
            if forgotten := await evidence.prune(pool):
                log.info("old evidence forgotten", runs=forgotten)
