"""Channels and routes of alerts, as admins set them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from asyncpg import Record

from hermes.core.alerting.routes import Route
from hermes_base.postgres.database import Connection, Reader


async def channels(reader: Reader, since: datetime) -> list[Record]:
    """All channels by name, with what they delivered since a time, what waits, and why."""
    return await reader.fetch(
        "select c.*, count(d.id) filter (where d.confirmed_at >= $1)::int as delivered,"
        " count(d.id) filter (where d.confirmed_at is null and d.dropped_at is null)::int as kept,"
        " max(d.confirmed_at) as last_at,"
        " (array_agg(d.fault order by d.id desc) filter (where d.fault <> '' and d.confirmed_at is null"
        "  and d.dropped_at is null))[1] as fault"
        " from alert_channels c left join alert_deliveries d on d.channel_id = c.id group by c.id order by c.name",
        since,
    )


async def channel(reader: Reader, channel_id: UUID) -> Record | None:
    """One channel."""
    return await reader.fetchrow("select * from alert_channels where id = $1", channel_id)


async def add_channel(
    connection: Connection, name: str, kind: str, target: str, secret: str, actor: str
) -> UUID | None:
    """A new channel; None where the name is taken."""
    found: UUID | None = await connection.fetchval(
        "insert into alert_channels (name, kind, target, secret, created_by) values ($1, $2, $3, $4, $5)"
        " on conflict (name) do nothing returning id",
        name, kind, target, secret, actor,
    )  # fmt: skip
    return found


async def remove_channel(connection: Connection, channel_id: UUID) -> None:
    """Forget a channel with what waits for it; no route names it any more, and one without any goes."""
    await connection.execute("delete from alert_channels where id = $1", channel_id)
    await connection.execute(
        "update alert_routes set channels = array_remove(channels, $1),"
        " escalate_to = array_remove(escalate_to, $1),"
        " escalate_after = case when array_remove(escalate_to, $1) = '{}' then null else escalate_after end",
        channel_id,
    )
    await connection.execute("delete from alert_routes where channels = '{}'")


async def routes(reader: Reader) -> list[Route]:
    """All routes, in the order in which they are looked at."""
    rows = await reader.fetch("select * from alert_routes order by position, created_at, id")
    return [_route(row) for row in rows]


def _route(row: Record) -> Route:
    return Route(
        id=row["id"], product=row["product"], site_id=row["site_id"], service=row["service_slug"],
        severity=row["severity"], days=tuple(row["days"]), starts=row["from_time"], ends=row["to_time"],
        time_zone=row["time_zone"], channels=tuple(row["channels"]),
        remind_after=_minutes(row["remind_after"]), escalate_after=_minutes(row["escalate_after"]),
        escalate_to=tuple(row["escalate_to"]),
    )  # fmt: skip


def _minutes(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(minutes=count)


async def used(reader: Reader, since: datetime) -> dict[UUID, int]:
    """How many alerts each route told of since a time."""
    rows = await reader.fetch(
        "select route_id, count(*)::int as used from alerts where told_at >= $1 and route_id is not null"
        " group by route_id",
        since,
    )
    return {row["route_id"]: row["used"] for row in rows}


async def add_route(
    connection: Connection, *, product: str | None, site_id: UUID | None, service: str | None,
    severity: str | None, days: Sequence[int], starts: time | None, ends: time | None, time_zone: str,
    told: Sequence[UUID], remind_after: int | None, escalate_after: int | None,
    escalate_to: Sequence[UUID], actor: str,
) -> UUID:  # fmt: skip
    """A new route, before the last one: that is for everything else."""
    found: UUID = await connection.fetchval(
        "insert into alert_routes (position, product, site_id, service_slug, severity, days, from_time, to_time,"
        " time_zone, channels, remind_after, escalate_after, escalate_to, created_by)"
        " select coalesce(max(position) filter (where position < 1000), 0) + 1, $1, $2, $3, $4, $5, $6, $7,"
        " $8, $9, $10, $11, $12, $13 from alert_routes returning id",
        product, site_id, service, severity, list(days), starts, ends, time_zone, list(told), remind_after,
        escalate_after, list(escalate_to), actor,
    )  # fmt: skip
    return found


async def remove_route(connection: Connection, route_id: UUID) -> bool:
    """Forget a route; False where there is none."""
    done = await connection.execute("delete from alert_routes where id = $1", route_id)
    return done.endswith(" 1")
