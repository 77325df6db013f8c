"""What staff do with an order that is going on, and with what needs a person."""

from typing import Any
from uuid import UUID

import structlog

from directory_bolt.core.orders.messages import body_of
from directory_bolt.core.orders.processes import WATCHED_KINDS
from directory_bolt.core.orders.recorded_outcomes import RecordedOutcome
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.rows.deliveries import FlowRun
from directory_bolt.core.rows.orders import Order
from directory_bolt.core.rows.submissions import Submission
from directory_bolt.engines.flow import FlowAwayError, FlowEngine
from directory_bolt.engines.queue import Queue
from directory_bolt.storage import alerts, flows, history, orders, outbox, results
from directory_bolt.storage.stopping import stop_attempts
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem, not_found

log = structlog.get_logger()


async def locked_order(connection: Connection, job_id: UUID) -> Order:
    """An order, locked until the transaction ends. Raises `unknown_order`."""
    job = await orders.lock(connection, job_id)
    if job is None:
        raise not_found("unknown_order", job_id, "Take an id from the staff dashboard.")
    return job


class StaffActions:
    """Each method is one button: one transaction, with an entry in the audit log under `actor`."""

    def __init__(self, pool: Pool, queue: Queue, engine: FlowEngine) -> None:
        self._pool = pool
        self._queue = queue
        self._engine = engine

    async def cancel(self, job_id: UUID, actor: str) -> None:
        """Cancel an order: completed submissions stay, nothing more is submitted. Raises `order_over`."""
        async with self._pool.acquire() as connection, connection.transaction():
            # The flow before the order, as its worker locks them: the other way round is a deadlock.
            flow = await flows.lock_open_flow(connection, job_id)
            await locked_order(connection, job_id)
            if not await orders.move(connection, job_id, "cancelled"):
                raise Problem("order_over", "The order is closed.", "There is nothing to cancel.")
            if flow is None or flow.leased_by is None:  # no worker would end what is open
                await _stop(connection, job_id, flow, actor)
            await history.record(connection, job_id, "cancelled", by=actor)
            await audit.record(connection, actor, "order_cancelled", str(job_id))
        if flow is not None and flow.external_id:
            await self._cancel_run(flow.external_id)

    async def _cancel_run(self, external_id: str) -> None:
        """A run that begins all the same ends at its first look at the order, so away is no error."""
        try:
            await self._engine.cancel(external_id)
        except FlowAwayError as error:
            log.warning("the flow engine did not hear of the cancel", error=str(error))

    async def set_priority(self, job_id: UUID, priority: int, actor: str) -> None:
        """1 is worked on first, 4 last. Raises `order_over`, `invalid_request`."""
        if priority not in (1, 2, 3, 4):
            raise Problem("invalid_request", "The priority is 1, 2, 3 or 4.", "1 is the highest priority.", field="priority")  # fmt: skip
        async with self._pool.acquire() as connection, connection.transaction():
            before = await locked_order(connection, job_id)
            row = await orders.set_priority(connection, job_id, priority)
            if row is None:
                raise Problem(
                    "order_over", "The order is closed.", "Changing its priority has no effect."
                )
            if row.message_id:
                await self._queue.reprioritise(row.message_id, priority, connection)
            await history.record(
                connection, job_id, "priority_changed", by=actor, before=before.priority,
                after=priority,
            )  # fmt: skip
            await audit.record(connection, actor, "order_priority", str(job_id), priority=priority)

    async def push(self, job_id: UUID, actor: str) -> None:
        """Queue a pending order now. Raises `order_over`, `already_queued`."""
        async with self._pool.acquire() as connection, connection.transaction():
            job = await locked_order(connection, job_id)
            if job.status != "pending":
                message = f"The order is {job.status.replace('_', ' ')}."
                raise Problem("order_over", message, "Only a pending order can be queued.")
            if job.message_id:
                hint = "Set its priority to 1 to process it first."
                raise Problem("already_queued", "The order is already in the queue.", hint)
            if not await outbox.expedite(connection, job_id):
                await outbox.post(connection, body_of(job))
            await audit.record(connection, actor, "order_pushed", str(job_id))

    async def resolve(self, result_id: UUID, outcome: RecordedOutcome, actor: str) -> UUID:
        """Record how a person ended a directory that needed one. Returns the order.

        Raises `invalid_request` (`submitted` without a proof), `wrong_state`, `order_over` (cancelled).
        """
        outcome.require_proof()
        facts: dict[str, Any] = {"status": outcome.resolution}
        if outcome.proof:
            facts["proof"] = outcome.proof
        async with self._pool.acquire() as connection, connection.transaction():
            facts["before"] = await _before(connection, result_id)
            row = await _recorded(connection, result_id, outcome)
            await orders.recount(connection, row.job_id)
            await history.record(
                connection, row.job_id, "manual_resolved", row.directory_name, by=actor, **facts
            )
            facts.pop("before")
            await audit.record(connection, actor, "manual_resolved", str(result_id), **facts)
        return row.job_id

    async def undo(self, result_id: UUID, actor: str) -> UUID:
        """Take back what a person recorded: the directory needs one again, as before. Returns the order.

        Raises `unknown_result`, `wrong_state` where nobody recorded its outcome, `order_over` (cancelled).
        """
        async with self._pool.acquire() as connection, connection.transaction():
            known = await results.result(connection, result_id)
            if known is None:
                hint = "Take an id from the results of the order."
                raise not_found("unknown_result", result_id, hint)
            if (await locked_order(connection, known.job_id)).status == "cancelled":
                raise Problem(
                    "order_over", "The order was cancelled.", "Nothing is left to do for it."
                )
            if not await results.unresolve(connection, result_id):
                hint = "Retry the directory instead."
                raise Problem("wrong_state", "Nobody recorded the outcome of this directory.", hint)
            await orders.recount(connection, known.job_id)
            await history.record(
                connection, known.job_id, "outcome_undone", known.directory_name, by=actor
            )
            await audit.record(connection, actor, "outcome_undone", str(result_id))
        return known.job_id

    async def close_alert(self, key: str, actor: str) -> None:
        """Close an alert that has been dealt with. Raises `unknown_alert`, also for alerts that the
        monitor closes by itself."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await alerts.close_alert(connection, key, WATCHED_KINDS)
            if row is None:
                hint = (
                    "It is already closed, or it closes automatically when the problem is resolved."
                )
                raise not_found("unknown_alert", key, hint)
            await audit.record(connection, actor, "alert_closed", key, text=row.text)


async def _before(connection: Connection, result_id: UUID) -> dict[str, str | None]:
    """What the row says before a person records its outcome, so that this can be undone."""
    known = await results.result(connection, result_id)
    if known is None:
        return {}
    return {
        "reason": known.reason, "message": known.error_message,
        "listing_url": known.listing_url, "confirmation": known.confirmation,
    }  # fmt: skip


async def _recorded(
    connection: Connection, result_id: UUID, outcome: RecordedOutcome
) -> Submission:
    """The row as it ended. Raises `wrong_state`, `order_over`."""
    submitted = outcome.resolution == "submitted"
    row = await results.resolve(
        connection, result_id, outcome.resolution,
        None if submitted else ResultReason.REJECTED.value, outcome.note,
        outcome.listing_url or None if submitted else None,
        outcome.reference or None if submitted else None,
    )  # fmt: skip
    if row is None:
        raise Problem("wrong_state", "This directory no longer needs a person.", "Reload the page.")
    if (await locked_order(connection, row.job_id)).status == "cancelled":
        hint = "Nothing is left to do for it."
        raise Problem("order_over", "The order was cancelled.", hint)
    return row


async def _stop(connection: Connection, job_id: UUID, flow: FlowRun | None, actor: str) -> None:
    if flow is not None:
        await flows.finish(connection, flow.id, None, "cancelled", f"by {actor}")
    await stop_attempts(connection, job_id, actor)
