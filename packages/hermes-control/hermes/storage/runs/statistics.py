"""Runs counted over a time: error rates, what ran, what is unwell."""

from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def counts(
    connection: Pool | Connection, site_id: UUID | None, since: datetime
) -> list[Record]:
    """Runs, failures and median seconds per service since a time."""
    return await connection.fetch(
        "select service_slug, count(*) as runs, count(*) filter (where status = 'failed') as failed,"
        " count(*) filter (where status = 'partial') as partial,"
        " percentile_cont(0.5) within group (order by extract(epoch from finished_at - started_at)) as median_seconds"
        " from service_runs where ($1::uuid is null or site_id = $1) and finished_at >= $2"
        " and status <> 'cancelled' group by service_slug order by service_slug",
        site_id, since,
    )  # fmt: skip


async def status_counts(
    connection: Pool | Connection, site_id: UUID | None, since: datetime
) -> dict[str, int]:
    """Test jobs by status since a time."""
    rows = await connection.fetch(
        "select status, count(*) as n from test_jobs where ($1::uuid is null or site_id = $1)"
        " and created_at >= $2 group by status",
        site_id, since,
    )  # fmt: skip
    found: dict[str, Any] = dict.fromkeys(("queued", "running", "done", "failed", "cancelled"), 0)
    return found | {row["status"]: row["n"] for row in rows}


async def recent(
    connection: Pool | Connection, site_id: UUID | None, since: datetime, limit: int
) -> list[Record]:
    """The newest runs since a time, over all sites unless one is named."""
    return await connection.fetch(
        "select * from service_runs where ($1::uuid is null or site_id = $1) and created_at >= $2"
        " order by created_at desc, id desc limit $3",
        site_id, since, limit,
    )  # fmt: skip


async def unwell(connection: Pool | Connection, site_id: UUID | None) -> list[Record]:
    """Services whose latest ended smoke run failed or was partial, per site."""
    return await connection.fetch(
        "select * from (select distinct on (site_id, service_slug) * from service_runs"
        " where run_type = 'smoke' and status in ('success', 'partial', 'failed')"
        " and reason is distinct from 'missing_secret' and ($1::uuid is null or site_id = $1)"
        " order by site_id, service_slug, created_at desc, id desc) latest"
        " where status <> 'success' order by created_at desc",
        site_id,
    )
