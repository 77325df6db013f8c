"""The webhook inbox: every Stripe event is kept once, with what became of it."""

from typing import Any
from uuid import UUID

from directory_bolt.core.orders.reversals import REVERSING
from directory_bolt.core.rows.deliveries import InboxEvent, RefusedEvent
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool, Reader


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


async def lock_payment(connection: Connection, payment: str) -> None:
    """Let events of one payment wait for each other until the transaction ends: a refund and its payment
    that arrive at once would each miss the other."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", payment)


async def reversals(connection: Connection, payment: str) -> list[tuple[str, dict[str, Any]]]:
    """(type, charge or dispute) of the kept events that take a payment back, whenever they arrived."""
    found = await connection.fetch(
        "select type, payload #> '{data,object}' as about from webhook_inbox"
        " where payload #>> '{data,object,payment_intent}' = $1"
        " and type = any($2::text[]) and outcome <> 'refused'",
        payment, list(REVERSING),
    )  # fmt: skip
    return [(row["type"], row["about"]) for row in found]


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


async def event(connection: Pool | Connection, event_id: str) -> InboxEvent | None:
    """What became of an event, or None when it was never received."""
    found = await connection.fetchrow("select * from webhook_inbox where event_id = $1", event_id)
    return rows.value_or_none(InboxEvent, found)


async def refused(reader: Reader, limit: int) -> list[RefusedEvent]:
    """Events of which no order was made although they should, the newest first."""
    found = await reader.fetch(
        "select event_id, payload, detail, received_at from webhook_inbox"
        " where outcome = 'refused' and job_id is null order by received_at desc, event_id limit $1",
        limit,
    )
    return rows.values(RefusedEvent, found)


async def lock_refused(connection: Connection, event_id: str) -> RefusedEvent | None:
    """One of them, locked until the transaction ends; None where it is none."""
    found = await connection.fetchrow(
        "select event_id, payload, detail, received_at from webhook_inbox"
        " where event_id = $1 and outcome = 'refused' and job_id is null for update",
        event_id,
    )
    return rows.value_or_none(RefusedEvent, found)


async def erase_of(connection: Connection, email: str) -> None:
    """Erase the payloads of events that never became an order, by the customer's e-mail address."""
    await connection.execute(
        "update webhook_inbox set payload = '{\"erased\": true}' where job_id is null"
        " and lower(payload #>> '{data,object,customer_details,email}') = lower($1)",
        email,
    )


async def erase(connection: Connection, jobs: list[UUID]) -> None:
    """Erase the payloads of the events of orders: they hold personal data."""
    await connection.execute(
        "update webhook_inbox set payload = '{\"erased\": true}' where job_id = any($1::uuid[])",
        jobs,
    )


async def forget(connection: Connection, job_id: UUID) -> None:
    """Delete the events of a test order."""
    await connection.execute("delete from webhook_inbox where job_id = $1", job_id)
