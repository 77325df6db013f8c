"""What became of one directory, written: result, history and count in one transaction."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from directory_bolt.core.orders.events import Event
from directory_bolt.core.orders.reason_texts import sentence_of
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.rows.orders import ClaimedOrder
from directory_bolt.core.rows.submissions import OpenSubmission, Submission, SubmissionEnd
from directory_bolt.processes.hold import Hold, require_hold
from directory_bolt.storage import directories, flows, history, orders, results
from directory_bolt.submitting import Outcome
from hermes_base.clock import Clock
from hermes_base.postgres.database import LOST_DATABASE, Connection, Pool

log = structlog.get_logger()

MOST_TRIES = 3
TRIES_WITHOUT_BROWSER = 10  # a browser that died or is not there is not the directory's fault
RETRY_SECONDS = (5.0, 30.0)
AWAY_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Pauses before what a directory answered is written again, when the database was away."""


class DirectoryResults:
    """Every method is guarded by the hold, and changes nothing the second time."""

    def __init__(self, pool: Pool, clock: Clock, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._pool = pool
        self._clock = clock
        self._sleep = sleep

    async def skip(
        self, job: ClaimedOrder, row: OpenSubmission, key: str, reason: ResultReason, hold: Hold
    ) -> None:
        """Skip a directory without a visit."""
        text = sentence_of(reason)
        async with self._pool.acquire() as connection, connection.transaction():
            await require_hold(connection, hold)
            done = await results.put_over(connection, job.id, row, key, reason, text)
            if (
                done is None and row.result_id
            ):  # a row of an earlier attempt, or of a retry by staff
                end = SubmissionEnd("skipped", reason, text)
                done = await results.end(connection, row.result_id, None, end)
            if done is not None:
                event: Event = (
                    "skipped_duplicate" if reason is ResultReason.DUPLICATE else "skipped"
                )
                await _record(connection, row.directory_name, event, done, hold)

    async def settle(
        self,
        job: ClaimedOrder,
        row: OpenSubmission,
        begun: Submission,
        outcome: Outcome,
        hold: Hold,
    ) -> None:
        """Write how a visit ended, or plan the next try."""
        most = TRIES_WITHOUT_BROWSER if outcome.reason is ResultReason.NO_BROWSER else MOST_TRIES

        async def write() -> None:
            again = outcome.retry and begun.attempts < most
            if not (again and await self._try_later(job, row.directory_name, begun, outcome, hold)):
                await self._end(row, begun, outcome, hold)

        await self._through_outages(write)

    async def recovered(
        self, row: OpenSubmission, result_id: UUID, outcome: Outcome, hold: Hold
    ) -> None:
        """Write what was found out after a crash; what was filled in stands in the row already."""
        event: Event = "submitted" if outcome.status == "submitted" else "needs_manual"

        async def write() -> None:
            async with self._pool.acquire() as connection, connection.transaction():
                await require_hold(connection, hold)
                end = _end_of(outcome, keeps_payload=True)
                done = await results.end(connection, result_id, hold.worker_id, end)
                if done is not None:
                    await _record(connection, row.directory_name, event, done, hold)

        await self._through_outages(write)

    async def _end(
        self, row: OpenSubmission, begun: Submission, outcome: Outcome, hold: Hold
    ) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await require_hold(connection, hold)
            done = await results.end(connection, begun.id, hold.worker_id, _end_of(outcome))
            if done is not None:
                await _observe(connection, row.directory_id, outcome)
                event: Event = outcome.status if outcome.status != "submitting" else "failed"
                await _record(connection, row.directory_name, event, done, hold)

    async def _try_later(
        self, job: ClaimedOrder, name: str, begun: Submission, outcome: Outcome, hold: Hold
    ) -> bool:
        """Plan another attempt; False when something may have been sent, or another worker has it."""
        wait = RETRY_SECONDS[min(begun.attempts, len(RETRY_SECONDS)) - 1]
        at = self._clock() + timedelta(seconds=wait)
        async with self._pool.acquire() as connection, connection.transaction():
            await require_hold(connection, hold)
            planned = await results.try_later(
                connection, begun.id, hold.worker_id, at, outcome.message
            )
            if planned:
                await history.record(
                    connection, job.id, "retry_scheduled", name, hold.worker_id,
                    reason=outcome.reason, attempt=begun.attempts, at=_stamp(at),
                )  # fmt: skip
        return planned

    async def _through_outages(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write what a directory answered, also when the database is away for a while: nobody can
        ask the directory for it again."""
        for pause in AWAY_SECONDS:
            try:
                return await write()
            except LOST_DATABASE as error:
                log.warning("database away, an answer waits", error=type(error).__name__)
            await self._sleep(pause)
        return await write()


async def _record(
    connection: Connection, name: str, event: Event, done: Submission, hold: Hold
) -> None:
    """What happened, that this directory is done, and the order's new count."""
    facts = {"status": done.status, "reason": done.reason, "attempts": done.attempts}
    await history.record_all(
        connection, done.job_id,
        [(event, name, facts), ("submission_complete", name, facts)], hold.worker_id,
    )  # fmt: skip
    await flows.progressed(connection, hold.flow_id)
    await orders.recount(connection, done.job_id)


async def _observe(connection: Connection, directory_id: UUID, outcome: Outcome) -> None:
    """Keep what the visit showed of the directory; None leaves what is known."""
    login = True if outcome.reason is ResultReason.LOGIN_REQUIRED else None
    captcha = True if outcome.reason is ResultReason.CAPTCHA else None
    if outcome.status == "submitted":
        login = captcha = False
    await directories.observed(connection, directory_id, login, captcha)


def _end_of(outcome: Outcome, *, keeps_payload: bool = False) -> SubmissionEnd:
    return SubmissionEnd(
        status=outcome.status,
        reason=outcome.reason,
        message=outcome.message,
        payload=None if keeps_payload else outcome.payload or None,
        response_log=outcome.response_log,
        screenshot=outcome.screenshot,
        listing_url=outcome.listing_url,
        confirmation=outcome.confirmation,
    )


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
