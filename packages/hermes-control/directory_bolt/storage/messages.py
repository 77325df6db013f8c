"""The embedded queue's messages: at least once, a visibility timeout, a receive count."""

from typing import Any
from uuid import UUID

from directory_bolt.core.rows.deliveries import QueueDepth, QueuedMessage
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool


async def send(connection: Pool | Connection, body: str, priority: int) -> UUID:
    """Append a message, and wake the subscriber that waits. Returns its id."""
    message: Any = await connection.fetchval(
        "insert into queue_messages (body, priority) values ($1, $2) returning id", body, priority
    )
    await connection.execute("select pg_notify('hermes_queue', $1)", f'{{"id": "{message}"}}')
    return message


async def forget(connection: Connection, message_id: UUID) -> None:
    """Delete a message by its id."""
    await connection.execute("delete from queue_messages where id = $1", message_id)


async def receive(pool: Pool, most: int, visibility: float) -> list[QueuedMessage]:
    """Take the most urgent visible messages; others see them again after `visibility` seconds."""
    found = await pool.fetch(
        "update queue_messages set receive_count = receive_count + 1, receipt = gen_random_uuid(),"
        " visible_at = clock_timestamp() + make_interval(secs => $2) where id in ("
        "  select id from queue_messages where visible_at <= clock_timestamp()"
        "  order by priority, created_at limit $1 for update skip locked) returning *",
        most, visibility,
    )  # fmt: skip
    return rows.values(QueuedMessage, found)


async def delete(connection: Pool | Connection, receipt: UUID) -> bool:
    """Remove a received message; False when somebody else has received it since."""
    return (
        await connection.execute("delete from queue_messages where receipt = $1", receipt)
        == "DELETE 1"
    )


async def depth(connection: Pool | Connection) -> QueueDepth:
    """How many messages can be received now, and how many are being worked on."""
    row = await connection.fetchrow(
        "select count(*) filter (where visible_at <= clock_timestamp()) as visible,"
        " count(*) filter (where visible_at > clock_timestamp()) as in_flight"
        " from queue_messages"
    )
    assert row is not None, "an aggregate always returns a row"  # noqa: S101
    return rows.value(QueueDepth, row)


async def reprioritise(connection: Connection, message_id: str, priority: int) -> None:
    """Move a waiting message up or down."""
    await connection.execute(
        "update queue_messages set priority = $2 where id::text = $1", message_id, priority
    )
