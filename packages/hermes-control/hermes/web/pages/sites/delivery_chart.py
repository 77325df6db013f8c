"""The share of outputs delivered by day, as a line: days without a test leave a gap."""

from dataclasses import dataclass
from itertools import groupby

from hermes.core.views.days import DaysView, DayView

WIDE, TALL = 600, 96
STEP = 10
"""Percent: the scale begins at a whole ten below the lowest day."""
MARKS = 5
"""Dates below the line."""


@dataclass(frozen=True, slots=True)
class DeliveryChart:
    """Paths of an svg of 600 x 96 units, the labels of its axes, and its finding in words.

    `area` and `line` are "" where nothing was tested; a lone day between gaps is a dot.
    """

    line: str
    area: str
    dots: str
    y: tuple[str, str, str]
    x: tuple[str, ...]
    words: str


def delivery_chart(days: DaysView) -> DeliveryChart:
    """From the last 30 days of one or more sites."""
    shares = [_share(day) for day in days.days]
    known = [share for share in shares if share is not None]
    low = min(90, STEP * int(min(known, default=100) // STEP))
    points = [
        None if share is None else (at * WIDE / (len(shares) - 1), _height(share, low))
        for at, share in enumerate(shares)
    ]
    pieces = [
        [point for point in piece if point]
        for tested, piece in groupby(points, key=lambda point: point is not None)
        if tested
    ]
    lines = [piece for piece in pieces if len(piece) > 1]
    return DeliveryChart(
        line="".join(_path(piece) for piece in lines),
        area="".join(
            f"{_path(piece)}L{piece[-1][0]:.1f} {TALL}L{piece[0][0]:.1f} {TALL}z" for piece in lines
        ),
        dots="".join(f"M{x:.1f} {y:.1f}h.01" for piece in pieces if len(piece) == 1 for x, y in piece),
        y=("100%", f"{(100 + low) / 2:g}%", f"{low}%"),
        x=_dates(days),
        words=_words(days),
    )  # fmt: skip


def _share(day: DayView) -> float | None:
    return 100 * day.delivered / day.expected if day.expected else None


def _height(share: float, low: int) -> float:
    return TALL * (100 - share) / (100 - low)


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _dates(days: DaysView) -> tuple[str, ...]:
    """Evenly from the first day to today."""
    last = len(days.days) - 1
    shown = [days.days[round(at * last / (MARKS - 1))].day for at in range(MARKS - 1)]
    return (*(f"{day.day} {day:%b}" for day in shown), "Today")


def _words(days: DaysView) -> str:
    tested = [day for day in days.days if day.expected]
    if not tested:
        return "Share of expected outputs delivered: nothing was tested in 30 days"
    shares = [100 * day.delivered / day.expected for day in tested]
    said = f"between {min(shares):.0f}% and {max(shares):.0f}% on {len(tested)} days with tests"
    return f"Share of expected outputs delivered in 30 days: {said}"
