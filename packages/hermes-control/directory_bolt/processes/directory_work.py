"""One directory of one order: the gates, the pre-write, the visit, and what is asked after a crash."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog

from directory_bolt.core.orders.profile import BusinessProfile, idempotency_key
from directory_bolt.core.orders.reason_texts import sentence_of
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.rows.orders import ClaimedOrder
from directory_bolt.core.rows.submissions import OpenSubmission, Submission
from directory_bolt.processes.directory_results import DirectoryResults
from directory_bolt.processes.hold import Hold, require_hold
from directory_bolt.storage import directories, history, results
from directory_bolt.submitting import BeforeClick, Outcome, Submitter, Task
from hermes_base.clock import Clock
from hermes_base.postgres.database import Pool

log = structlog.get_logger()


class DirectoryWork:
    """Submits to directories. `require_open` raises when no further visit may begin."""

    def __init__(
        self,
        pool: Pool,
        submitter: Submitter,
        written: DirectoryResults,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        require_open: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._submitter = submitter
        self._written = written
        self._clock = clock
        self._sleep = sleep
        self._require_open = require_open

    async def submit(self, job: ClaimedOrder, row: OpenSubmission, hold: Hold) -> None:
        """Bring one directory a step further: to a result, or to a later try.

        In this order, so that a form is sent at most once whoever dies in between:

        1. An earlier attempt clicked: nothing is sent again, the directory is asked (`_recover`).
        2. The gates: switched off, terms, listed there already. Such a directory is skipped.
        3. The pause that this directory's pacing demands.
        4. The pre-write: the row of job_results, `submitting`, under the lease.
        5. The visit. Directly before its click the row is marked; without the mark it does not click.
        6. The result, or the time of the next try.
        """
        log.info(f"Processing directory for job {job.id}", directory=row.directory_name)  # noqa: G004
        if row.clicked_at is not None:
            await self._recover(job, row, hold)
            return
        key = row.idempotency_key or idempotency_key(
            job.identity, str(row.directory_id), str(job.id), 0
        )
        if reason := await self._blocker(job, row):
            await self._written.skip(job, row, key, reason, hold)
            return
        await self._await_turn(row)
        begun = await self._begin(job, row, key, hold)
        if begun is None:
            return  # done, or sent, since we looked: the next round sees which
        task = _task(job, row, begun.id, key)
        outcome = await self._submitter.submit(task, self._before_click(begun.id, hold))
        await self._written.settle(job, row, begun, outcome, hold)

    async def _blocker(self, job: ClaimedOrder, row: OpenSubmission) -> ResultReason | None:
        """Why a directory is not visited at all."""
        if not row.enabled:
            return ResultReason.DISABLED
        if row.terms_decision != "allowed":
            return ResultReason.TERMS
        if row.revision:  # staff asked for it: a listing in another order is no reason any more
            return None
        is_listed = await results.is_listed_elsewhere(
            self._pool, job.identity, row.directory_id, job.id
        )
        return ResultReason.DUPLICATE if is_listed else None

    async def _await_turn(self, row: OpenSubmission) -> None:
        if wait := await directories.take_turn(self._pool, row.directory_id, self._clock()):
            await self._sleep(wait)
            self._require_open()

    async def _begin(
        self, job: ClaimedOrder, row: OpenSubmission, key: str, hold: Hold
    ) -> Submission | None:
        """The pre-write; None when the directory is done, or its form may have been sent."""
        async with self._pool.acquire() as connection, connection.transaction():
            await require_hold(connection, hold)
            begun = await results.begin(connection, job.id, row, key, hold.worker_id)
            if begun is not None:
                await history.record(
                    connection, job.id, "submitting", row.directory_name, hold.worker_id,
                    attempt=begun.attempts,
                )  # fmt: skip
        return begun

    def _before_click(self, result_id: UUID, hold: Hold) -> BeforeClick:
        async def note(payload: dict[str, Any]) -> bool:
            return await results.click(self._pool, result_id, hold.worker_id, hold.flow_id, payload)

        return note

    async def _recover(self, job: ClaimedOrder, row: OpenSubmission, hold: Hold) -> None:
        """A worker died between the click and the save: ask the directory, never send again."""
        assert row.result_id is not None, "it was clicked"  # noqa: S101
        assert row.idempotency_key is not None, "it was clicked"  # noqa: S101
        async with self._pool.acquire() as connection, connection.transaction():
            await require_hold(connection, hold)
            if not await results.adopt(connection, row.result_id, hold.worker_id):
                return
        task = _task(job, row, row.result_id, row.idempotency_key)
        listing = await self._submitter.look_up(task)
        outcome = _found_out(listing, self._submitter.left_behind(task))
        await self._written.recovered(row, row.result_id, outcome, hold)


def _found_out(listing: str | None, picture: str | None) -> Outcome:
    """What the look-up after a crash says: a listing is a success, none is for a person to look at."""
    if listing is not None:
        return Outcome(
            "submitted",
            listing_url=listing,
            response_log={"found": "by look-up"},
            screenshot=picture,
        )
    reason = ResultReason.INTERRUPTED
    return Outcome("needs_manual", reason, sentence_of(reason), screenshot=picture)


def _task(job: ClaimedOrder, row: OpenSubmission, result_id: UUID, key: str) -> Task:
    return Task(
        job_id=job.id,
        result_id=result_id,
        directory_id=row.directory_id,
        directory_name=row.directory_name,
        submission_url=row.submission_url,
        lookup_url=row.lookup_url,
        is_demo=row.is_demo,
        profile=BusinessProfile.model_validate(job.profile),
        idempotency_key=key,
    )
