"""The outbox: orders that the relay must hand to the brain, written in the order's own transaction."""

from datetime import datetime
from uuid import UUID

from directory_bolt.core.orders.messages import QueueBody
from directory_bolt.core.rows.deliveries import OutboxMessage
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool


async def post(connection: Connection, body: QueueBody) -> None:
    """Write what must be handed to the brain, and wake the relay."""
    await connection.execute(
        "insert into outbox (job_id, payload) values ($1, $2)",
        body.job_id,
        body.model_dump(mode="json"),
    )
    await connection.execute("select pg_notify('hermes_outbox', '{}')")


async def due(connection: Connection, most: int) -> list[OutboxMessage]:
    """Messages to hand over now; locked until the transaction ends, so that no other relay sends them."""
    found = await connection.fetch(
        "select * from outbox where done_at is null and due_at <= now() order by id limit $1"
        " for update skip locked",
        most,
    )
    return rows.values(OutboxMessage, found)


async def sent(connection: Connection, number: int) -> None:
    """Mark a message as handed over."""
    await connection.execute("update outbox set done_at = now() where id = $1", number)


async def postpone(connection: Connection, number: int, error: str, wait: float) -> None:
    """Try a message again in `wait` seconds, and note why it failed."""
    await connection.execute(
        "update outbox set attempts = attempts + 1, last_error = $2,"
        " due_at = now() + make_interval(secs => $3) where id = $1",
        number, error[:500], wait,
    )  # fmt: skip


async def expedite(connection: Connection, job_id: UUID) -> bool:
    """Make the waiting messages of an order due at once; False when there are none."""
    done = await connection.execute(
        "update outbox set due_at = now() where job_id = $1 and done_at is null", job_id
    )
    await connection.execute("select pg_notify('hermes_outbox', '{}')")
    return done != "UPDATE 0"


async def overdue(pool: Pool, before: datetime) -> list[OutboxMessage]:
    """Messages that were written before a time and are not handed over."""
    found = await pool.fetch(
        "select * from outbox where done_at is null and created_at < $1 order by id", before
    )
    return rows.values(OutboxMessage, found)
