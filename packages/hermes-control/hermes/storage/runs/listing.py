"""Lists of runs, newest first, in pages by key: what the API, the Runs page and the inspector show."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.runs.run_filter import RunFilter, Verdict
from hermes_base.postgres.database import Reader

LONGEST_LIFE = timedelta(days=2)
"""No run is expected to end later than this after it was created: the index on `created_at` bounds a day."""

_VERDICTS: dict[Verdict, str] = {
    "passed": "status = 'success'",
    "partial": "status = 'partial'",
    "failed": "status = 'failed'",
    "cancelled": "status = 'cancelled'",
    "open": "status in ('queued', 'running')",
}
"""Written out, not given as values: what went wrong has an index of its own, which only words can name."""

_BRIEF = (
    "id, job_id, site_id, service_slug, run_type, status, reason, detail, created_at, started_at, finished_at,"
    " deadline_at, cancel_requested_at, trouble_since, attempts, polls, metrics_json - 'worker' as metrics_json,"
    " jsonb_set(outputs_json, '{metrics}', '{}') as outputs_json"
)

Condition = tuple[str, Any]
"""(SQL with one `{}` for the number of its value, the value)."""


async def runs(
    reader: Reader,
    site_id: UUID,
    wanted: RunFilter,
    limit: int,
    before: UUID | None = None,
    *,
    brief: bool = False,
) -> list[Record]:
    """The newest runs of a site with `requested_by` of their jobs; those older than the run `before` if named.

    `brief`: without the values of outputs and the worker's own metrics.
    """
    sql, values = statement(site_id, wanted, limit, before, brief=brief)
    return await reader.fetch(sql, *values)


def statement(
    site_id: UUID, wanted: RunFilter, limit: int, before: UUID | None, *, brief: bool
) -> tuple[str, list[Any]]:
    """(SQL, values). Only what is chosen stands in it, so that each choice is planned for itself."""
    chosen = list(_conditions(site_id, wanted, before))
    fits = [sql.format(f"${number}") for number, (sql, _) in enumerate(chosen, 1)]
    if wanted.verdict is not None:
        fits.append(_VERDICTS[wanted.verdict])
    columns = _BRIEF if brief else "*"
    sql = (
        f"select r.*, j.requested_by from (select {columns} from service_runs where {' and '.join(fits)}"  # noqa: S608 - all of it stands in this file
        f" order by created_at desc, id desc limit ${len(chosen) + 1}) r"
        " join test_jobs j on j.id = r.job_id order by r.created_at desc, r.id desc"
    )
    return sql, [*(value for _, value in chosen), limit]


def _conditions(site_id: UUID, wanted: RunFilter, before: UUID | None) -> Iterator[Condition]:
    yield "site_id = {}", site_id
    if wanted.service is not None:
        yield "service_slug = {}", wanted.service
    if wanted.run_type is not None:
        yield "run_type = {}", wanted.run_type
    if wanted.since is not None:
        begins = _midnight(wanted.since)
        yield "created_at >= {}", begins - LONGEST_LIFE
        yield "coalesce(finished_at, created_at) >= {}", begins
    if wanted.until is not None:
        ends = _midnight(wanted.until) + timedelta(days=1)
        yield "created_at < {}", ends
        yield "coalesce(finished_at, created_at) < {}", ends
    if before is not None:
        older = "(created_at, id) < (select created_at, id from service_runs where id = {})"
        yield older, before


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
