"""Cancelling runs, and looking at one before its time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection


async def cancel_queued(
    connection: Connection, ids: Sequence[UUID], detail: str, now: datetime
) -> list[Record]:
    """Runs that nobody has started yet are cancelled at once."""
    return await connection.fetch(
        "update service_runs set status = 'cancelled', reason = 'cancelled', detail = $2, finished_at = $3,"
        " due_at = null, phase = 'over', cancel_requested_at = $3,"
        " outputs_json = outputs_json || '{\"missingOutputs\": []}'"
        " where id = any($1::uuid[]) and status = 'queued'"
        " returning id, job_id, site_id, service_slug, run_type, status",
        list(ids), detail, now,
    )  # fmt: skip


async def request_cancel(
    connection: Connection, ids: Sequence[UUID], now: datetime
) -> list[Record]:
    """Running runs are marked; one that no runner holds is due at once."""
    return await connection.fetch(
        "update service_runs set cancel_requested_at = coalesce(cancel_requested_at, $2),"
        " due_at = case when leased_by is null then $2 else due_at end"
        " where id = any($1::uuid[]) and status = 'running'"
        " returning id, job_id, site_id, service_slug, run_type, status",
        list(ids), now,
    )  # fmt: skip


async def expedite(connection: Connection, run_id: UUID, now: datetime) -> bool:
    """Make a polled run due, unless a runner looks at it this moment. False when it is not polled."""
    done = await connection.execute(
        "update service_runs set due_at = $2 where id = $1 and leased_by is null and due_at > $2"
        " and phase in ('poll', 'cancel', 'settling')",
        run_id, now,
    )  # fmt: skip
    return done != "UPDATE 0"
