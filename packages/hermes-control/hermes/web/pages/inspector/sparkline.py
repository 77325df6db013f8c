"""A history of an output as a small line: points, gaps, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from hermes.core.views.history import NEWEST, OutputPoint
from hermes_base.web import locales

WIDTH, HEIGHT, EDGE = 120.0, 26.0, 3.0
STEP = (WIDTH - 2 * EDGE) / (NEWEST - 1)


@dataclass(frozen=True, slots=True)
class Sparkline:
    """SVG coordinates in a box of WIDTH x HEIGHT, the oldest run at the left."""

    lines: list[str]
    dots: list[tuple[float, float]]
    gaps: list[float]
    words: str
    caption: str


def sparkline(points: Sequence[OutputPoint], what: str) -> Sparkline | None:
    """The line of a history, `what` being "smoke runs" or "full runs"; None without any run."""
    shown = [point for point in points if point.outcome != "not promised"]
    if not shown:
        return None
    places = _places(shown)
    return Sparkline(
        lines=[" ".join(f"{x},{y}" for x, y in piece) for piece in _pieces(places)],
        dots=[place for place in places if place is not None],
        gaps=[_x(n) for n, point in enumerate(shown) if point.outcome == "missing"],
        words=_words(shown, what),
        caption=_caption(shown),
    )


def _places(points: Sequence[OutputPoint]) -> list[tuple[float, float] | None]:
    """Where each run stands; None where the output was missing. What has no figure stands mid-way."""
    figures = _figures(points)
    low, high = min(figures, default=0.0), max(figures, default=0.0)
    return [
        None if p.outcome == "missing" else (_x(n), _y(p.value, low, high))
        for n, p in enumerate(points)
    ]


def _x(number: int) -> float:
    return round(EDGE + number * STEP, 1)


def _y(value: float | None, low: float, high: float) -> float:
    if value is None or high == low:
        return HEIGHT / 2
    return round(HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE), 1)


def _pieces(places: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Runs of neighbours: the line stops at a gap and goes on after it."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            pieces.append([])
        else:
            pieces[-1].append(place)
    return [piece for piece in pieces if len(piece) > 1]


def _figures(points: Sequence[OutputPoint]) -> list[float]:
    return [point.value for point in points if point.value is not None]


def _words(points: Sequence[OutputPoint], what: str) -> str:
    missing = sum(point.outcome == "missing" for point in points)
    came = f"returned in {len(points) - missing} of the last {len(points)} {what}"
    figures = _figures(points)
    if not figures:
        return came
    return f"lowest {readable(min(figures))}, highest {readable(max(figures))}, last {readable(figures[-1])}; {came}"


def _caption(points: Sequence[OutputPoint]) -> str:
    figures = _figures(points)
    missing = sum(point.outcome == "missing" for point in points)
    if not figures:
        return f"{len(points) - missing} of {len(points)} runs"
    low, high = readable(min(figures)), readable(max(figures))
    return low if low == high else f"{low} to {high}"


def readable(figure: float) -> str:
    """`1,200`, `0.25`, `12.35`."""
    whole = figure == int(figure)
    return locales.number(int(figure) if whole else float(f"{figure:.4g}"))
