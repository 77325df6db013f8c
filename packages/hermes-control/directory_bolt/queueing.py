"""Queueing: the door through which orders enter the queue, behind POST /api/jobs/enqueue."""

from dataclasses import dataclass
from uuid import UUID

from directory_bolt.core.orders.messages import QueueBody
from directory_bolt.core.rows.orders import Order
from directory_bolt.engines.queue import Queue, QueueAwayError
from directory_bolt.storage import history, orders
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem, not_found


@dataclass(frozen=True, slots=True)
class EnqueueResult:
    """An order in its queue; `is_new` is False when it was there already."""

    job_id: UUID
    message_id: str
    queue_provider: str
    status: str
    is_new: bool


class Queueing:
    """Sends one message for each order. A queue in the same database sends in our transaction."""

    def __init__(self, pool: Pool, queue: Queue) -> None:
        self._pool = pool
        self._queue = queue

    async def enqueue(self, body: QueueBody) -> EnqueueResult:
        """Put an order into the queue; an order that is there already keeps its message.

        Raises `unknown_order`, `order_mismatch`, `order_over`, `queue_away`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            job = _require_pending(await orders.lock(connection, body.job_id), body)
            if job.message_id:
                return _result(job, job.message_id, is_new=False)
            message_id = await self._send(body, connection)
            done = await orders.enqueued(connection, job.id, message_id, self._queue.provider)
            assert done is not None, "the order is locked and pending"  # noqa: S101
            await history.record(
                connection, job.id, "enqueued", message_id=message_id,
                queue_provider=self._queue.provider,
            )  # fmt: skip
        return _result(done, message_id, is_new=True)

    async def _send(self, body: QueueBody, within: Connection) -> str:
        try:
            return await self._queue.send(body.model_dump_json(), body.priority, within)
        except QueueAwayError as error:
            hint = "Nothing was queued. Try again when the queue is available."
            raise Problem("queue_away", f"The queue is unavailable: {error}.", hint) from error


def _require_pending(job: Order | None, body: QueueBody) -> Order:
    if job is None:
        raise not_found("unknown_order", body.job_id, "Create the order first.")
    if job.customer_id != body.customer_id:
        message = "The order belongs to another customer."
        raise Problem("order_mismatch", message, "Send the order's own customer_id.", field="customer_id")  # fmt: skip
    # An order in progress is answered with its message: the relay asks again when an answer was lost.
    if job.status not in ("pending", "in_progress") or (
        job.status == "in_progress" and not job.message_id
    ):
        message = f"The order is {job.status}."
        raise Problem("order_over", message, "Only a pending order can be queued.")
    return job


def _result(job: Order, message_id: str, *, is_new: bool) -> EnqueueResult:
    return EnqueueResult(job.id, message_id, job.queue_provider or "", "queued", is_new)
