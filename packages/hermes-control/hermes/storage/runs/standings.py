"""How services stand by their smoke tests: kept when runs end, read for all sites at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes.core.runs.causes import Cause, cause_of
from hermes.core.runs.model import RunUpdate
from hermes_base.postgres.database import Connection, Reader

_KEEP = """
    with ended as (
        select distinct on (r.site_id, r.service_slug) r.*, c.cause, c.cause_reason, c.message
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as c (run, cause, cause_reason, message)
        join service_runs r on r.id = c.run and r.run_type = 'smoke'
        order by r.site_id, r.service_slug, r.created_at desc, r.id desc
    ), stood as (
        insert into smoke_standings as s
        select site_id, service_slug, id, created_at, status,
            nullif(status, 'cancelled'), case when status <> 'cancelled' then id end,
            case when status <> 'cancelled' then finished_at end,
            case when status in ('partial', 'failed') then finished_at end, cause, cause_reason, message,
            array(select jsonb_array_elements_text(outputs_json->'actualOutputs')),
            case when status = 'cancelled' then 0 else jsonb_array_length(outputs_json->'expectedOutputs') end,
            case when status <> 'cancelled' and jsonb_typeof(outputs_json->'missingOutputs') = 'array'
                then jsonb_array_length(outputs_json->'missingOutputs') else 0 end
        from ended order by site_id, service_slug  -- in one order, so that two batches never wait for each other
        on conflict (site_id, service_slug) do update set
            run_id = excluded.run_id, created_at = excluded.created_at, status = excluded.status,
            verdict = coalesce(excluded.verdict, s.verdict),
            judged_run = coalesce(excluded.judged_run, s.judged_run),
            judged_at = coalesce(excluded.judged_at, s.judged_at),
            since = case when excluded.verdict is null then s.since
                when excluded.verdict <> 'success' then coalesce(s.since, excluded.since) end,
            cause = case when excluded.verdict is null then s.cause else excluded.cause end,
            reason = case when excluded.verdict is null then s.reason else excluded.reason end,
            message = case when excluded.verdict is null then s.message else excluded.message end,
            delivered = case when excluded.verdict is null then s.delivered else excluded.delivered end,
            expected = case when excluded.verdict is null then s.expected else excluded.expected end,
            missing = case when excluded.verdict is null then s.missing else excluded.missing end,
            before = case when (s.judged_at at time zone 'UTC')::date < (excluded.judged_at at time zone 'UTC')::date
                then s.delivered else s.before end
        where (excluded.created_at, excluded.run_id) > (s.created_at, s.run_id)
        returning site_id, service_slug, cause
    )
    delete from taken_causes t
    where t.cause not like 'settings:%' and t.site_id in (select site_id from stood)
        and not exists (select from stood where site_id = t.site_id and cause = t.cause)
        and not exists (select from smoke_standings s where s.site_id = t.site_id and s.cause = t.cause
            and (s.site_id, s.service_slug) not in (select site_id, service_slug from stood))
"""


async def keep(connection: Connection, ended: Sequence[RunUpdate]) -> None:
    """Keep what smoke runs that end now say of their services, in the transaction that ends them; who
    was on a cause that is gone is on it no more."""
    causes = {u.run.id: _cause(u) for u in ended if u.run.run_type == "smoke"}
    if causes:
        found = list(causes.values())
        await connection.execute(
            _KEEP, list(causes), [c and c.key for c in found],
            [c and c.reason for c in found], [c and c.message for c in found],
        )  # fmt: skip


async def keep_cancelled(connection: Connection, runs: Sequence[UUID]) -> None:
    """Keep that these runs were cancelled before they started: what was known before stays known."""
    if runs:
        nothing = [None] * len(runs)
        await connection.execute(_KEEP, list(runs), nothing, nothing, nothing)


def _cause(update: RunUpdate) -> Cause | None:
    if update.status not in ("partial", "failed"):
        return None
    run = update.run
    return cause_of(run.service_slug, update.reason, update.detail, update.outputs, update.metrics)


_STATUS = """case when s.status = 'failed' and s.reason = 'missing_secret' then 'unasked' else s.status end as status"""
"""`unasked`: the run ended because there was no secret, so it says nothing of its service."""


async def counted(reader: Reader, sites: Sequence[UUID], slugs: Sequence[str]) -> list[Record]:
    """By site and status of the newest smoke run that ended: how many services, and what their newest
    judged runs delivered of how many outputs, the last of them `judged_at`."""
    return await reader.fetch(
        f"select site_id, {_STATUS},"  # noqa: S608  # a constant of ours
        " count(*)::int as services, array_agg(s.service_slug) as slugs, sum(cardinality(delivered))::int as delivered,"
        " sum(expected)::int as expected, max(judged_at) as judged_at from smoke_standings s"
        " where site_id = any($1::uuid[]) and service_slug = any($2::text[]) group by 1, 2",
        list(sites), list(slugs),
    )  # fmt: skip


async def under_way(reader: Reader, sites: Sequence[UUID], slugs: Sequence[str]) -> list[Record]:
    """Services whose newest smoke run has not ended; `status` is that of the newest that has, null for none."""
    return await reader.fetch(
        f"select distinct r.site_id, r.service_slug, {_STATUS} from service_runs r"  # noqa: S608  # a constant of ours
        " left join smoke_standings s on s.site_id = r.site_id and s.service_slug = r.service_slug"
        " where (r.status = 'queued' or (r.status = 'running' and r.due_at is not null))"
        " and r.run_type = 'smoke' and r.site_id = any($1::uuid[]) and r.service_slug = any($2::text[])"
        " and (s.run_id is null or (r.created_at, r.id) > (s.created_at, s.run_id))",
        list(sites), list(slugs),
    )  # fmt: skip


async def causes(
    reader: Reader, sites: Sequence[UUID], slugs: Sequence[str], limit: int
) -> list[Record]:
    """One row a cause, the worst first: failed before partial, then by services and by age. `failed_causes`
    and `all_causes` count beyond the limit."""
    return await reader.fetch(
        "select *, count(*) filter (where failed > 0) over ()::int as failed_causes, count(*) over ()::int as all_causes"
        " from (select s.site_id, s.cause, count(*) filter (where s.verdict = 'failed')::int as failed,"
        "  count(*)::int as services, min(s.since) as since, min(s.reason) as reason, min(s.message) as message,"
        "  sum(s.missing)::int as missing, sum(s.expected)::int as expected,"
        "  array_agg(s.service_slug order by s.service_slug) as slugs, t.person, t.at as taken_at"
        "  from smoke_standings s left join taken_causes t on t.site_id = s.site_id and t.cause = s.cause"
        "  where s.cause is not null and s.reason is distinct from 'missing_secret' and s.site_id = any($1::uuid[]) and s.service_slug = any($2::text[])"
        "  group by s.site_id, s.cause, t.person, t.at) as each"
        " order by failed = 0, services desc, since, site_id, cause limit $3",
        list(sites), list(slugs), limit,
    )  # fmt: skip


async def changed(
    reader: Reader, sites: Sequence[UUID], slugs: Sequence[str], today: datetime, limit: int
) -> list[Record]:
    """Services whose newest judged run of today delivered other outputs than the newest before today."""
    return await reader.fetch(
        "select site_id, service_slug, judged_run, delivered, before from smoke_standings"
        " where site_id = any($1::uuid[]) and service_slug = any($2::text[]) and judged_at >= $3"
        " and not (delivered @> before and delivered <@ before) order by judged_at desc, site_id, service_slug limit $4",
        list(sites), list(slugs), today, limit,
    )  # fmt: skip
