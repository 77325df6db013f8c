"""Maintenance windows: times in which alerts are shown and nobody is called."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes.core.alerts import Window
from hermes_base.postgres.database import Connection, Pool, Reader


async def windows(connection: Pool | Connection, since: datetime) -> list[Record]:
    """Windows that end after a time, the earliest first, with the names of their sites."""
    return await connection.fetch(
        "select w.*, s.name as site from maintenance_windows w left join sites s on s.id = w.site_id"
        " where w.ends_at > $1 order by w.starts_at, w.id",
        since,
    )


async def open_windows(connection: Reader, now: datetime) -> list[Window]:
    """The maintenance windows that have begun and not ended at `now`."""
    rows = await connection.fetch(
        "select id, site_id, service_slug, starts_at, ends_at, reason from maintenance_windows"
        " where starts_at <= $1 and ends_at > $1",
        now,
    )
    return [Window(*row.values()) for row in rows]


async def add_window(
    connection: Connection, site_id: UUID | None, slug: str | None, starts_at: datetime,
    ends_at: datetime, reason: str, actor: str, now: datetime,
) -> UUID:  # fmt: skip
    """Write a maintenance window; its id. None as site or service means all of them."""
    found = await connection.fetchval(
        "insert into maintenance_windows (site_id, service_slug, starts_at, ends_at, reason, created_by,"
        " created_at) values ($1, $2, $3, $4, $5, $6, $7) returning id",
        site_id, slug, starts_at, ends_at, reason, actor, now,
    )  # fmt: skip
    assert found is not None, "an insert returns its row"  # noqa: S101
    return found


async def end_window(connection: Connection, window_id: UUID, now: datetime) -> Record | None:
    """End a window now; one that has not begun is forgotten. Its row; None when it is over already."""
    return await connection.fetchrow(
        "with gone as (delete from maintenance_windows where id = $1 and starts_at >= $2 returning *),"
        " ended as (update maintenance_windows set ends_at = $2"
        "  where id = $1 and starts_at < $2 and ends_at > $2 returning *)"
        " select * from gone union all select * from ended",
        window_id, now,
    )  # fmt: skip
