"""Retries by staff: failed directories, one directory, or a dead letter go the whole way once more."""

from uuid import UUID

from directory_bolt.core.orders.messages import body_of
from directory_bolt.core.orders.profile import idempotency_key
from directory_bolt.core.rows.deliveries import DeadLetter
from directory_bolt.core.rows.orders import Order
from directory_bolt.core.rows.submissions import Submission
from directory_bolt.reversals import taken_back
from directory_bolt.staff import locked_order
from directory_bolt.storage import dead_letters, history, orders, outbox, results
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem, not_found

AGAIN = ("failed", "skipped", "needs_manual")


class Retries:
    """Each method is one button: one transaction, with an entry in the audit log under `actor`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def retry_failed(self, job_id: UUID, actor: str) -> int:
        """Retry an order's failed directories. Returns how many there are.

        Raises `nothing_to_retry`, and `order_over` for an order that was cancelled.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await require_paid(connection, job_id)
            job = await locked_order(connection, job_id)
            added = (
                await _listed_anew(connection, job) if job.status in ("failed", "waiting") else 0
            )
            found = [r for r in await results.of_job(connection, job_id) if r.status == "failed"]
            if not found and not added:
                raise Problem("nothing_to_retry", "No directory of this order failed.", "Check the directories that need a person.")  # fmt: skip
            for row in found:
                await begin_anew(connection, row.id, actor)
            await send_again(connection, job_id, actor)
        return len(found) + added

    async def retry_one(self, result_id: UUID, actor: str) -> UUID:
        """Retry one directory, with a new idempotency key. Returns the order.

        Raises `unknown_result`, `wrong_state`, `order_over`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if known := await results.result(connection, result_id):
                await require_paid(connection, known.job_id)
            row = await begin_anew(connection, result_id, actor)
            await send_again(connection, row.job_id, actor)
        return row.job_id

    async def replay(self, letter_id: UUID, actor: str) -> UUID:
        """Replay a dead letter. Returns its order.

        Raises `unknown_dead_letter`, `not_replayable`, `order_over`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            letter = await dead_letters.take(connection, letter_id, actor)
            if letter is None:
                raise not_found(
                    "unknown_dead_letter", letter_id, "It may have been replayed already."
                )
            job_id = _order_of(letter)
            await require_paid(connection, job_id)
            job = await locked_order(connection, job_id)
            await history.record(connection, job_id, "replayed", by=actor)
            if job.status == "failed":
                await orders.move(connection, job_id, "pending")
            elif job.status != "pending":
                raise Problem(
                    "order_over", f"The order is {job.status}.", "There is nothing to replay."
                )
            await _post(connection, job_id)
            await audit.record(connection, actor, "dead_letter_replayed", str(letter_id))
        return job_id


def _order_of(letter: DeadLetter) -> UUID:
    if letter.job_id is None:
        message = "This dead letter does not name an order, so it cannot be replayed."
        raise Problem("not_replayable", message, "Fix the sender.")
    return letter.job_id


async def _listed_anew(connection: Connection, job: Order) -> int:
    """How many directories an order gets that it did not have: it failed where there was none to use."""
    return (await orders.extend_work(connection, job)).directories_total - job.directories_total


async def require_paid(connection: Connection, job_id: UUID) -> None:
    """Nothing is submitted for money that is gone. Before the order is locked, as refunds do it. Raises `order_over`."""
    payment = await orders.payment_of(connection, job_id)
    if gone := await taken_back(connection, payment):
        raise Problem("order_over", gone, "Nothing more is submitted for this order.")


async def begin_anew(connection: Connection, result_id: UUID, actor: str) -> Submission:
    """A new revision has a new idempotency key: this submission is meant, not an accident."""
    known = await results.result(connection, result_id)
    if known is None:
        raise not_found("unknown_result", result_id, "Take an id from the results of the order.")
    key = idempotency_key(
        known.identity, str(known.directory_id), str(known.job_id), known.revision + 1
    )
    row = await results.begin_anew(connection, result_id, key, AGAIN)
    if row is None:
        message = f"This directory is {known.status}."
        hint = "Only directories that failed, were skipped or need a person can be retried."
        raise Problem("wrong_state", message, hint)
    await orders.recount(connection, row.job_id)
    await history.record(connection, row.job_id, "retry_scheduled", row.directory_name, by=actor)
    return row


async def send_again(connection: Connection, job_id: UUID, actor: str) -> None:
    """An order that was over goes back through the whole chain; one going on takes it up itself."""
    job = await locked_order(connection, job_id)
    if job.status == "cancelled":
        raise Problem("order_over", "The order is cancelled.", "Create a new order.")
    if job.status in ("completed", "failed", "waiting"):
        await orders.move(connection, job_id, "pending")
        await _post(connection, job_id)
    await audit.record(connection, actor, "order_retried", str(job_id))


async def _post(connection: Connection, job_id: UUID) -> None:
    """Take a pending order back to the outbox; its earlier message is forgotten."""
    await orders.unqueue(connection, job_id)
    await outbox.post(connection, body_of(await locked_order(connection, job_id)))
