"""The performance score on Lighthouse's curves, and the blocking time that it needs."""

from collections.abc import Iterable, Mapping
from math import erf, log

SCORE_METHOD = "lighthouse-v10-mobile-curves/no-speed-index"
EXPLAINED = (
    "Lighthouse 10 weights and mobile curves; Speed Index (weight 10) needs video frames and is left "
    "out, the other 90 are taken as the whole."
)
WEIGHTS = {"fcp": 10, "lcp": 25, "tbt": 30, "cls": 25}
CURVES = {"fcp": (1800, 3000), "lcp": (2500, 4000), "tbt": (200, 600), "cls": (0.1, 0.25)}
"""The values that score 0.9 and 0.5: https://github.com/GoogleChrome/lighthouse, core/audits/metrics."""
INVERSE_ERFC_OF_A_FIFTH = 0.9061938024368232
BLOCKING_MS = 50  # what a task may take before it counts as blocking


def performance_score(figures: Mapping[str, float | None]) -> int | None:
    """0-100 from fcp, lcp, tbt (ms) and cls; None when one of them is missing."""
    parts = components(figures)
    if len(parts) < len(WEIGHTS):
        return None
    mean = sum(WEIGHTS[name] * parts[name] for name in WEIGHTS) / sum(WEIGHTS.values())
    return round(mean * 100)


def components(figures: Mapping[str, float | None]) -> dict[str, float]:
    """The score of each figure that is there, 0-1 with two decimals."""
    there = {name: figures.get(name) for name in CURVES}
    return {name: curve(value, *CURVES[name]) for name, value in there.items() if value is not None}


def curve(value: float, good: float, median: float) -> float:
    """Log-normal: 0.9 at `good`, 0.5 at `median`."""
    if value <= 0:
        return 1.0
    spread = log(value / median) * INVERSE_ERFC_OF_A_FIFTH / -log(good / median)
    return round((1 - erf(spread)) / 2, 2)


def blocking_time(tasks: Iterable[tuple[float, float]], since: float) -> float:
    """Milliseconds over 50 of each task (start, duration), of what lies after `since`."""
    after = ((start + length) - max(start, since) for start, length in tasks)
    return sum(max(0.0, each - BLOCKING_MS) for each in after)
