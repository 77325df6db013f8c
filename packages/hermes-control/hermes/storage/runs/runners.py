"""The runners that live, and how much work is before them."""

from datetime import datetime

from asyncpg import Record

from hermes_base.postgres.database import Pool


async def heartbeat(pool: Pool, runner: str, now: datetime, in_flight: int) -> None:
    """Record that a runner is alive, and how many runs it has in flight."""
    await pool.execute(
        "insert into runners (id, started_at, seen_at, in_flight) values ($1, $2, $2, $3)"
        " on conflict (id) do update set seen_at = excluded.seen_at, in_flight = excluded.in_flight",
        runner, now, in_flight,
    )  # fmt: skip


async def health(pool: Pool, now: datetime, seen_since: datetime) -> Record:
    """Runners alive, runs queued, running and overdue, and the age of the oldest queued run in seconds."""
    row = await pool.fetchrow(
        "select (select count(*) from runners where seen_at >= $2) as runners_alive,"
        " count(*) filter (where status = 'queued') as runs_queued,"
        " count(*) filter (where status = 'running') as runs_running,"
        " count(*) filter (where due_at < $2) as runs_overdue,"
        " coalesce(extract(epoch from $1 - min(created_at) filter (where status = 'queued')), 0)::float8"
        "  as oldest_queued_seconds from service_runs where due_at is not null",
        now, seen_since,
    )  # fmt: skip
    assert row is not None, "an aggregate always returns a row"  # noqa: S101
    return row
