"""The webhook inbox: every Stripe event is kept once, with what became of it."""

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
