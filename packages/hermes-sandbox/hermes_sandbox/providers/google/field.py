"""Speeds that follow from an address: the same on every call, nobody's measurement."""

from math import erf, log
from typing import TypeAlias

from hermes_sandbox.providers.demand import throws

Speed: TypeAlias = dict[str, float]
LIMITS: dict[str, tuple[float, float]] = {
    "lcp": (2500, 4000),
    "inp": (200, 500),
    "cls": (0.1, 0.25),
    "fcp": (1800, 3000),
    "ttfb": (800, 1800),
}
"""Up to the first is good, over the second poor."""
CURVES: dict[str, tuple[float, float, float]] = {
    "fcp": (1800, 3000, 0.10),
    "si": (3387, 5800, 0.10),
    "lcp": (2500, 4000, 0.25),
    "tbt": (200, 600, 0.30),
    "cls": (0.1, 0.25, 0.25),
}
"""Lighthouse's mobile curves: p10, median, weight."""


def field_speed(place: str, form: str) -> Speed:
    """What visitors saw, 75th percentile: milliseconds, cls without a unit."""
    first, second, third, fourth = throws("field", place, form)
    return {
        "lcp": float(1400 + round(2400 * first)),
        "inp": float(90 + round(300 * second)),
        "cls": round(0.2 * third, 2),
        "fcp": float(900 + round(1500 * first)),
        "ttfb": float(250 + round(900 * fourth)),
    }


def lab_speed(url: str, form: str) -> Speed:
    """One Lighthouse run, with the score of every metric and of the whole."""
    first, second, third, fourth = throws("lab", url, form)
    found = {
        "fcp": 800 + 1600 * first,
        "si": 1500 + 3000 * second,
        "lcp": 1500 + 3200 * first,
        "tbt": 700 * third,
        "cls": round(0.2 * fourth, 4),
    }
    scores = {f"{name}_score": _score(value, *CURVES[name][:2]) for name, value in found.items()}
    whole = sum(scores[f"{name}_score"] * curve[2] for name, curve in CURVES.items())
    return {**found, **scores, "score": round(whole, 2)}


def rated(name: str, p75: float) -> tuple[float, float, float]:
    """Shares of good, middling and poor visits that go with a 75th percentile."""
    good, poor = LIMITS[name]
    fast = round(min(0.95, max(0.1, 0.75 + 0.5 * (good - p75) / poor)), 4)
    slow = round(max(0.01, 0.25 * p75 / poor * (1 - fast)), 4)
    return fast, round(1 - fast - slow, 4), slow


def _score(value: float, p10: float, median: float) -> float:
    if value <= 0:
        return 1.0
    return round((1 - erf(log(value / median) * 0.9061938 / -log(p10 / median))) / 2, 2)
