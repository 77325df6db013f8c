"""The history of a service's outputs: a point a run, since when one is missing, and when it was last seen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from pydantic import Field

from hermes.core.catalog import Output, RunType, Service
from hermes_base.view import Row, View

NEWEST = 20
"""Runs of each type that a history shows."""

Standing = Literal["not judged", "returned", "pending first success", "regressed"]
Value = bool | int | float | str | None


class OutputPoint(View):
    """What one run said of one output. `value` is its number, or how many entries it has."""

    run_id: UUID
    at: datetime
    outcome: Literal["returned", "missing", "not promised"]
    value: float | None


class LastSeen(View):
    """The latest smoke run that returned an output; lists and objects are told by their entries."""

    run_id: UUID
    at: datetime
    value: Value
    entries: int | None


class OutputHistory(View):
    """One output over the newest judged runs, oldest first; smoke and full runs are never mixed."""

    slug: str
    label: str
    unit: str
    standing: Standing = Field(description="As of the latest judged smoke run")
    smoke: list[OutputPoint]
    full: list[OutputPoint]


class History(View):
    """The histories of a service's outputs, by slug where they are not of all."""

    outputs: list[OutputHistory]
    first_missing_since: dict[str, datetime]
    last_seen: dict[str, LastSeen]


def history_of(service: Service, rows: Sequence[Row]) -> History:
    """From rows of `storage.runs.history_of_outputs`, newest first."""
    smoke = [row for row in rows if row["run_type"] == "smoke"]
    full = [row for row in rows if row["run_type"] == "full"]
    promised = [o for slug in service.expected_outputs if (o := service.output(slug))]
    seen = {o.slug: row for o in promised if (row := _returned_last(o.slug, smoke))}
    absent = {o.slug: row for o in promised if (row := _missed_first(o.slug, smoke))}
    return History(
        outputs=[_output_history(o, smoke, full, seen, absent) for o in promised],
        first_missing_since={slug: row["created_at"] for slug, row in absent.items()},
        last_seen={slug: _last_seen(slug, row) for slug, row in seen.items()},
    )


def _returned_last(slug: str, smoke: Iterable[Row]) -> Row | None:
    return next((row for row in smoke if slug in row["actual"]), None)


def _missed_first(slug: str, smoke: Iterable[Row]) -> Row | None:
    """The oldest run that missed an output since it was last returned: where its absence begins."""
    first: Row | None = None
    for row in smoke:
        if slug in row["actual"]:
            return first
        if slug in row["missing"]:
            first = row
    return first


def _output_history(
    output: Output,
    smoke: Sequence[Row],
    full: Sequence[Row],
    seen: Mapping[str, Row],
    absent: Mapping[str, Row],
) -> OutputHistory:
    return OutputHistory(
        slug=output.slug,
        label=output.label,
        unit=output.unit,
        standing=_standing(output.slug in seen, output.slug in absent),
        smoke=_points(output.slug, smoke),
        full=_points(output.slug, full),
    )


def _standing(was_seen: bool, is_absent: bool) -> Standing:
    """An output that never came is awaited; one that came before and is gone is a step back."""
    if is_absent:
        return "regressed" if was_seen else "pending first success"
    return "returned" if was_seen else "not judged"


def _points(slug: str, rows: Sequence[Row]) -> list[OutputPoint]:
    """Oldest first. Rows beyond the newest are there for what was last seen, and are no points."""
    return [_point(slug, row) for row in reversed(rows[:NEWEST])]


def _point(slug: str, row: Row) -> OutputPoint:
    if slug in row["actual"]:
        value = _figure(row["values"].get(slug))
        return OutputPoint(run_id=row["id"], at=row["created_at"], outcome="returned", value=value)
    outcome = "missing" if slug in row["missing"] else "not promised"
    return OutputPoint(run_id=row["id"], at=row["created_at"], outcome=outcome, value=None)


def _figure(value: Any) -> float | None:
    """A number, or a count of entries; None for a text, a flag and a bare claim."""
    if isinstance(value, dict):
        value = cast("dict[str, Any]", value)["entries"]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


def _last_seen(slug: str, row: Row) -> LastSeen:
    value: Any = row["values"].get(slug)
    many = isinstance(value, dict)
    return LastSeen(
        run_id=row["id"],
        at=row["created_at"],
        value=None if many else value,
        entries=cast("dict[str, Any]", value)["entries"] if many else None,
    )


class DeliveredRun(View):
    """What one ended run delivered: values and provenance by output, and what its worker keeps."""

    run_id: UUID
    run_type: RunType
    status: str
    finished_at: datetime
    outputs: dict[str, Any]
    provenance: dict[str, str]
    artifacts: dict[str, Any]


def delivered_run(row: Row) -> DeliveredRun:
    """From a row of `storage.artifacts.delivered`."""
    return DeliveredRun(
        run_id=row["id"],
        run_type=row["run_type"],
        status=row["status"],
        finished_at=row["finished_at"],
        outputs=row["outputs_json"]["metrics"],
        provenance=row["metrics_json"].get("provenance", {}),
        artifacts=row["artifacts"],
    )
