"""Claiming runs: a runner leases what is due in batches, keeps its leases, and gives them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.runs.model import ClaimedRun
from hermes.core.runs.waivers import Waiver, meant_for
from hermes.core.sites.site import Site
from hermes.storage import waivers
from hermes_base.postgres.database import Connection, Pool

STARTS_LOCK = 4_837_002
"""The advisory lock under which one runner at a time counts the free slots of services."""


_RETURNING = """
    returning r.id, r.job_id, r.site_id, r.service_slug, r.run_type, r.status, picked.phase, r.lease_no,
        r.attempts, r.polls, r.outputs_json, r.metrics_json, r.started_at, r.deadline_at,
        r.cancel_requested_at, r.trouble_since, r.finished_at, r.watched_until, r.reason, r.detail
"""

_CLAIM_STARTS = f"""
    with free as (
        select slug, cap - (select count(*) from service_runs b where b.service_slug = slug and b.holds_slot) as n
        from unnest($1::text[], $2::int[]) as caps (slug, cap)
    ),
    picked as (
        select p.id, p.phase from (
            select q.id, q.phase, q.due_at from free cross join lateral (
                select id, phase, due_at from service_runs
                where status = 'queued' and service_slug = free.slug and run_type <> 'connection' and due_at <= $3
                order by due_at limit least(greatest(free.n, 0), $4) for update skip locked) q
            union all
            select c.id, c.phase, c.due_at from (
                select id, phase, due_at from service_runs
                where status = 'queued' and run_type = 'connection' and due_at <= $3
                order by due_at limit $4 for update skip locked) c
        ) p order by p.due_at limit $4
    ),
    claimed as (
        update service_runs r set status = 'running', phase = 'starting', attempts = 1, started_at = $3,
            deadline_at = $3 + make_interval(secs => r.deadline_seconds),
            holds_slot = r.run_type <> 'connection', leased_by = $5, lease_no = r.lease_no + 1, due_at = $6
        from picked where r.id = picked.id {_RETURNING}
    ),
    started as (
        update test_jobs set status = 'running', started_at = $3 where id in (
            select id from test_jobs where id in (select job_id from claimed) and status = 'queued'
            for update skip locked)
    )
    select * from claimed
"""

_CLAIM_DUE = f"""
    with picked as (
        select id, phase from service_runs
        where due_at <= $1 and status <> 'queued'
        order by due_at limit $2 for update skip locked
    )
    update service_runs r set leased_by = $3, lease_no = r.lease_no + 1, due_at = $4,
        attempts = r.attempts + (picked.phase in ('start', 'starting'))::int,
        phase = case when picked.phase = 'start' then 'starting' else r.phase end
    from picked where r.id = picked.id {_RETURNING}
"""


async def claim_starts(
    pool: Pool, runner: str, caps: dict[str, int], limit: int, now: datetime, lease: timedelta
) -> list[ClaimedRun]:
    """Queued runs whose service has a free slot. One runner at a time counts the slots."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", STARTS_LOCK)
        rows = await connection.fetch(
            _CLAIM_STARTS, list(caps), list(caps.values()), now, limit, runner, now + lease
        )
        return await _claimed_runs(connection, rows, now)


async def claim_due(
    pool: Pool, runner: str, limit: int, now: datetime, lease: timedelta
) -> list[ClaimedRun]:
    """Runs to be looked at again: polls, retried starts, cancels, lapsed leases, settling slots."""
    async with pool.acquire() as connection:
        rows = await connection.fetch(_CLAIM_DUE, now, limit, runner, now + lease)
        return await _claimed_runs(connection, rows, now)


async def _claimed_runs(
    connection: Connection, rows: Sequence[Record], now: datetime
) -> list[ClaimedRun]:
    """Claimed rows with their sites, and the waivers that they may be judged with."""
    ids = list({row["site_id"] for row in rows})
    if not ids:
        return []
    found = await connection.fetch("select * from sites where id = any($1::uuid[])", ids)
    sites = {
        s["id"]: Site(s["id"], s["name"], s["base_url"], s["is_demo"], s["settings"]) for s in found
    }
    waived = await waivers.in_force(connection, {row["service_slug"] for row in rows}, now)
    return [_claimed_run(row, sites[row["site_id"]], waived) for row in rows]


def _claimed_run(row: Record, site: Site, waived: Sequence[Waiver]) -> ClaimedRun:
    metrics: dict[str, Any] = row["metrics_json"]
    return ClaimedRun(
        id=row["id"],
        job_id=row["job_id"],
        site=site,
        service_slug=row["service_slug"],
        run_type=row["run_type"],
        status=row["status"],
        phase=row["phase"],
        lease_no=row["lease_no"],
        attempts=row["attempts"],
        polls=row["polls"],
        expected=tuple(row["outputs_json"]["expectedOutputs"]),
        started_at=row["started_at"],
        deadline_at=row["deadline_at"],
        worker_job_id=metrics.get("jobId"),
        cancel_requested_at=row["cancel_requested_at"],
        trouble_since=row["trouble_since"],
        finished_at=row["finished_at"],
        watched_until=row["watched_until"],
        reason=row["reason"],
        detail=row["detail"],
        metrics=metrics,
        outputs=row["outputs_json"],
        waivers=meant_for(waived, row["service_slug"], site.id) if waived else (),
    )


async def keep_leases(pool: Pool, runner: str, ids: Sequence[UUID], until: datetime) -> set[UUID]:
    """Push the end of our leases. Returns those that are still ours."""
    rows = await pool.fetch(
        "update service_runs set due_at = $3 where leased_by = $1 and id = any($2::uuid[]) returning id",
        runner, list(ids), until,
    )  # fmt: skip
    return {row["id"] for row in rows}


async def release(pool: Pool, runner: str, now: datetime) -> int:
    """A runner that stops in order hands its leases back at once."""
    done = await pool.execute(
        "update service_runs set leased_by = null, due_at = $2 where leased_by = $1", runner, now
    )
    return int(done.split()[-1])


async def next_due(pool: Pool) -> datetime | None:
    """When the next run is due, of those that nobody looks at before."""
    return await pool.fetchval(
        "select least((select min(due_at) from service_runs where status <> 'queued' and due_at is not null),"
        " (select min(due_at) from service_runs where status = 'queued'))"
    )
