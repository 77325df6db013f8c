"""Reading runs: the latest of a type, single ones, those of a job, how long they took."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Reader


async def latest_runs(
    connection: Reader, site_id: UUID, run_type: str, slugs: Sequence[str]
) -> dict[str, Record]:
    """The latest run of this type per service. Every surface reads "latest" through this statement."""
    rows = await connection.fetch(
        "select latest.* from unnest($3::text[]) as wanted (slug) cross join lateral ("
        " select * from service_runs where site_id = $1 and run_type = $2 and service_slug = wanted.slug"
        " order by created_at desc, id desc limit 1) latest",
        site_id, run_type, list(slugs),
    )  # fmt: skip
    return {row["service_slug"]: row for row in rows}


async def run(connection: Reader, run_id: UUID) -> Record | None:
    """One run with its evidence and `requested_by` of its job, or None."""
    return await connection.fetchrow(
        "select r.*, e.evidence, j.requested_by from service_runs r join test_jobs j on j.id = r.job_id"
        " left join run_evidence e on e.run_id = r.id where r.id = $1",
        run_id,
    )


async def runs_of_job(connection: Reader, job_id: UUID) -> list[Record]:
    """All runs of a job."""
    return await connection.fetch(
        "select * from service_runs where job_id = $1 order by created_at, service_slug", job_id
    )


async def durations(pool: Reader, site_id: UUID, slug: str, run_type: str) -> list[float]:
    """Seconds that the newest 20 delivered asynchronous runs of a service took at a site."""
    rows = await pool.fetch(
        "select extract(epoch from finished_at - started_at)::float8 as seconds from service_runs"
        " where site_id = $1 and run_type = $3 and service_slug = $2 and status in ('success', 'partial')"
        " and metrics_json ? 'jobId' order by created_at desc, id desc limit 20",
        site_id, slug, run_type,
    )  # fmt: skip
    return [row["seconds"] for row in rows]


async def reported_identities(pool: Reader, slugs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What workers reported of themselves in their last connection tests, whatever the site.

    By service: `reported` (the facts of /health, as the run keeps them), `at` and `run_id` of the test.
    """
    rows = await pool.fetch(
        "select distinct on (r.service_slug) r.service_slug, r.id as run_id, r.finished_at as at,"
        " r.metrics_json -> 'worker' as reported"
        " from sites s cross join unnest($1::text[]) as wanted (slug) cross join lateral ("
        "  select * from service_runs where site_id = s.id and run_type = 'connection'"
        "  and service_slug = wanted.slug and finished_at is not null and status <> 'cancelled'"
        "  order by created_at desc, id desc limit 1) r"
        " order by r.service_slug, r.created_at desc, r.id desc",
        list(slugs),
    )
    return {row["service_slug"]: dict(row) for row in rows}
