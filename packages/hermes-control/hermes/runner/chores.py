"""What a runner does beside its runs: it keeps their leases, and prunes old evidence."""

import asyncio
import contextlib
import random
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog

from hermes.storage.runs import artifacts, claiming, evidence, runners
from hermes_base.clock import Clock
from hermes_base.postgres.database import LOST_DATABASE, Pool

log = structlog.get_logger()

PRUNE_SECONDS = 300.0


async def keep_leases(
    pool: Pool, runner: str, in_flight: Mapping[UUID, object], lease: timedelta, clock: Clock
) -> None:
    """Record that the runner is alive and renew the leases of its runs, three times a lease."""
    while True:
        try:
            now = clock()
            await runners.heartbeat(pool, runner, now, len(in_flight))
            ids = list(in_flight)
            kept = (
                await claiming.keep_leases(pool, runner, ids, now + lease) if ids else set[UUID]()
            )
        except LOST_DATABASE as error:
            log.warning("database away, leases not renewed", error=type(error).__name__)
        else:
            for run_id in (set(ids) - kept) & in_flight.keys():  # not what just ended
                log.info("lease lapsed", runId=str(run_id))
        await asyncio.sleep(lease.total_seconds() / 3)


async def prune(pool: Pool) -> None:
    """Delete old evidence and artifacts now and then; which runner does it does not matter."""
    while True:
        await asyncio.sleep(PRUNE_SECONDS * (0.5 + random.random()))  # noqa: S311  # spreads runners
        with contextlib.suppress(*LOST_DATABASE):
            await artifacts.prune(pool)
            if forgotten := await evidence.prune(pool):
                log.info("old evidence forgotten", runs=forgotten)
