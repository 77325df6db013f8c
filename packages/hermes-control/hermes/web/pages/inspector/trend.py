"""One output over time as a chart: an axis from zero, a line that stops at gaps, and its runs to open."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hermes.core.views.history import OutputHistory, OutputPoint
from hermes.web.pages.inspector.sparkline import readable

WIDTH, HEIGHT = 600.0, 180.0
TICKS = 4
"""Steps of the value axis."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One run in the chart. `value` is None where it missed the output."""

    run_id: UUID
    at: datetime
    value: float | None
    said: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A chart in a box of WIDTH x HEIGHT; `y_labels` from top to bottom, `x_ends` the first and last time."""

    slug: str
    label: str
    unit: str
    runs: str
    said: str
    y_labels: list[str]
    x_ends: list[datetime]
    lines: list[str]
    marks: list[Mark]


def chosen_history(histories: Sequence[OutputHistory], wanted: str | None) -> OutputHistory | None:
    """The output that is wanted, else the first with two figures; None where there is no line to draw."""
    drawable = [each for each in histories if len(_figures(_points(each)[0])) > 1]
    asked = [each for each in drawable if each.slug == wanted]
    return next(iter(asked or drawable), None)


def trend_of(history: OutputHistory) -> Trend:
    """The chart of the smoke runs, or of the full runs where only these returned figures."""
    points, runs = _points(history)
    top = _top(max(_figures(points)))
    low = min(0.0, *_figures(points))
    marks = [_mark(point, points, low, top, history.unit) for point in points]
    return Trend(
        slug=history.slug, label=history.label, unit=history.unit, runs=runs,
        said=_said(history.label, points, runs),
        y_labels=[readable(round(low + (top - low) * n / TICKS, 6)) for n in range(TICKS, -1, -1)],
        x_ends=[points[0].at, points[-1].at],
        lines=_lines(marks), marks=marks,
    )  # fmt: skip


def _points(history: OutputHistory) -> tuple[list[OutputPoint], str]:
    """Runs that promised the output, the oldest first, and what kind of runs they are."""
    smoke = [point for point in history.smoke if point.outcome != "not promised"]
    full = [point for point in history.full if point.outcome != "not promised"]
    return (full, "full runs") if _figures(full) and not _figures(smoke) else (smoke, "smoke runs")


def _figures(points: Sequence[OutputPoint]) -> list[float]:
    return [point.value for point in points if point.value is not None]


def _top(highest: float) -> float:
    """The end of the axis: 1, 2, 4, 5 or 8 times a power of ten, at or above the highest value."""
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= highest)


def _mark(
    point: OutputPoint, points: Sequence[OutputPoint], low: float, top: float, unit: str
) -> Mark:
    """Where a run stands; one that missed the output stands on the ground."""
    first, last = points[0].at, points[-1].at
    span = (last - first).total_seconds()
    across = (point.at - first).total_seconds() / span if span else 0.5
    shown = low if point.value is None else point.value
    y = HEIGHT - (shown - low) / (top - low) * HEIGHT
    words = (
        f"{readable(point.value)} {unit}".strip() if point.value is not None else _without(point)
    )
    return Mark(point.run_id, point.at, point.value, words, round(6 + across * (WIDTH - 12), 1), round(y, 1))  # fmt: skip


def _without(point: OutputPoint) -> str:
    return "Missing" if point.outcome == "missing" else "Returned, without a figure"


def _lines(marks: Sequence[Mark]) -> list[str]:
    """Paths between neighbours; a run without a figure breaks the line."""
    pieces: list[list[str]] = [[]]
    for mark in marks:
        if mark.value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{mark.x} {mark.y}")
    return [f"M{'L'.join(piece)}" for piece in pieces if len(piece) > 1]


def _said(label: str, points: Sequence[OutputPoint], runs: str) -> str:
    figures = _figures(points)
    without = len(points) - len(figures)
    said = f"{label} in the last {len(points)} {runs}: between {readable(min(figures))} and {readable(max(figures))}"
    return f"{said}, {without} without a figure" if without else said
