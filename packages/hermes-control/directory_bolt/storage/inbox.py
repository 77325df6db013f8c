"""The webhook inbox and the outbox: what came in is kept once, what must go out is not forgotten."""

from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def receive(
    connection: Connection, event_id: str, kind: str, payload: dict[str, Any]
) -> bool:
    """Keep a webhook event; False when it was delivered before. Locks the event until the commit."""
    row = await connection.fetchrow(
        "insert into webhook_inbox (event_id, type, payload, outcome) values ($1, $2, $3, 'received')"
        " on conflict (event_id) do update set deliveries = webhook_inbox.deliveries + 1"
        " returning deliveries",
        event_id, kind, payload,
    )  # fmt: skip
    return row is not None and row["deliveries"] == 1


async def settle(
    connection: Connection,
    event_id: str,
    outcome: str,
    detail: str = "",
    job_id: UUID | None = None,
) -> None:
    """Note what became of an event."""
    await connection.execute(
        "update webhook_inbox set outcome = $2, detail = $3, job_id = $4 where event_id = $1",
        event_id, outcome, detail, job_id,
    )  # fmt: skip


async def event(connection: Pool | Connection, event_id: str) -> Record | None:
    """What is known of one event."""
    return await connection.fetchrow("select * from webhook_inbox where event_id = $1", event_id)


async def job_of_session(connection: Connection, session: str) -> UUID | None:
    """The order of a Stripe session, if it has one."""
    return await connection.fetchval("select id from jobs where checkout_session = $1", session)


async def erase(connection: Connection, jobs: list[UUID]) -> None:
    """Take the personal data out of the events of orders."""
    await connection.execute(
        "update webhook_inbox set payload = '{\"erased\": true}' where job_id = any($1::uuid[])",
        jobs,
    )


async def forget(connection: Connection, job_id: UUID) -> None:
    """Take the events of a test order away."""
    await connection.execute("delete from webhook_inbox where job_id = $1", job_id)


async def post(connection: Connection, job_id: UUID, payload: dict[str, Any]) -> None:
    """What must be handed to the brain, written with the order itself."""
    await connection.execute(
        "insert into outbox (job_id, payload) values ($1, $2)", job_id, payload
    )
    await connection.execute("select pg_notify('hermes_outbox', '{}')")


async def due(connection: Connection, most: int) -> list[Record]:
    """What is to be handed over now; locked until the transaction ends, so nobody else sends it."""
    return await connection.fetch(
        "select * from outbox where done_at is null and due_at <= now() order by id limit $1"
        " for update skip locked",
        most,
    )


async def sent(connection: Connection, number: int) -> None:
    """Handed over."""
    await connection.execute("update outbox set done_at = now() where id = $1", number)


async def postpone(connection: Connection, number: int, error: str, wait: float) -> None:
    """Not handed over: again after so many seconds."""
    await connection.execute(
        "update outbox set attempts = attempts + 1, last_error = $2,"
        " due_at = now() + make_interval(secs => $3) where id = $1",
        number, error[:500], wait,
    )  # fmt: skip


async def hurry(connection: Connection, job_id: UUID) -> bool:
    """Make what of an order stands in the outbox due at once; False when nothing of it does."""
    done = await connection.execute(
        "update outbox set due_at = now() where job_id = $1 and done_at is null", job_id
    )
    await connection.execute("select pg_notify('hermes_outbox', '{}')")
    return done != "UPDATE 0"


async def overdue(pool: Pool, before: datetime) -> list[Record]:
    """What waits since a time to be handed over."""
    return await pool.fetch(
        "select * from outbox where done_at is null and created_at < $1 order by id", before
    )
