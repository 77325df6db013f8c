"""The relay: hands what stands in the outbox to the brain, until it is there."""

import asyncio
from collections.abc import Callable

import aiohttp
import structlog

from directory_bolt.core.rows.deliveries import OutboxMessage
from directory_bolt.storage import outbox
from hermes_base import tracing
from hermes_base.background.loops import until_stopped
from hermes_base.postgres.database import Pool

log = structlog.get_logger()

AT_ONCE = 10
LONGEST_WAIT = 300.0
SECONDS = 10.0
LOOK_EVERY = 0.5


class Relay:
    """Posts to `{brain}/api/jobs/enqueue` with the brain's token."""

    def __init__(self, pool: Pool, brain_url: Callable[[], str], token: str) -> None:
        """`brain_url` is asked each time: a restarted brain may stand somewhere else."""
        self._pool = pool
        self._brain_url = brain_url
        self._headers = {"Authorization": f"Bearer {token}"}

    async def run(self, stop: asyncio.Event) -> None:
        """Hand the outbox over to the brain, turn by turn, until `stop` is set."""
        limits = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=limits, headers=self._headers) as session:
            await until_stopped(stop, lambda: self.turn(session), LOOK_EVERY)

    async def turn(self, session: aiohttp.ClientSession) -> int:
        """Hand over what is due; returns how many were. The brain knows an order it has already."""
        async with self._pool.acquire() as connection, connection.transaction():
            due = await outbox.due(connection, AT_ONCE)
            faults = await asyncio.gather(*(self._hand_over(session, row) for row in due))
            for row, fault in zip(due, faults, strict=True):
                if fault:
                    wait = min(LONGEST_WAIT, 2.0**row.attempts)
                    await outbox.postpone(connection, row.id, fault, wait)
                else:
                    await outbox.sent(connection, row.id)
        return sum(not fault for fault in faults)

    async def _hand_over(self, session: aiohttp.ClientSession, row: OutboxMessage) -> str:
        """Why it could not be handed over; "" when it was, or when the order is closed by now."""
        if not (brain := self._brain_url()):
            return "the brain's address is not known yet"
        url = f"{brain.rstrip('/')}/api/jobs/enqueue"
        try:
            with tracing.span("order relay", row.job_id):
                async with session.post(
                    url, json=row.payload, headers=tracing.traceparent(), allow_redirects=False
                ) as answer:
                    text = (await answer.content.read(2000)).decode("utf-8", "replace")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("the brain is away", jobId=str(row.job_id), error=type(error).__name__)
            return f"the brain is unavailable: {type(error).__name__}"
        if answer.status in (200, 201):
            log.info("order handed over", jobId=str(row.job_id))
            return ""
        if answer.status == 409:
            log.info("the order is closed", jobId=str(row.job_id))
            return ""
        log.warning("the brain refused", jobId=str(row.job_id), status=answer.status)
        return f"the brain returned {answer.status}: {text}"
