"""What is open in an order that stops, whoever stops it: nothing of it stays `submitting`."""

from uuid import UUID

from directory_bolt.core.orders.events import Event
from directory_bolt.core.orders.reason_texts import sentence_of
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.storage import history, orders, results
from hermes_base.postgres.database import Connection

NOT_AGAIN = "The order stopped before this directory was retried."


async def stop_attempts(connection: Connection, job_id: UUID, worker_id: str) -> None:
    """End what is open in an order that stops: what may have been sent is handed to a person.

    A first attempt that sent nothing leaves no trace; one that staff asked for again has a past to keep.
    """
    await results.drop_unsent(connection, job_id)
    ended = await results.skip_unsent(connection, job_id, NOT_AGAIN)
    message = sentence_of(ResultReason.INTERRUPTED)
    for row in [*ended, *await results.interrupt_sent(connection, job_id, message)]:
        facts = {"status": row.status, "reason": row.reason, "attempts": row.attempts}
        event: Event = "needs_manual" if row.status == "needs_manual" else "skipped"
        name = row.directory_name
        await history.record_all(
            connection,
            job_id,
            [(event, name, facts), ("submission_complete", name, facts)],
            worker_id,
        )
    await orders.recount(connection, job_id)
