"""The runner's side of service runs: claim in batches, keep the lease, save in batches."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.runs.model import ClaimedRun, RunUpdate
from hermes.core.runs.waivers import Waiver, meant_for
from hermes.core.sites.site import Site
from hermes.storage import waivers
from hermes.storage.runs import artifacts, jobs
from hermes_base.postgres.database import Connection, Pool, dump_json

STARTS_LOCK = 4_837_002

_RETURNING = """
    returning r.id, r.job_id, r.site_id, r.service_slug, r.run_type, r.status, picked.phase, r.lease_no,
        r.attempts, r.polls, r.outputs_json, r.metrics_json, r.started_at, r.deadline_at,
        r.cancel_requested_at, r.trouble_since, r.finished_at, r.reason, r.detail
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

_SAVE = """
    update service_runs r set
        status = v.status, phase = v.phase, reason = v.reason, detail = v.detail,
        outputs_json = v.outputs, metrics_json = v.metrics, polls = v.polls, holds_slot = v.holds_slot,
        trouble_since = v.trouble_since, finished_at = v.finished_at, leased_by = null,
        due_at = case when r.cancel_requested_at is not null and not v.saw_cancel and v.finished_at is null
                 then $3 else v.due_at end
    from jsonb_to_recordset($1) as v (
        id uuid, lease_no int, status text, phase text, due_at timestamptz, reason text, detail text,
        outputs jsonb, metrics jsonb, polls int, holds_slot boolean, trouble_since timestamptz,
        finished_at timestamptz, saw_cancel boolean)
    where r.id = v.id and r.leased_by = $2 and r.lease_no = v.lease_no
    returning r.id, r.job_id, r.site_id, r.service_slug
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


async def save(
    pool: Pool,
    runner: str,
    updates: Sequence[RunUpdate],
    evidence: dict[UUID, dict[str, Any]],
    now: datetime,
) -> set[UUID]:
    """Write a batch of updates, close the jobs that they end, and announce it: one transaction.

    Only runs still leased by `runner` under the same lease number are written. Returns their ids.
    """
    ending = {c.run.job_id for c in updates if c.finished_at is not None and not c.run.over}
    async with pool.acquire() as connection, connection.transaction():
        locked = await jobs.lock_jobs(connection, ending) if ending else []
        rows = await connection.fetch(_SAVE, [_row(c) for c in updates], runner, now)
        written = {row["id"] for row in rows}
        await _save_evidence(connection, {i: e for i, e in evidence.items() if i in written})
        await artifacts.put(
            connection,
            {c.run.id: c.artifacts for c in updates if c.artifacts and c.run.id in written},
        )
        closed = await jobs.close_jobs(connection, locked, now)
        await announce(connection, _events(rows, closed))
        return written


def _row(update: RunUpdate) -> dict[str, Any]:
    return {
        "id": update.run.id,
        "lease_no": update.run.lease_no,
        "status": update.status,
        "phase": update.phase,
        "due_at": update.due_at,
        "reason": update.reason,
        "detail": update.detail,
        "outputs": update.outputs,
        "metrics": update.metrics,
        "polls": update.polls,
        "holds_slot": update.holds_slot,
        "trouble_since": update.trouble_since,
        "finished_at": update.finished_at,
        "saw_cancel": update.run.cancel_requested_at is not None,
    }


async def _save_evidence(connection: Connection, evidence: dict[UUID, dict[str, Any]]) -> None:
    """Merge what was seen into each run's evidence, by kind of exchange."""
    if evidence:
        seen = [{"run_id": run_id, "evidence": found} for run_id, found in evidence.items()]
        await connection.execute(
            "insert into run_evidence (run_id, evidence)"
            " select run_id, evidence from jsonb_to_recordset($1) as v (run_id uuid, evidence jsonb)"
            " on conflict (run_id) do update"
            " set evidence = run_evidence.evidence || excluded.evidence, updated_at = now()",
            seen,
        )


def _events(rows: Sequence[Record], closed: Collection[UUID]) -> list[dict[str, Any]]:
    """One event a job: which runs moved, and whether it closed."""
    by_job: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        job_id = row["job_id"]
        if job_id not in by_job:
            event = {"jobId": job_id, "siteId": row["site_id"], "closed": job_id in closed}
            by_job[job_id] = {**event, "services": []}
        by_job[job_id]["services"].append(row["service_slug"])
    return list(by_job.values())


async def announce(connection: Connection, events: Sequence[dict[str, Any]]) -> None:
    """Tell whoever listens on channel `hermes`. A payload holds at most 8,000 bytes."""
    texts = [dump_json(event) for event in events]
    short = [
        text if len(text.encode()) < 7_900 else dump_json({**event, "services": []})
        for text, event in zip(texts, events, strict=True)
    ]
    await connection.execute(
        "select pg_notify('hermes', said) from unnest($1::text[]) as said", short
    )


async def wake_runners(connection: Connection, drop: Sequence[UUID]) -> None:
    """Tell the runners that something is due; `drop` are runs whose pending request is to be dropped."""
    await connection.execute("select pg_notify('hermes_due', $1)", dump_json({"drop": list(drop)}))


async def health(pool: Pool, now: datetime, seen_since: datetime) -> Record:
    """How the runners stand: alive, queued, running, overdue runs, oldest queued age in seconds."""
    row = await pool.fetchrow(
        "select (select count(*) from runners where seen_at >= $2) as runners_alive,"
        " count(*) filter (where status = 'queued') as runs_queued,"
        " count(*) filter (where status = 'running') as runs_running,"
        " count(*) filter (where due_at < $2) as runs_overdue,"
        " coalesce(extract(epoch from $1 - min(created_at) filter (where status = 'queued')), 0)::float8"
        "  as oldest_queued_seconds from service_runs where due_at is not null",
        now, seen_since,
    )  # fmt: skip
    assert row is not None, "an aggregate always returns a row"  # noqa: S101
    return row


async def next_due(pool: Pool) -> datetime | None:
    """When the next run is due, of those that nobody looks at before."""
    return await pool.fetchval(
        "select least((select min(due_at) from service_runs where status <> 'queued' and due_at is not null),"
        " (select min(due_at) from service_runs where status = 'queued'))"
    )


async def sign_in(pool: Pool, runner: str, now: datetime, in_flight: int) -> None:
    """A runner says that it lives."""
    await pool.execute(
        "insert into runners (id, started_at, seen_at, in_flight) values ($1, $2, $2, $3)"
        " on conflict (id) do update set seen_at = excluded.seen_at, in_flight = excluded.in_flight",
        runner, now, in_flight,
    )  # fmt: skip
