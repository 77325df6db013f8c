"""Alerts as people see them, the services below them, and the rule by which smoke runs turn them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes.core.alerts import AlertRule
from hermes_base.postgres.database import Connection, Pool, Reader

LOCK = 4_837_003
NEWEST = 50
"""Judged runs that are looked at where a service never had an alert."""

_NEW_VERDICTS = """
    select p.site_id, p.slug, a.id as turn_id, a.closed_at is null and a.id is not null as is_open,
        r.id, r.status, r.created_at, r.finished_at, r.reason, r.detail, r.outputs_json, r.metrics_json
    from unnest($1::uuid[], $2::text[]) as p (site_id, slug)
    left join lateral (
        select id, closed_at, turned_at, turned_run from alert_services
        where site_id = p.site_id and service_slug = p.slug order by turned_at desc, turned_run desc limit 1
    ) a on true
    cross join lateral (
        select * from service_runs
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
    """How many alerts are open; of those that concern one site, if named."""
    count: int = await reader.fetchval(
        "select count(*) from alerts a where closed_at is null and case"
        " when $1::uuid is null then a.product <> 'control_room' or exists ("
        "  select from alert_services s where s.alert_id = a.id)"
        " else exists (select from alert_services s where s.alert_id = a.id and s.site_id = $1"
        "  and s.closed_at is null) end",
        only,
    )
    return count


async def rule(connection: Reader) -> AlertRule:
    """How many runs turn an alert."""
    row = await connection.fetchrow("select * from alert_rule")
    assert row is not None, "the migration wrote it"  # noqa: S101
    return AlertRule(
        fail_after=row["fail_after"],
        partial_after=row["partial_after"],
        recover_after=row["recover_after"],
    )


async def set_rule(connection: Connection, wanted: AlertRule) -> None:
    """Change the alert rule. It applies from the next verdict."""
    await connection.execute(
        "update alert_rule set fail_after = $1, recover_after = $2, partial_after = $3",
        wanted.fail_after, wanted.recover_after, wanted.partial_after,
    )  # fmt: skip


async def key_of_last(
    connection: Connection, site_id: UUID, slug: str, since: datetime
) -> str | None:
    """The key of the alert that this service alone had, if it closed since a time and none is open for it."""
    found: str | None = await connection.fetchval(
        "select a.key from alerts a where a.closed_at > $3 and a.id = (select alert_id from alert_services"
        "  where site_id = $1 and service_slug = $2 order by turned_at desc, turned_run desc limit 1)"
        " and (select count(distinct (site_id, service_slug)) from alert_services where alert_id = a.id) = 1",
        site_id, slug, since,
    )  # fmt: skip
    return found


async def add_service(
    connection: Connection, alert_id: UUID, site_id: UUID, slug: str, run: UUID, at: datetime,
    created_at: datetime, in_a_row: int, opened_as: str,
) -> None:  # fmt: skip
    """A service fails for the cause of this alert, by the last of so many runs in a row; `opened_as`: its status."""
    await connection.execute(
        "insert into alert_services (alert_id, site_id, service_slug, opened_at, opened_run, fail_after,"
        " turned_at, turned_run, opened_as) values ($1, $2, $3, $4, $5, $7, $6, $5, $8)",
        alert_id, site_id, slug, at, run, created_at, in_a_row, opened_as,
    )  # fmt: skip


async def close_service(
    connection: Connection, turn_id: UUID | None, site_id: UUID, slug: str, run: UUID, at: datetime,
    created_at: datetime,
) -> None:  # fmt: skip
    """A service is over its cause, by the last of several passed runs; the alert closes with the last one."""
    await connection.execute(
        "with over as (update alert_services set closed_at = $5, closed_run = $4, turned_at = $6, turned_run = $4"
        "  where closed_at is null and site_id = $2 and service_slug = $3 and ($1::uuid is null or id = $1)"
        "  returning id, alert_id)"
        " update alerts a set closed_at = $5 from over where a.id = over.alert_id and a.closed_at is null"
        " and not exists (select from alert_services s where s.alert_id = a.id and s.closed_at is null"
        "  and s.id <> over.id)",
        turn_id, site_id, slug, run, at, created_at,
    )  # fmt: skip


async def alerts(connection: Reader, site_id: UUID | None, closed: int) -> list[Record]:
    """Open alerts, newest first, then the newest closed ones; those with services of one site, if named."""
    return await connection.fetch(
        "select a.*, c.name as channel from ("
        "  (select * from alerts where closed_at is null)"
        "  union all (select * from alerts where closed_at is not null and ($1::uuid is null or exists ("
        "   select from alert_services s where s.alert_id = alerts.id and s.site_id = $1))"
        "   order by closed_at desc limit $2)) a"
        " left join alert_channels c on a.kind = 'channel' and a.key = 'channel:' || c.id"
        " where ($1::uuid is null or exists (select from alert_services s"
        "  where s.alert_id = a.id and s.site_id = $1))"
        " and (a.product <> 'control_room' or exists (select from alert_services s where s.alert_id = a.id))"
        " order by a.closed_at desc nulls first, a.opened_at desc, a.id",
        site_id, closed,
    )  # fmt: skip


async def services_of(
    connection: Reader, ids: Sequence[UUID], site_id: UUID | None
) -> list[Record]:
    """The services below these alerts, at one site if named: those that fail now first, with the run that
    opened each, and `since`: the statuses of the smoke runs judged after it opened, newest first."""
    return await connection.fetch(
        "select * from (select distinct on (a.alert_id, a.site_id, a.service_slug) a.*, s.name as site,"
        " r.reason, r.detail,"
        " array(select v.status from service_runs v where a.closed_at is null and v.site_id = a.site_id"
        "  and v.run_type = 'smoke' and v.service_slug = a.service_slug"
        "  and v.status in ('success', 'partial', 'failed')"
        "  and v.reason is distinct from 'missing_secret'"
        "  and (v.created_at, v.id) > (a.turned_at, a.turned_run)"
        "  order by v.created_at desc, v.id desc limit $3) as since"
        " from alert_services a join sites s on s.id = a.site_id join service_runs r on r.id = a.opened_run"
        " where a.alert_id = any($1::uuid[]) and ($2::uuid is null or a.site_id = $2)"
        " order by a.alert_id, a.site_id, a.service_slug, a.opened_at desc, a.id) found"
        " order by closed_at nulls first, opened_at, site, service_slug",
        list(ids), site_id, NEWEST,
    )  # fmt: skip


async def acknowledge(
    connection: Connection, alert_id: UUID, person: str | None, note: str, now: datetime
) -> bool:
    """Somebody is on an open alert, or (None) nobody any more; False where it is not open."""
    done = await connection.execute(
        "update alerts set acknowledged_by = $2, acknowledged_at = case when $2::text is not null then $4::timestamptz end,"
        " acknowledgement = $3 where id = $1 and closed_at is null",
        alert_id, person, note, now,
    )  # fmt: skip
    return done.endswith(" 1")


async def snooze(
    connection: Connection, alert_id: UUID, until: datetime | None, person: str | None
) -> bool:
    """Say nothing more of an open alert until a time; False where it is not open."""
    done = await connection.execute(
        "update alerts set snoozed_until = $2, snoozed_by = $3 where id = $1 and closed_at is null",
        alert_id, until, person,
    )  # fmt: skip
    return done.endswith(" 1")


async def forget_empty(connection: Pool | Connection) -> None:
    """Forget open alerts of services whose sites are gone."""
    await connection.execute(
        "delete from alerts a where product = 'control_room' and closed_at is null"
        " and not exists (select from alert_services s where s.alert_id = a.id)"
    )
