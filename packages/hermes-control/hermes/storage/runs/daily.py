"""Verdicts by day: counted when a run ends, read as the history of a service and of a site."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date
from uuid import UUID

from asyncpg import Record

from hermes.core.runs.model import RunUpdate
from hermes_base.postgres.database import Connection, Reader

COLUMNS = {"success": "passed", "partial": "partial", "failed": "failed"}
"""The column that counts a status; what was cancelled has no verdict."""

_ADD = """
    with given as (select * from unnest($1::uuid[], $2::text[], $3::text[], $4::date[],
        $5::int[], $6::int[], $7::int[], $8::int[], $9::int[])
        as g (site_id, run_type, service_slug, day, passed, partial, failed, delivered, expected)
    ), of_sites as (
        insert into daily_sites as d
        select site_id, run_type, day, sum(passed), sum(partial), sum(failed), sum(delivered), sum(expected)
        from given group by 1, 2, 3 order by 1, 2, 3
        on conflict (site_id, run_type, day) do update set passed = d.passed + excluded.passed,
            partial = d.partial + excluded.partial, failed = d.failed + excluded.failed,
            delivered = d.delivered + excluded.delivered, expected = d.expected + excluded.expected
    )
    insert into daily_verdicts as d (site_id, run_type, service_slug, day, passed, partial, failed, delivered, expected)
    select * from given
    order by 1, 2, 3, 4  -- in one order everywhere, so that two batches never wait for each other
    on conflict (site_id, run_type, service_slug, day) do update set passed = d.passed + excluded.passed,
        partial = d.partial + excluded.partial, failed = d.failed + excluded.failed,
        delivered = d.delivered + excluded.delivered, expected = d.expected + excluded.expected
"""


async def count(connection: Connection, ended: Iterable[RunUpdate]) -> None:
    """Count the verdicts of runs that end now, in the transaction that ends them."""
    counts: dict[tuple[UUID, str, str, date], Counter[str]] = {}
    for update in ended:
        column = COLUMNS.get(update.status)
        if column is None or update.finished_at is None:
            continue
        run, day = update.run, update.finished_at.astimezone(UTC).date()
        counted = counts.setdefault((run.site.id, run.run_type, run.service_slug, day), Counter())
        counted[column] += 1
        counted["delivered"] += len(update.outputs.get("actualOutputs", ()))
        counted["expected"] += len(update.outputs.get("expectedOutputs", ()))
    if not counts:
        return
    names = ("passed", "partial", "failed", "delivered", "expected")
    keys = zip(*counts, strict=True)
    await connection.execute(
        _ADD, *map(list, keys), *([each[name] for each in counts.values()] for name in names)
    )


async def days(reader: Reader, sites: Sequence[UUID], run_type: str, since: date) -> list[Record]:
    """The days with verdicts of these sites' services since a day, the oldest first."""
    return await reader.fetch(
        "select site_id, service_slug, day, passed, partial, failed, delivered, expected from daily_verdicts"
        " where site_id = any($1::uuid[]) and run_type = $2 and day >= $3 order by site_id, service_slug, day",
        list(sites), run_type, since,
    )  # fmt: skip


async def days_of_sites(
    reader: Reader, sites: Sequence[UUID], run_type: str, since: date
) -> list[Record]:
    """As `days`, all services of a site together."""
    return await reader.fetch(
        "select site_id, day, passed, partial, failed, delivered, expected from daily_sites"
        " where site_id = any($1::uuid[]) and run_type = $2 and day >= $3 order by site_id, day",
        list(sites), run_type, since,
    )  # fmt: skip


async def days_of_all(
    reader: Reader, sites: Sequence[UUID], run_type: str, since: date
) -> list[Record]:
    """As `days`, all these sites together."""
    return await reader.fetch(
        "select day, sum(passed)::int as passed, sum(partial)::int as partial, sum(failed)::int as failed,"
        " sum(delivered)::int as delivered, sum(expected)::int as expected from daily_sites"
        " where site_id = any($1::uuid[]) and run_type = $2 and day >= $3 group by day order by day",
        list(sites), run_type, since,
    )  # fmt: skip
