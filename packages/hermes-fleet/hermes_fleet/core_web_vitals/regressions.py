"""What became slower: each figure of each page against the median of its earlier runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from pydantic import BaseModel, ValidationError

from hermes_fleet.core_web_vitals.conditions import METHOD
from hermes_fleet.core_web_vitals.metrics import Measured, rounded
from hermes_fleet.hermes_api import EarlierRun

ARTIFACT = "measurements"
MOST_EARLIER = 5


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure is worse when it rose by more than both: a share of the median, and an amount."""

    share: float
    amount: float

    def allowed(self, before: float) -> float:
        """By how much a figure may rise."""
        return max(self.share * before, self.amount)


THRESHOLDS = {
    "lcp": Threshold(0.2, 250),
    "fcp": Threshold(0.2, 250),
    "tbt": Threshold(0.2, 100),
    "inp": Threshold(0.2, 50),
    "cls": Threshold(0.0, 0.05),
}


class Page(BaseModel):
    """The figures of one page of an earlier run."""

    url: str
    figures: dict[str, float]


class Measurements(BaseModel):
    """What a run leaves for later ones."""

    method: str
    pages: list[Page]


def artifact(pages: Iterable[Measured]) -> dict[str, Any]:
    """This run's figures, for later runs."""
    kept = [Page(url=page.url, figures=page.figures) for page in pages if not page.failure]
    return Measurements(method=METHOD, pages=kept).model_dump()


def history(earlier: Iterable[EarlierRun]) -> list[dict[str, Mapping[str, float]]]:
    """The newest earlier runs that can be compared: figures by page address."""
    found = [_comparable(run.artifacts.get(ARTIFACT)) for run in earlier]
    return [run for run in found if run][:MOST_EARLIER]


def _comparable(kept: Any) -> dict[str, Mapping[str, float]]:
    """Empty when a run kept nothing, or measured in another way."""
    try:
        run = Measurements.model_validate(kept)
    except ValidationError:
        return {}
    return {page.url: page.figures for page in run.pages} if run.method == METHOD else {}


def regressions(pages: Sequence[Measured], earlier: list[EarlierRun] | None) -> dict[str, Any]:
    """The output: count, items, complete, and on what it rests."""
    runs = history(earlier or [])
    items = [item for page in pages if not page.failure for item in _of_page(page, runs)]
    known = sum(any(page.url in run for run in runs) for page in pages)
    whole = bool(pages) and known == len(pages)
    basis = _basis(earlier is not None, len(runs), known, len(pages))
    return {"count": len(items), "items": items, "complete": whole, "basis": basis}


def _of_page(
    page: Measured, runs: Sequence[Mapping[str, Mapping[str, float]]]
) -> list[dict[str, Any]]:
    """The figures of one page that are worse than before."""
    found = list[dict[str, Any]]()
    for name, threshold in THRESHOLDS.items():
        before = [run[page.url][name] for run in runs if name in run.get(page.url, {})]
        now = page.figures.get(name)
        if before and now is not None and now - median(before) > threshold.allowed(median(before)):
            found.append(_item(page.url, name, now, before, threshold))
    return found


def _item(
    url: str, name: str, now: float, before: Sequence[float], threshold: Threshold
) -> dict[str, Any]:
    usual = median(before)
    return {
        "url": url,
        "metric": name,
        "now": now,
        "previous_median": rounded(name, usual),
        "previous_runs": len(before),
        "change": rounded(name, now - usual),
        "threshold": rounded(name, threshold.allowed(usual)),
    }


def _basis(asked: bool, runs: int, known: int, pages: int) -> str:
    if not asked:
        return "baseline: earlier runs could not be read from Hermes."
    if not runs:
        return "baseline: no earlier run was measured under the same conditions."
    return f"{known} of {pages} pages compared with the median of up to {runs} earlier runs of this kind."
