"""The last 30 days of a service or a site: a verdict a day, and what they add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from hermes_base.view import Row, View

SHOWN = 30
"""Days of a strip, today included."""
SUMS = ("passed", "partial", "failed", "delivered", "expected")
DayState = Literal["passed", "partial", "failed", "untested"]


@dataclass(frozen=True, slots=True)
class DayView:
    """One day (UTC). The state is that of the worst verdict; `untested` without any.

    `delivered` of `expected` outputs are those of the runs of the day.
    """

    day: date
    state: DayState
    passed: int
    partial: int
    failed: int
    delivered: int
    expected: int

    @property
    def words(self) -> str:
        """Such as `3 passed, 1 failed`."""
        counted = ((self.failed, "failed"), (self.partial, "partial"), (self.passed, "passed"))
        return ", ".join(f"{number} {word}" for number, word in counted if number) or "Not tested"


class DaysView(View):
    """The last 30 days, the oldest first. Rates are null where nothing was tested."""

    days: list[DayView]
    pass_rate: float | None = Field(description="Passed runs of all judged runs, in percent")
    judged: int = Field(description="Runs that the pass rate is of")
    delivered: int = Field(description="Outputs delivered by these runs")
    expected: int

    @property
    def strip(self) -> list[DayState]:
        """The state of each day, as the component draws it."""
        return [each.state for each in self.days]

    @property
    def words(self) -> str:
        """The finding of the picture: `Last 30 days: 3 days with failures, 26 passed, 1 not tested`."""
        states = [each.state for each in self.days]
        named = (
            ("failed", "with a failure"),
            ("partial", "partial"),
            ("passed", "passed"),
            ("untested", "not tested"),
        )
        said = [f"{states.count(s)} {word}" for s, word in named if states.count(s)]
        return f"Last {len(states)} days: {', '.join(said)}"


def days_view(rows: Iterable[Row], today: date) -> DaysView:
    """From rows of `storage.runs.daily.days`: of one service, or of all services of a site together."""
    by_day: dict[date, list[Row]] = {}
    for row in rows:
        by_day.setdefault(row["day"], []).append(row)
    days = [
        _day(today - timedelta(days=back), by_day.get(today - timedelta(days=back), []))
        for back in range(SHOWN - 1, -1, -1)
    ]
    judged = sum(each.passed + each.partial + each.failed for each in days)
    return DaysView(
        days=days,
        pass_rate=round(100 * sum(each.passed for each in days) / judged, 1) if judged else None,
        judged=judged,
        delivered=sum(each.delivered for each in days),
        expected=sum(each.expected for each in days),
    )


def first_day(today: date) -> date:
    """The first day that is shown."""
    return today - timedelta(days=SHOWN - 1)


def _day(day: date, rows: Sequence[Row]) -> DayView:
    if not rows:
        return DayView(day, "untested", 0, 0, 0, 0, 0)
    sums = [sum(row[name] for row in rows) for name in SUMS]
    worst: tuple[DayState, ...] = ("passed", "partial", "failed")
    found: list[DayState] = [s for s, number in zip(worst, sums, strict=False) if number]
    return DayView(day, found[-1] if found else "untested", *sums)
