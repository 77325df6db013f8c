"""Schedules: tests that start by themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool

_WITH_NAMES = (
    "select c.*, s.name as site, j.status as job_status, j.summary as job_summary from schedules c"
    " join sites s on s.id = c.site_id left join test_jobs j on j.id = c.last_job_id"
)


async def schedules(connection: Pool | Connection) -> list[Record]:
    """All schedules with the names of their sites and their last jobs; those due next come first."""
    return await connection.fetch(
        f"{_WITH_NAMES} order by c.next_at nulls last, lower(s.name), c.created_at, c.id"
    )


async def schedule(connection: Pool | Connection, schedule_id: UUID) -> Record | None:
    """One schedule as in `schedules`, or None."""
    return await connection.fetchrow(f"{_WITH_NAMES} where c.id = $1", schedule_id)


async def add_schedule(
    connection: Connection, site_id: UUID, plan: dict[str, Any], actor: str, now: datetime
) -> UUID:
    """A new schedule; `plan` holds its columns from run_type to next_at."""
    found = await connection.fetchval(
        "insert into schedules (site_id, run_type, service_slug, cron, time_zone, enabled, next_at,"
        " created_by, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) returning id",
        site_id, *_columns(plan), actor, now,
    )  # fmt: skip
    assert found is not None, "an insert returns its row"  # noqa: S101
    return found


async def change_schedule(
    connection: Connection, schedule_id: UUID, plan: dict[str, Any], now: datetime
) -> None:
    """Replace the plan of a schedule; `now` is when it was changed."""
    await connection.execute(
        "update schedules set run_type = $2, service_slug = $3, cron = $4, time_zone = $5, enabled = $6,"
        " next_at = $7, updated_at = $8 where id = $1",
        schedule_id, *_columns(plan), now,
    )  # fmt: skip


def _columns(plan: dict[str, Any]) -> list[Any]:
    names = ("run_type", "service_slug", "cron", "time_zone", "enabled", "next_at")
    return [plan[name] for name in names]


async def delete_schedule(connection: Connection, schedule_id: UUID) -> None:
    """Forget a schedule; its jobs stay."""
    await connection.execute("delete from schedules where id = $1", schedule_id)


async def due(pool: Pool, now: datetime) -> list[Record]:
    """Schedules with `next_at` at or before `now`, the longest overdue first."""
    return await pool.fetch("select * from schedules where next_at <= $1 order by next_at, id", now)


async def next_due(pool: Pool) -> datetime | None:
    """When the next schedule is due."""
    return await pool.fetchval("select min(next_at) from schedules")


async def step(
    connection: Pool | Connection, schedule_id: UUID, due_at: datetime, next_at: datetime,
    now: datetime, job_id: UUID | None, note: str,
) -> bool:  # fmt: skip
    """Go on to the next due time. False when somebody else did, or changed the schedule meanwhile."""
    done = await connection.execute(
        "update schedules set next_at = $3, last_at = $4, last_job_id = coalesce($5, last_job_id),"
        " last_note = $6 where id = $1 and next_at = $2",
        schedule_id, due_at, next_at, now, job_id, note,
    )  # fmt: skip
    return done != "UPDATE 0"
