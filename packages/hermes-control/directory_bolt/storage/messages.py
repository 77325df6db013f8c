"""The embedded queue's messages: at least once, a visibility timeout, a receive count."""

from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def send(connection: Pool | Connection, body: str, priority: int) -> UUID:
    """Append a message; who waits for one is told."""
    message: Any = await connection.fetchval(
        "insert into queue_messages (body, priority) values ($1, $2) returning id", body, priority
    )
    await connection.execute("select pg_notify('hermes_queue', $1)", f'{{"id": "{message}"}}')
    return message


async def forget(connection: Connection, message_id: UUID) -> None:
    """Take a message away whose order is deleted."""
    await connection.execute("delete from queue_messages where id = $1", message_id)


async def receive(pool: Pool, most: int, visibility: float) -> list[Record]:
    """Take the most urgent visible messages; others see them again after `visibility` seconds."""
    return await pool.fetch(
        "update queue_messages set receive_count = receive_count + 1, receipt = gen_random_uuid(),"
        " visible_at = clock_timestamp() + make_interval(secs => $2) where id in ("
        "  select id from queue_messages where visible_at <= clock_timestamp()"
        "  order by priority, created_at limit $1 for update skip locked) returning *",
        most, visibility,
    )  # fmt: skip


async def delete(connection: Pool | Connection, receipt: UUID) -> bool:
    """Remove a received message; False when somebody else has received it since."""
    return (
        await connection.execute("delete from queue_messages where receipt = $1", receipt)
        == "DELETE 1"
    )


async def depth(connection: Pool | Connection) -> Record:
    """`visible`, `in_flight`, and the age of the oldest message in seconds."""
    row = await connection.fetchrow(
        "select count(*) filter (where visible_at <= clock_timestamp()) as visible,"
        " count(*) filter (where visible_at > clock_timestamp()) as in_flight,"
        " coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as oldest_seconds"
        " from queue_messages"
    )
    assert row is not None, "an aggregate always returns a row"  # noqa: S101
    return row


async def reprioritise(connection: Connection, message_id: str, priority: int) -> None:
    """Move a waiting message up or down."""
    await connection.execute(
        "update queue_messages set priority = $2 where id::text = $1", message_id, priority
    )
