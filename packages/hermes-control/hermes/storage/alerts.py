"""Alerts of services of sites: opened and closed by smoke runs, delivered once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes.core.alerts import AlertRule
from hermes_base.alerts.storage import AlertStore
from hermes_base.postgres.database import Connection, Pool, Reader

LOCK = 4_837_003
NEWEST = 50
"""Judged runs that are looked at where a service never had an alert."""

_store = AlertStore("control_room")
deliver = _store.deliver
note_delivery = _store.note_delivery
open_count = _store.open_count

_NEW_VERDICTS = """
    select p.site_id, p.slug, a.id as alert_id, a.closed_at is null and a.id is not null as is_open,
        r.id, r.status, r.created_at, r.finished_at
    from unnest($1::uuid[], $2::text[]) as p (site_id, slug)
    left join lateral (
        select id, closed_at, turned_at, turned_run from alerts
        where site_id = p.site_id and service_slug = p.slug order by turned_at desc, turned_run desc limit 1
    ) a on true
    cross join lateral (
        select id, status, created_at, finished_at from service_runs
        where site_id = p.site_id and run_type = 'smoke' and service_slug = p.slug
        and status in ('success', 'partial', 'failed') and reason is distinct from 'missing_secret'
        and (a.id is null or (created_at, id) > (a.turned_at, a.turned_run))
        order by created_at desc, id desc limit $3
    ) r
    order by p.site_id, p.slug, r.created_at, r.id
"""


async def new_verdicts(connection: Connection, pairs: Sequence[tuple[UUID, str]]) -> list[Record]:
    """Judged smoke runs of these (site, service) since the last turn of their alert, oldest first.

    Whoever reads them holds a lock until the end of the transaction: one turn is written once.
    """
    await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
    sites, slugs = [site for site, _ in pairs], [slug for _, slug in pairs]
    return await connection.fetch(_NEW_VERDICTS, sites, slugs, NEWEST)


async def open_at(reader: Reader, only: UUID | None) -> int:
    """How many alerts of sites are open; at one of them, if named."""
    count: int = await reader.fetchval(
        "select count(*) from alerts where product = 'control_room' and closed_at is null"
        " and site_id is not null and ($1::uuid is null or site_id = $1)",
        only,
    )
    return count


async def rule(connection: Reader) -> AlertRule:
    """How many runs turn an alert."""
    row = await connection.fetchrow("select fail_after, recover_after from alert_rule")
    assert row is not None, "the migration wrote it"  # noqa: S101
    return AlertRule(fail_after=row["fail_after"], recover_after=row["recover_after"])


async def set_rule(connection: Connection, wanted: AlertRule) -> None:
    """Change the alert rule. It applies from the next verdict."""
    await connection.execute(
        "update alert_rule set fail_after = $1, recover_after = $2",
        wanted.fail_after, wanted.recover_after,
    )  # fmt: skip


async def open_alert(
    connection: Connection, site_id: UUID, slug: str, run: UUID, at: datetime,
    created_at: datetime, fail_after: int,
) -> UUID:  # fmt: skip
    """A new alert, by the last of several failed runs."""
    found = await connection.fetchval(
        "insert into alerts (product, key, kind, site_id, service_slug, opened_at, seen_at, opened_run,"
        " fail_after, turned_at, turned_run) values ('control_room', $1::uuid || ':' || $2::text,"
        " 'smoke_tests', $1, $2, $4, $4, $3, $6, $5, $3) returning id",
        site_id, slug, run, at, created_at, fail_after,
    )  # fmt: skip
    assert found is not None, "an insert returns its row"  # noqa: S101
    return found


async def close_alert(
    connection: Connection, alert_id: UUID, run: UUID, at: datetime, created_at: datetime
) -> None:
    """Close an alert, by the last of several passed runs."""
    await connection.execute(
        "update alerts set closed_at = $3, closed_run = $2, turned_at = $4, turned_run = $2 where id = $1",
        alert_id, run, at, created_at,
    )  # fmt: skip


async def alerts(connection: Reader, site_id: UUID | None, closed: int) -> list[Record]:
    """Open alerts, newest first, then the newest closed ones; of one site if named. With the run that
    opened each, the state of the job that delivers it, and `since`: the statuses of the smoke runs that
    were judged after it opened, newest first."""
    return await connection.fetch(
        "select a.*, s.name as site, r.reason, r.detail, d.status as delivery_status,"
        " d.reason as delivery_reason, d.detail as delivery_detail,"
        " d.outputs_json->'actualOutputs' ? 'alert_delivered' as delivery_proved,"
        " array(select v.status from service_runs v where a.closed_at is null and v.site_id = a.site_id"
        "  and v.run_type = 'smoke' and v.service_slug = a.service_slug"
        "  and v.status in ('success', 'partial', 'failed')"
        "  and v.reason is distinct from 'missing_secret'"
        "  and (v.created_at, v.id) > (a.turned_at, a.turned_run)"
        "  order by v.created_at desc, v.id desc limit $3) as since from ("
        "  (select * from alerts where product = 'control_room' and closed_at is null"
        "   and ($1::uuid is null or site_id = $1))"
        "  union all (select * from alerts where product = 'control_room' and closed_at is not null"
        "   and ($1::uuid is null or site_id = $1) order by closed_at desc limit $2)) a"
        " join sites s on s.id = a.site_id join service_runs r on r.id = a.opened_run"
        " left join service_runs d on d.job_id = a.delivery_job"
        " order by a.closed_at desc nulls first, a.opened_at desc, a.id",
        site_id, closed, NEWEST,
    )  # fmt: skip


async def undelivered(connection: Pool | Connection) -> list[Record]:
    """Open alerts that were not delivered to anybody, with the names and reasons that a message needs."""
    return await connection.fetch(
        "select a.*, s.name as site, r.reason, r.detail from alerts a join sites s on s.id = a.site_id"
        " join service_runs r on r.id = a.opened_run"
        " where a.product = 'control_room' and a.closed_at is null and a.delivered_at is null"
        " order by a.opened_at, a.id"
    )
