"""What one load of a page showed, and what several loads and several pages come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import Any

DECIMALS = {"ttfb": 0, "fcp": 0, "lcp": 0, "tbt": 0, "inp": 0, "cls": 4}
"""The figures: milliseconds without decimals, cls without a unit."""
OVER_PAGES = "75th percentile of the pages (nearest rank), as Google judges field data"


@dataclass(frozen=True, slots=True)
class Load:
    """One load of one page. A figure that could not be measured is not among `figures`."""

    figures: dict[str, float] = field(default_factory=dict[str, float])
    tapped: str = ""  # the control that took longest, such as `button "Menu"`
    no_inp: str = ""  # why there is no inp
    failure: str = ""  # why the page could not be measured at all
    tried: tuple[str, ...] = ()  # all controls that were tapped or typed into
    shares: dict[str, float] = field(default_factory=dict[str, float])  # of inp, ms: delay, ...
    settled: bool = True
    watched: float = 0.0  # seconds after the load event
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """One page, loaded several times; a figure is the median of the loads that gave it."""

    url: str
    loads: Sequence[Load]

    @property
    def good(self) -> list[Load]:
        """The loads that measured something."""
        return [load for load in self.loads if not load.failure]

    @property
    def failure(self) -> str:
        """Why no load of it measured anything; empty when one did."""
        return "" if self.good else self.loads[-1].failure

    @property
    def figures(self) -> dict[str, float]:
        """The median of each metric over the good loads, rounded to its decimals."""
        seen = {name: [load.figures.get(name) for load in self.good] for name in DECIMALS}
        return {
            name: rounded(name, median(there))
            for name, values in seen.items()
            if (there := [value for value in values if value is not None])
        }

    def payload(self) -> dict[str, Any]:
        """The page in the worker's metrics."""
        if self.failure:
            return {"url": self.url, "trouble": self.failure}
        return {
            "url": self.url,
            "runs": len(self.good),
            "figures": self.figures,
            "spread": {name: self._spread(name) for name in self.figures},
            "tapped": self._worst.tapped or None,
            "no_inp": next((load.no_inp for load in self.good if load.no_inp), None),
            "inp_of": list(self._worst.tried),
            "inp_shares": {name: round(value) for name, value in self._worst.shares.items()},
            "settled": all(load.settled for load in self.good),
            "watched_s": round(median(load.watched for load in self.good), 1),
        }

    @property
    def _worst(self) -> Load:
        """The good load with the slowest interaction."""
        return max(self.good, key=lambda load: load.figures.get("inp", -1.0))

    def _spread(self, name: str) -> list[float]:
        """The least and the largest of the loads."""
        there = [load.figures[name] for load in self.good if name in load.figures]
        return [rounded(name, min(there)), rounded(name, max(there))]


def of_site(pages: Iterable[Measured]) -> dict[str, float]:
    """Each figure of the whole site: what three quarters of its pages keep to."""
    all_figures = [page.figures for page in pages]
    return {
        name: percentile_75(there)
        for name in DECIMALS
        if (there := [figures[name] for figures in all_figures if name in figures])
    }


def percentile_75(values: Sequence[float]) -> float:
    """Nearest rank: always one of the values."""
    return sorted(values)[ceil(0.75 * len(values)) - 1]


def rounded(name: str, value: float) -> float:
    """As many decimals as the figure deserves."""
    return round(value, DECIMALS[name]) if DECIMALS[name] else round(value)
