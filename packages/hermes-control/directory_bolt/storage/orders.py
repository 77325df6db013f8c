"""Orders (table jobs): written, moved from state to state under one guard, counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from directory_bolt.core.orders.packages import Package
from directory_bolt.core.orders.states import JobStatus, WaitsFor, sources_of
from directory_bolt.core.rows.orders import ClaimedOrder, Order, StuckOrder
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool


async def add(
    connection: Connection,
    customer_id: UUID,
    bought: Package,
    directories: int,
    source: str,
    checkout_session: str | None = None,
    metadata: dict[str, Any] | None = None,
    live: bool = False,
) -> Order | None:
    """A pending order with a work list of the best directories that are free to be used.

    None when this Stripe session has its order already. `directories` is how many were promised;
    `directories_total` of the row is how many there are. A `live` order was paid for with real money:
    it reaches real directories alone, every other one the demo's alone.
    """
    row = await connection.fetchrow(
        "insert into jobs (customer_id, package_type, priority, directories_promised,"
        " directories_total, source, checkout_session, metadata, live)"
        " values ($1, $2, $3, $4, 0, $5, $6, $7, $8)"
        " on conflict (checkout_session) do nothing returning *",
        customer_id, bought.slug, bought.priority, directories, source, checkout_session, metadata or {},
        live,
    )  # fmt: skip
    return None if row is None else await extend_work(connection, rows.value(Order, row))


async def extend_work(connection: Connection, job: Order) -> Order:
    """List directories for an order that has fewer than were bought; the order with what it has now.

    Enabled, terms allowed, best tier and authority first; those that became so since the order was paid
    come behind those that it has. Real money reaches real directories, all else the demo's.
    """
    row = await connection.fetchrow(
        "with chosen as (select id, row_number() over (order by tier, domain_authority desc nulls last,"
        "  name) as n from directories d where enabled and terms_decision = 'allowed'"
        "  and is_demo <> $3 and not exists (select 1 from job_directories l"
        "   where l.job_id = $1 and l.directory_id = d.id)),"
        " listed as (insert into job_directories (job_id, directory_id, position)"
        "  select $1, id, $4 + n from chosen where n <= $2 - $4 returning 1)"
        " update jobs set directories_total = directories_total + (select count(*) from listed)"
        " where id = $1 returning *",
        job.id, job.directories_promised, job.live, job.directories_total,
    )  # fmt: skip
    assert row is not None, "the order was read in this transaction"  # noqa: S101
    return rows.value(Order, row)


async def order(connection: Pool | Connection, job_id: UUID) -> Order | None:
    """An order by its id; None where there is none."""
    found = await connection.fetchrow("select * from jobs where id = $1", job_id)
    return rows.value_or_none(Order, found)


async def claimed(connection: Pool | Connection, job_id: UUID) -> ClaimedOrder | None:
    """One order with its customer's profile, or None."""
    found = await connection.fetchrow(
        "select j.*, c.profile, c.identity from jobs j join customers c on c.id = j.customer_id"
        " where j.id = $1",
        job_id,
    )
    return rows.value_or_none(ClaimedOrder, found)


async def of_session(connection: Connection, session: str) -> UUID | None:
    """The id of the order of a checkout session, or None."""
    return await connection.fetchval("select id from jobs where checkout_session = $1", session)


async def of_payment(connection: Connection, payment: str) -> UUID | None:
    """The id of the order that was paid for with a PaymentIntent, or None."""
    return await connection.fetchval(
        "select id from jobs where metadata ->> 'payment_intent' = $1", payment
    )


async def payment_of(connection: Connection, job_id: UUID) -> str:
    """The PaymentIntent that an order was paid with; "" where none is known."""
    found = await connection.fetchval(
        "select metadata ->> 'payment_intent' from jobs where id = $1", job_id
    )
    return found or ""


async def lock(connection: Connection, job_id: UUID) -> Order | None:
    """One order, locked until the transaction ends; None when there is none."""
    found = await connection.fetchrow("select * from jobs where id = $1 for update", job_id)
    return rows.value_or_none(Order, found)


async def move(
    connection: Connection,
    job_id: UUID,
    target: JobStatus,
    error: str | None = None,
    waits_for: WaitsFor = "directories",
) -> bool:
    """Change the state of an order if the table of transitions allows it; False when it does not.

    `waits_for` counts for the target `waiting` alone.
    """
    done = await connection.execute(
        "update jobs set status = $2, error_message = $4, updated_at = now(),"
        " waits_for = case when $2 = 'waiting' then $5 end,"
        " started_at = case when $2 = 'in_progress' then coalesce(started_at, now()) else started_at end,"
        " completed_at = case when $2 in ('completed', 'failed', 'cancelled') then now() end"
        " where id = $1 and status = any($3::text[])",
        job_id, target, sources_of(target), error, waits_for,
    )  # fmt: skip
    return done == "UPDATE 1"


async def enqueued(
    connection: Connection, job_id: UUID, message_id: str, provider: str
) -> Order | None:
    """Write down the message of a pending order; None when it has one, or is not pending."""
    found = await connection.fetchrow(
        "update jobs set message_id = $2, queue_provider = $3, enqueued_at = now(), updated_at = now()"
        " where id = $1 and message_id is null and status = 'pending' returning *",
        job_id, message_id, provider,
    )  # fmt: skip
    return rows.value_or_none(Order, found)


async def unqueue(connection: Connection, job_id: UUID) -> None:
    """Forget the message of an order, so that it can be put into the queue again."""
    await connection.execute(
        "update jobs set message_id = null, queue_provider = null, enqueued_at = null, updated_at = now()"
        " where id = $1",
        job_id,
    )


async def recount(connection: Connection, job_id: UUID) -> Order:
    """Count `directories_done` from the results; the database computes `progress` from it."""
    row = await connection.fetchrow(
        "update jobs set updated_at = now(), directories_done = (select count(*) from job_results"
        " where job_id = $1 and status <> 'submitting') where id = $1 returning *",
        job_id,
    )
    assert row is not None, "an order is not deleted while it is worked on"  # noqa: S101
    return rows.value(Order, row)


async def set_priority(connection: Connection, job_id: UUID, priority: int) -> Order | None:
    """Move an open order up or down; None when it is over."""
    found = await connection.fetchrow(
        "update jobs set priority = $2, updated_at = now() where id = $1"
        " and status in ('pending', 'in_progress', 'waiting') returning *",
        job_id, priority,
    )  # fmt: skip
    return rows.value_or_none(Order, found)


async def lock_waiting(connection: Connection) -> list[Order]:
    """Orders that wait for directories, the most urgent first, locked until the transaction ends; those
    that somebody works on now are left out."""
    found = await connection.fetch(
        "select * from jobs where waits_for = 'directories' order by priority, created_at"
        " for update skip locked"
    )
    return rows.values(Order, found)


async def never_enqueued(pool: Pool, before: datetime) -> list[UUID]:
    """The ids of pending orders that stand in no queue since a time."""
    found = await pool.fetch(
        "select id from jobs where status = 'pending' and message_id is null"
        " and updated_at < $1 order by created_at",
        before,
    )
    return [row["id"] for row in found]


async def without_progress(pool: Pool, since: datetime) -> list[StuckOrder]:
    """Open orders without an event in their history since a time, also those that never began."""
    found = await pool.fetch(
        "select j.id, j.status, j.progress, coalesce((select max(created_at) from queue_history"
        "  where job_id = j.id), j.created_at) as heard_at from jobs j"
        " where status in ('pending', 'in_progress') and not exists (select 1 from queue_history"
        "  where job_id = j.id and created_at >= $1) and j.created_at < $1",
        since,
    )
    return rows.values(StuckOrder, found)


async def delete(connection: Connection, job_ids: Sequence[UUID]) -> None:
    """Delete test orders whole, with everything that hangs on them."""
    await connection.execute("set local hermes.erasing = 'on'")
    await connection.execute("delete from jobs where id = any($1::uuid[])", list(job_ids))
