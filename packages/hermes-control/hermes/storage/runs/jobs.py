"""Test jobs: one press of a button, and its runs, written together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.runs import progress
from hermes.core.runs.actors import ALERTS, SCHEDULE
from hermes.core.runs.progress import RunState
from hermes_base.postgres.database import Connection, Pool, Reader


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to be queued with its job."""

    id: UUID
    service_slug: str
    outputs: dict[str, Any]
    deadline_seconds: float
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])


async def open_job(
    connection: Pool | Connection, site_id: UUID, job_type: str, service_slug: str | None
) -> UUID | None:
    """The open job of this kind for the site, if there is one."""
    return await connection.fetchval(
        "select id from test_jobs where site_id = $1 and job_type = $2"
        " and coalesce(service_slug, '') = coalesce($3, '') and status in ('queued', 'running')",
        site_id, job_type, service_slug,
    )  # fmt: skip


async def add_job(
    connection: Connection,
    job_id: UUID,
    site_id: UUID,
    job_type: str,
    service_slug: str | None,
    requested_by: str,
    now: datetime,
    first: dict[str, Any],
    summary: str,
) -> bool:
    """A new queued job; False when one of its kind is already open."""
    added = await connection.fetchval(
        "insert into test_jobs (id, site_id, job_type, service_slug, status, requested_by, created_at,"
        " summary, progress_json) values ($1, $2, $3, $4, 'queued', $5, $6, $7, $8)"
        " on conflict do nothing returning id",
        job_id, site_id, job_type, service_slug, requested_by, now, summary, first,
    )  # fmt: skip
    return added is not None


async def add_runs(
    connection: Connection,
    job_id: UUID,
    site_id: UUID,
    run_type: str,
    now: datetime,
    runs: Sequence[NewRun],
) -> None:
    """The runs of a job, queued and due at once."""
    await connection.executemany(
        "insert into service_runs (id, job_id, site_id, service_slug, run_type, status, outputs_json,"
        " metrics_json, deadline_seconds, created_at, due_at)"
        " values ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9, $9)",
        [
            (
                r.id,
                job_id,
                site_id,
                r.service_slug,
                run_type,
                r.outputs,
                r.metrics,
                r.deadline_seconds,
                now,
            )
            for r in runs
        ],
    )


async def job(connection: Reader, job_id: UUID) -> Record | None:
    """One job's row, or None."""
    return await connection.fetchrow("select * from test_jobs where id = $1", job_id)


async def recent_jobs(connection: Reader, site_id: UUID, limit: int) -> list[Record]:
    """The newest jobs of a site."""
    return await connection.fetch(
        "select * from test_jobs where site_id = $1 order by created_at desc, id desc limit $2",
        site_id, limit,
    )  # fmt: skip


async def recent_presses(connection: Reader, site_id: UUID, limit: int) -> list[Record]:
    """The newest jobs of a site that a person started; neither schedules nor deliveries of alerts."""
    return await connection.fetch(
        "select * from test_jobs where site_id = $1 and requested_by <> $3"
        " and not starts_with(requested_by, $4) order by created_at desc, id desc limit $2",
        site_id, limit, ALERTS, SCHEDULE,
    )  # fmt: skip


async def run_states(connection: Reader, job_ids: Sequence[UUID]) -> dict[UUID, list[RunState]]:
    """What progress is counted from, by job."""
    rows = await connection.fetch(
        "select job_id, id, service_slug, status, reason, started_at, finished_at, polls,"
        " case when status = 'running' then metrics_json end as metrics from service_runs"
        " where job_id = any($1::uuid[]) order by created_at, service_slug",
        list(job_ids),
    )
    found: dict[UUID, list[RunState]] = {job_id: [] for job_id in job_ids}
    for row in rows:
        found[row["job_id"]].append(
            RunState(
                str(row["id"]), row["service_slug"], row["status"], row["reason"],
                _iso(row["started_at"]), _iso(row["finished_at"]), row["metrics"], row["polls"],
            )
        )  # fmt: skip
    return found


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


async def lock_jobs(connection: Connection, job_ids: Iterable[UUID]) -> list[Record]:
    """Lock these jobs in a fixed order, so that the last run of a job closes it exactly once."""
    return await connection.fetch(
        "select id, job_type, status, site_id from test_jobs where id = any($1::uuid[]) order by id for update",
        list(job_ids),
    )


async def close_jobs(connection: Connection, locked: Sequence[Record], now: datetime) -> set[UUID]:
    """Freeze the progress of those locked jobs whose runs have all ended. Returns the closed ones."""
    open_jobs = {row["id"]: row for row in locked if row["status"] in ("queued", "running")}
    states = await run_states(connection, list(open_jobs)) if open_jobs else {}
    closing: list[tuple[UUID, str, str, dict[str, Any], datetime]] = []
    for job_id, runs in states.items():
        counted = progress.count(runs)
        status = progress.job_status(counted)
        if status in ("done", "cancelled"):
            run_type = open_jobs[job_id]["job_type"].split("_")[0]
            closing.append(
                (job_id, status, progress.summary(run_type, status, counted), counted, now)
            )
    await _write_closed(connection, closing)
    return {row[0] for row in closing}


async def _write_closed(
    connection: Connection, closing: Sequence[tuple[UUID, str, str, dict[str, Any], datetime]]
) -> None:
    """A finished job: status, summary and the frozen counts."""
    if closing:
        await connection.executemany(
            "update test_jobs set status = $2, summary = $3, progress_json = $4, finished_at = $5,"
            " started_at = coalesce(started_at, $5) where id = $1",
            closing,
        )
