"""Search traffic by page in the periods compared, from wherever it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hermes_fleet.content_decay.windows import DAYS, Windows, last_day
from hermes_fleet.google.history import Figures, History
from hermes_worker import WorkerError
from hermes_worker.result import Provenance

NONE = Figures()


@dataclass(frozen=True, slots=True)
class Traffic:
    """`figures`: period -> page -> figures, for the periods that have data from their first day on.

    `cut`: periods whose list of pages is not whole; a page that is not in them is unknown, not zero.
    """

    windows: Windows
    figures: Mapping[str, Mapping[str, Figures]]
    cut: frozenset[str]
    provenance: Provenance
    source: str

    def of(self, window: str, page: str) -> Figures | None:
        """None where it cannot be known."""
        if window not in self.figures:
            return None
        return self.figures[window].get(page, None if window in self.cut else NONE)

    @property
    def years_known(self) -> bool:
        return {"year_ago", "year_before"} <= self.figures.keys()

    @property
    def pages(self) -> list[str]:
        """Those that can be compared, with most to lose first."""
        known = {page for pages in self.figures.values() for page in pages}
        both = [p for p in known if self.of("now", p) and self.of("before", p)]
        return sorted(both, key=lambda page: (-self._most(page), page))

    def _most(self, page: str) -> int:
        return max(pages.get(page, NONE).clicks for pages in self.figures.values())


def from_history(history: History, provenance: Provenance) -> Traffic:
    """Sums of the days that were kept. WorkerError when they are too few."""
    seen = [history.first_day + timedelta(days=day) for day in history.days_seen]
    windows = Windows.ending(last_day(seen[-1] if seen else history.last_day, history.last_day))
    names = covered(windows, seen[0] if seen else None)
    periods = windows.named()
    return Traffic(
        windows,
        {name: history.totals(periods[name]) for name in names},
        frozenset() if history.complete else frozenset(names),
        provenance,
        f"daily figures up to {history.last_day} kept by an earlier run of google_data_connector",
    )


def covered(windows: Windows, first_seen: date | None) -> list[str]:
    """Periods with data from their first day on; WorkerError when two in a row are not there yet."""
    periods = windows.named().items()
    found = [name for name, period in periods if first_seen and first_seen <= period.first]
    if "before" in found:
        return found
    days = (windows.now.last - first_seen).days + 1 if first_seen else 0
    raise WorkerError(
        "outputs_missing",
        f"Search Console holds {max(0, days)} days of figures for this property; two periods of"
        f" {DAYS} days are needed. Wait until it has {2 * DAYS}, then run again.",
    )
