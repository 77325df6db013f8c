"""Reading service runs: the one reader of "the latest run of type T", single runs, histories, cancels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool, Reader


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
    """One run with its evidence, or None."""
    return await connection.fetchrow(
        "select r.*, e.evidence from service_runs r left join run_evidence e on e.run_id = r.id where r.id = $1",
        run_id,
    )


async def runs_of_job(connection: Reader, job_id: UUID) -> list[Record]:
    """All runs of a job."""
    return await connection.fetch(
        "select * from service_runs where job_id = $1 order by created_at, service_slug", job_id
    )


async def history(
    connection: Reader,
    site_id: UUID,
    slug: str | None,
    run_type: str | None,
    limit: int,
    before: UUID | None = None,
) -> list[Record]:
    """The newest runs of a site, of one service and type if named; those older than `before` if named."""
    return await connection.fetch(
        "select * from service_runs where site_id = $1 and ($2::text is null or service_slug = $2)"
        " and ($3::text is null or run_type = $3) and ($5::uuid is null or (created_at, id) <"
        "  (select created_at, id from service_runs where id = $5))"
        " order by created_at desc, id desc limit $4",
        site_id, slug, run_type, limit, before,
    )  # fmt: skip


async def past_runs(
    connection: Reader,
    site_id: UUID,
    slug: str,
    run_type: str | None,
    limit: int,
    before: UUID | None,
) -> list[Record]:
    """As `history` of one service, without the values of outputs and the worker's own metrics."""
    return await connection.fetch(
        "select id, job_id, site_id, service_slug, run_type, status, reason, detail, created_at, started_at,"
        " finished_at, deadline_at, cancel_requested_at, attempts, polls, metrics_json - 'worker' as metrics_json,"
        " jsonb_set(outputs_json, '{metrics}', '{}') as outputs_json"
        " from service_runs where site_id = $1 and service_slug = $2"
        " and ($3::text is null or run_type = $3) and ($5::uuid is null or (created_at, id) <"
        "  (select created_at, id from service_runs where id = $5))"
        " order by created_at desc, id desc limit $4",
        site_id, slug, run_type, limit, before,
    )  # fmt: skip


async def history_of_outputs(
    connection: Reader, site_id: UUID, slug: str, outputs: Sequence[str], newest: int
) -> list[Record]:
    """Judged runs that tell the history of a service's outputs: the newest smoke and full runs, and of
    each output the smoke run that returned it last and the first one after that which missed it (what
    was waived did not come either).

    `values` holds numbers, flags and the beginning of texts; of `{value, items}` the value, of another
    list or object only `{entries}`.
    """
    return await connection.fetch(_HISTORY_OF_OUTPUTS, site_id, slug, list(outputs), newest)


_HISTORY_OF_OUTPUTS = """
    with judged as not materialized (
        select * from service_runs
        where site_id = $1 and service_slug = $2 and status in ('success', 'partial', 'failed')
    ),
    newest as (
        select n.id from unnest(array['smoke', 'full']) as t (run_type) cross join lateral (
            select id from judged where run_type = t.run_type order by created_at desc, id desc limit $4) n
    ),
    seen as (
        select o.slug, coalesce(l.created_at, '-infinity') as created_at,
            coalesce(l.id, '00000000-0000-0000-0000-000000000000') as id
        from unnest($3::text[]) as o (slug) left join lateral (
            select id, created_at from judged
            where run_type = 'smoke' and outputs_json -> 'actualOutputs' ? o.slug
            order by created_at desc, id desc limit 1) l on true
    ),
    missed as (
        select f.id from seen cross join lateral (
            select id from judged
            where run_type = 'smoke' and (outputs_json -> 'missingOutputs' ? seen.slug
                or metrics_json -> 'waived' ? seen.slug)
            and (created_at, id) > (seen.created_at, seen.id)
            order by created_at, id limit 1) f
    )
    select id, run_type, created_at, outputs_json -> 'actualOutputs' as actual,
        (outputs_json -> 'missingOutputs') || coalesce((select jsonb_agg(slug)
            from jsonb_object_keys(metrics_json -> 'waived') as slug), '[]') as missing,
        (select coalesce(jsonb_object_agg(key, case jsonb_typeof(value)
            when 'array' then jsonb_build_object('entries', jsonb_array_length(value))
            when 'object' then case when value ? 'items' and jsonb_typeof(value -> 'value') = 'number'
                then value -> 'value' else jsonb_build_object('entries', case
                when jsonb_typeof(value -> 'count') = 'number' then value -> 'count'
                when jsonb_typeof(value -> 'items') = 'array' then to_jsonb(jsonb_array_length(value -> 'items'))
                else to_jsonb((select count(*) from jsonb_object_keys(value))) end) end
            when 'string' then to_jsonb(left(value #>> '{}', 160))
            else value end), '{}') from jsonb_each(outputs_json -> 'metrics')) as values
    from service_runs where id in (select id from newest union select id from seen union select id from missed)
    order by created_at desc, id desc
"""


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
        " and ($1::uuid is null or site_id = $1)"
        " order by site_id, service_slug, created_at desc, id desc) latest"
        " where status <> 'success' order by created_at desc",
        site_id,
    )


async def durations(pool: Pool, site_id: UUID, slug: str, run_type: str) -> list[float]:
    """Seconds that the newest 20 delivered asynchronous runs of a service took at a site."""
    rows = await pool.fetch(
        "select extract(epoch from finished_at - started_at)::float8 as seconds from service_runs"
        " where site_id = $1 and run_type = $3 and service_slug = $2 and status in ('success', 'partial')"
        " and metrics_json ? 'jobId' order by created_at desc, id desc limit 20",
        site_id, slug, run_type,
    )  # fmt: skip
    return [row["seconds"] for row in rows]


async def due_now(connection: Connection, run_id: UUID, now: datetime) -> bool:
    """Make a polled run due, unless a runner looks at it this moment. False when it is not polled."""
    done = await connection.execute(
        "update service_runs set due_at = $2 where id = $1 and leased_by is null and due_at > $2"
        " and phase in ('poll', 'cancel', 'settling')",
        run_id, now,
    )  # fmt: skip
    return done != "UPDATE 0"
