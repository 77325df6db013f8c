"""Counts for Prometheus, read from rows when they are asked for."""

from hermes.core.figures import Counts, Figures
from hermes_base.alerts.storage import AlertStore
from hermes_base.postgres.database import Pool


async def figures(pool: Pool) -> Figures:
    """Everything that is counted of tests."""
    return Figures(
        await test_jobs(pool),
        await runs(pool),
        await durations(pool),
        await AlertStore("control_room").open_count(pool),
    )


async def test_jobs(pool: Pool) -> Counts:
    """Test jobs by kind and status."""
    found = await pool.fetch(
        "select split_part(job_type, '_', 1) as run_type, status, count(*)::float8 as n"
        " from test_jobs group by 1, 2 order by 1, 2"
    )
    return [dict(row) for row in found]


async def runs(pool: Pool) -> Counts:
    """Service runs by service, kind, status and reason."""
    found = await pool.fetch(
        "select service_slug as service, run_type, status, coalesce(reason, '') as reason,"
        " count(*)::float8 as n from service_runs group by 1, 2, 3, 4 order by 1, 2, 3, 4"
    )
    return [dict(row) for row in found]


async def durations(pool: Pool) -> Counts:
    """How many runs have ended and how long they took together (seconds), by service and kind."""
    found = await pool.fetch(
        "select service_slug as service, run_type, count(*)::float8 as n,"
        " sum(extract(epoch from finished_at - started_at))::float8 as seconds from service_runs"
        " where finished_at is not null and started_at is not null group by 1, 2 order by 1, 2"
    )
    return [dict(row) for row in found]
