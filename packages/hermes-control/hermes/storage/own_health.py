"""What of Hermes' own work is overdue."""

from datetime import datetime

from hermes_base.postgres.database import Reader


async def overdue(reader: Reader, before: datetime) -> tuple[int, int]:
    """Runs that are under way and schedules that were due before a time, and that nobody took since."""
    row = await reader.fetchrow(
        "select (select count(*) from service_runs where due_at < $1 and status = 'running')::int as runs,"
        " (select count(*) from schedules where next_at < $1)::int as schedules",
        before,
    )
    assert row is not None, "it has no condition"  # noqa: S101
    return row["runs"], row["schedules"]
