"""Maintenance windows: times in which alerts are shown and nobody is called."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes.core.alerts import Window, next_of
from hermes_base.postgres.database import Connection, Pool, Reader


async def windows(connection: Pool | Connection, since: datetime) -> list[Record]:
    """Windows that end after a time or come again, the earliest first, with the names of their sites."""
    return await connection.fetch(
        "select w.*, s.name as site from maintenance_windows w left join sites s on s.id = w.site_id"
        " where w.ends_at > $1 or w.repeats <> 'once' order by w.starts_at, w.id",
        since,
    )


def window_of(row: Record, now: datetime) -> Window:
    """The window as it is open now, else as it comes next."""
    starts_at, ends_at = next_of(
        row["starts_at"], row["ends_at"], row["repeats"], row["time_zone"], now
    )
    return Window(row["id"], row["site_id"], row["service_slug"], starts_at, ends_at, row["reason"])


async def open_windows(connection: Reader, now: datetime) -> list[Window]:
    """The maintenance windows that have begun and not ended at `now`."""
    rows = await connection.fetch(
        "select * from maintenance_windows where starts_at <= $1 and (ends_at > $1 or repeats <> 'once')",
        now,
    )
    found = [window_of(row, now) for row in rows]
    return [window for window in found if window.starts_at <= now]


async def add_window(
    connection: Connection, site_id: UUID | None, slug: str | None, starts_at: datetime,
    ends_at: datetime, reason: str, actor: str, now: datetime, repeats: str, time_zone: str,
) -> UUID:  # fmt: skip
    """Write a maintenance window; its id. None as site or service means all of them."""
    found = await connection.fetchval(
        "insert into maintenance_windows (site_id, service_slug, starts_at, ends_at, reason, created_by,"
        " created_at, repeats, time_zone) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        site_id, slug, starts_at, ends_at, reason, actor, now, repeats, time_zone,
    )  # fmt: skip
    assert found is not None, "an insert returns its row"  # noqa: S101
    return found


async def end_window(connection: Connection, window_id: UUID, now: datetime) -> Record | None:
    """End a window now; one that has not begun, or comes again, is forgotten. Its row; None when it is over
    already."""
    return await connection.fetchrow(
        "with gone as (delete from maintenance_windows where id = $1"
        "  and (starts_at >= $2 or repeats <> 'once') returning *),"
        " ended as (update maintenance_windows set ends_at = $2"
        "  where id = $1 and starts_at < $2 and ends_at > $2 and repeats = 'once' returning *)"
        " select * from gone union all select * from ended",
        window_id, now,
    )  # fmt: skip
