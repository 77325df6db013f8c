"""Dead letters: what could not be worked off, kept with its reason until somebody looks at it."""

from typing import Any
from uuid import UUID

from directory_bolt.core.rows.deliveries import DeadLetter
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool


async def add(
    connection: Pool | Connection,
    source: str,
    body: str,
    reason: str,
    job_id: UUID | None = None,
    receive_count: int = 0,
) -> UUID:
    """Keep a message or flow that is given up; an unknown order is kept as text only."""
    found: Any = await connection.fetchval(
        "insert into dead_letters (source, body, reason, job_id, receive_count)"
        " values ($1, $2, $3, (select id from jobs where id = $4), $5) returning id",
        source, body, reason, job_id, receive_count,
    )  # fmt: skip
    return found


async def listed(connection: Pool | Connection, limit: int = 100) -> list[DeadLetter]:
    """Dead letters that nobody has replayed, the newest first."""
    found = await connection.fetch(
        "select * from dead_letters where replayed_at is null order by created_at desc limit $1",
        limit,
    )
    return rows.values(DeadLetter, found)


async def take(connection: Connection, letter_id: UUID, by: str) -> DeadLetter | None:
    """Mark a dead letter as replayed; None when it is not there or was replayed already."""
    found = await connection.fetchrow(
        "update dead_letters set replayed_at = now(), replayed_by = $2"
        " where id = $1 and replayed_at is null returning *",
        letter_id, by,
    )  # fmt: skip
    return rows.value_or_none(DeadLetter, found)


async def count(connection: Pool | Connection) -> int:
    """How many dead letters wait for somebody."""
    found: Any = await connection.fetchval(
        "select count(*) from dead_letters where replayed_at is null"
    )
    return found
