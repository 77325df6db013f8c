"""The flow of one order: every directory of its work list once, whoever dies on the way.

Both engines run this same code; what differs is who calls it and how it is woken again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from asyncpg import Record

from directory_bolt.core.orders.events import Event
from directory_bolt.core.orders.profile import BusinessProfile, idempotency_key
from directory_bolt.core.orders.states import REASON_TEXTS, ResultReason
from directory_bolt.storage import directories, flows, history, orders, results
from directory_bolt.storage.stopping import stop_attempts
from directory_bolt.submitting import Outcome, Submitter, Task
from hermes_base import tracing
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import LOST_DATABASE, Connection, Pool

log = structlog.get_logger()

MOST_TRIES = 3
TRIES_WITHOUT_BROWSER = 10  # a browser that died or is not there is not the directory's fault
RETRY_SECONDS = (5.0, 30.0)
AWAY_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Pauses before what a directory answered is written again, when the database was away."""

Around = Callable[[str, Callable[[], Awaitable[None]]], Awaitable[None]]
"""Does the work of one directory, given by its name, in the engine's own way."""


async def plainly(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """The embedded engine's way: simply do it."""
    del name
    await work()


class LeaseLostError(Exception):
    """Another worker has taken this flow over; what is under way here must not be saved."""


class OrderStoppedError(Exception):
    """The order was cancelled."""


class ClosingError(Exception):
    """This worker ends; another goes on with the order."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Who works on which flow run: every write is guarded by it."""

    flow_id: UUID
    worker_id: str


class Flow:
    """Works one order off. `at_once` directories at the same time."""

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
        self._submitter = submitter
        self._at_once = at_once
        self._clock = clock
        self._sleep = sleep
        self._around = around
        self._closing = False

    def close(self) -> None:
        """Begin no further directory: `process` ends with ClosingError after those under way."""
        self._closing = True

    async def process(self, job_id: UUID, hold: Hold) -> str:
        """The order from its first to its last directory; the state that its flow run ends in."""
        try:
            job = await self._begin(job_id, hold)
            state = None
            while state is None:
                while open_work := await results.open_work(self._pool, job_id):
                    await self._round(job, hold, open_work)
                state = await self._finalize(job_id, hold)
        except OrderStoppedError:
            log.info("the order was cancelled", jobId=str(job_id))
            await self._wind_up(job_id, hold)
            return "cancelled"
        return state

    async def _begin(self, job_id: UUID, hold: Hold) -> Record:
        """pending -> in_progress, once; an order that goes on after a crash is simply gone on with.

        Raises OrderStoppedError; an earlier worker may have left attempts that are still open then.
        """
        log.info(f"Starting job {job_id}")  # noqa: G004  # the requirements' checklist reads this line
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            moved = await orders.move(connection, job_id, "in_progress")
            await history.record(connection, job_id, "flow_started", worker_id=hold.worker_id)
            if moved is not None:
                await history.record(connection, job_id, "job_started", worker_id=hold.worker_id)
        return await self._require_going_on(job_id)

    async def _round(self, job: Record, hold: Hold, open_work: list[Record]) -> None:
        """Every open directory once; those that are to be tried later wait for a next round."""
        gate = asyncio.Semaphore(self._at_once)
        now = self._clock()
        ready = [row for row in open_work if not row["next_try_at"] or row["next_try_at"] <= now]
        if not ready:
            soonest = min(row["next_try_at"] for row in open_work)
            self._require_open()
            await self._sleep(max(0.05, min(5.0, (soonest - now).total_seconds())))
            await self._require_going_on(job["id"])
            return

        async def one(row: Record) -> None:
            async with gate:
                self._require_open()
                await self._require_going_on(job["id"])
                with tracing.span("order directory", job["id"], directory=row["name"]):
                    await self._around(row["name"], lambda: self.submit_directory(job, row, hold))

        ends = await asyncio.gather(*(one(row) for row in ready), return_exceptions=True)
        for trouble in ends:  # told only now: one directory's end does not cut off its neighbours
            if trouble is not None:
                raise trouble

    async def submit_directory(self, job: Record, row: Record, hold: Hold) -> None:
        """One directory of an order: gates, the pre-write, the visit, the result."""
        log.info(f"Processing directory for job {job['id']}", directory=row["name"])  # noqa: G004
        if row["clicked_at"] is not None:
            await self._recover(job, row, hold)
            return
        key = row["idempotency_key"] or idempotency_key(
            job["identity"], str(row["id"]), str(job["id"]), 0
        )
        if reason := await self._obstacle(job, row):
            await self._skip(job, row, key, reason, hold)
            return
        if wait := await directories.take_turn(self._pool, row["id"], self._clock()):
            await self._sleep(wait)
            self._require_open()
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            begun = await results.begin(connection, job["id"], row, key, hold.worker_id)
            if begun is None:
                return  # done, or sent, since we looked: the next round sees which
            await history.record(
                connection, job["id"], "submitting", row["name"], hold.worker_id,
                attempt=begun["attempts"],
            )  # fmt: skip
        task = _task(job, row, begun["id"], key)
        outcome = await self._submitter.submit(task, self._before_click(begun["id"], hold))
        await self._lastingly(lambda: self._settle(job, row, begun, outcome, hold))

    def _before_click(
        self, result_id: UUID, hold: Hold
    ) -> Callable[[dict[str, Any]], Awaitable[bool]]:
        async def note(payload: dict[str, Any]) -> bool:
            return await results.click(self._pool, result_id, hold.worker_id, hold.flow_id, payload)

        return note

    async def _obstacle(self, job: Record, row: Record) -> ResultReason | None:
        """Why a directory is not visited at all."""
        if not row["enabled"]:
            return ResultReason.DISABLED
        if row["terms_decision"] != "allowed":
            return ResultReason.TERMS
        if row["revision"]:  # asked for by staff
            return None
        elsewhere = await results.listed_elsewhere(
            self._pool, job["identity"], row["id"], job["id"]
        )
        return ResultReason.DUPLICATE if elsewhere is not None else None

    async def _skip(
        self, job: Record, row: Record, key: str, reason: ResultReason, hold: Hold
    ) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            done = await results.put_over(
                connection, job["id"], row, key, reason, REASON_TEXTS[reason]
            )
            if done is None and row["result_id"]:
                outcome = {"status": "skipped", "reason": reason, "message": REASON_TEXTS[reason]}
                done = await results.end(connection, row["result_id"], None, outcome)
            if done is not None:
                said: Event = "skipped_duplicate" if reason is ResultReason.DUPLICATE else "skipped"
                await self._tell(connection, job["id"], row["name"], said, done, hold)

    async def _lastingly(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write what a directory answered, also when the database is away for a while: nobody can
        ask for it again. `write` is guarded, so that a second time changes nothing."""
        for pause in AWAY_SECONDS:
            try:
                return await write()
            except LOST_DATABASE as error:
                log.warning("database away, an answer waits", error=type(error).__name__)
            await self._sleep(pause)
        return await write()

    async def _settle(
        self, job: Record, row: Record, begun: Record, outcome: Outcome, hold: Hold
    ) -> None:
        most = TRIES_WITHOUT_BROWSER if outcome.reason is ResultReason.NO_BROWSER else MOST_TRIES
        again = outcome.retry and begun["attempts"] < most
        if again and await self._later(job, row, begun, outcome, hold):
            return
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            done = await results.end(connection, begun["id"], hold.worker_id, _written(outcome))
            if done is not None:
                await self._observe(connection, row["id"], outcome)
                said: Event = outcome.status if outcome.status != "submitting" else "failed"
                await self._tell(connection, job["id"], row["name"], said, done, hold)

    async def _later(
        self, job: Record, row: Record, begun: Record, outcome: Outcome, hold: Hold
    ) -> bool:
        """Plan another attempt; False when something may have been sent, or another worker has it."""
        wait = RETRY_SECONDS[min(begun["attempts"], len(RETRY_SECONDS)) - 1]
        at = self._clock() + timedelta(seconds=wait)
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            planned = await results.try_later(
                connection, begun["id"], hold.worker_id, at, outcome.message
            )
            if planned:
                await history.record(
                    connection, job["id"], "retry_scheduled", row["name"], hold.worker_id,
                    reason=outcome.reason, attempt=begun["attempts"], at=_stamp(at),
                )  # fmt: skip
        return planned

    async def _recover(self, job: Record, row: Record, hold: Hold) -> None:
        """A worker died between the click and the save: ask the directory, never send again."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            if await results.adopt(connection, row["result_id"], hold.worker_id) is None:
                return
        task = _task(job, row, row["result_id"], row["idempotency_key"])
        listing = await self._submitter.look_up(task)
        message = REASON_TEXTS[ResultReason.INTERRUPTED]
        picture = self._submitter.left_behind(task)
        outcome = Outcome("needs_manual", ResultReason.INTERRUPTED, message, screenshot=picture)
        if listing is not None:
            outcome = Outcome(
                "submitted",
                listing_url=listing,
                response_log={"found": "by look-up"},
                screenshot=picture,
            )
        await self._lastingly(lambda: self._recovered(job, row, outcome, hold))

    async def _recovered(self, job: Record, row: Record, outcome: Outcome, hold: Hold) -> None:
        """What was filled in stands in the row already."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            found = {**_written(outcome), "payload": None}
            done = await results.end(connection, row["result_id"], hold.worker_id, found)
            if done is not None:
                said: Event = "submitted" if outcome.status == "submitted" else "needs_manual"
                await self._tell(connection, job["id"], row["name"], said, done, hold)

    async def _tell(
        self,
        connection: Connection,
        job_id: UUID,
        name: str,
        event: Event,
        done: Record,
        hold: Hold,
    ) -> None:
        """What happened, that this directory is done, and the order's new count: one transaction."""
        facts = {"status": done["status"], "reason": done["reason"], "attempts": done["attempts"]}
        await history.record_all(
            connection, job_id,
            [(event, name, facts), ("submission_complete", name, facts)], hold.worker_id,
        )  # fmt: skip
        await flows.progressed(connection, hold.flow_id)
        await orders.recount(connection, job_id)

    async def _observe(self, connection: Connection, directory_id: UUID, outcome: Outcome) -> None:
        login = True if outcome.reason is ResultReason.LOGIN_REQUIRED else None
        captcha = True if outcome.reason is ResultReason.CAPTCHA else None
        if outcome.status == "submitted":
            login = captcha = False
        await directories.observed(connection, directory_id, login, captcha)

    def _require_open(self) -> None:
        if self._closing:
            raise ClosingError

    async def _require_going_on(self, job_id: UUID) -> Record:
        job = await orders.order(self._pool, job_id)
        if job is None or job["status"] != "in_progress":
            raise OrderStoppedError
        return job

    async def _wind_up(self, job_id: UUID, hold: Hold) -> None:
        """Nothing stays `submitting` in an order that was stopped."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            await stop_attempts(connection, job_id, hold.worker_id)

    async def _finalize(self, job_id: UUID, hold: Hold) -> str | None:
        """The end of an order; None while a directory is open, also one that staff asked for just now."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _require_hold(connection, hold)
            await orders.lock(connection, job_id)  # a count taken before the lock may be old
            job = await orders.recount(connection, job_id)
            if job["directories_done"] < job["directories_total"]:
                return None
            if await orders.move(connection, job_id, "completed") is None:
                return "cancelled"
            done, total = job["directories_done"], job["directories_total"]
            await history.record_all(
                connection, job_id,
                [("job_finalized", None, {"done": done, "total": total}), ("flow_completed", None, {})],
                hold.worker_id,
            )  # fmt: skip
            await flows.finish(connection, hold.flow_id, hold.worker_id, "completed")
        log.info(f"Job {job_id} completed", done=done, total=total)  # noqa: G004
        tracing.whole("order", job_id, job["created_at"], directories=total)
        return "completed"


async def _require_hold(connection: Connection, hold: Hold) -> None:
    if not await flows.holds(connection, hold.flow_id, hold.worker_id):
        raise LeaseLostError


def _task(job: Record, row: Record, result_id: UUID, key: str) -> Task:
    return Task(
        job_id=job["id"],
        result_id=result_id,
        directory_id=row["id"],
        directory_name=row["name"],
        submission_url=row["submission_url"],
        lookup_url=row["lookup_url"],
        is_demo=row["is_demo"],
        profile=BusinessProfile.model_validate(job["profile"]),
        idempotency_key=key,
    )


def _written(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "reason": outcome.reason,
        "message": outcome.message,
        "payload": outcome.payload or None,
        "response_log": outcome.response_log,
        "screenshot": outcome.screenshot,
        "listing_url": outcome.listing_url,
        "confirmation": outcome.confirmation,
    }


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
