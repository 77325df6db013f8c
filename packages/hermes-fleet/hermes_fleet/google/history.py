"""Daily figures of pages, as google_data_connector keeps them and content_decay reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from hermes_fleet.google.dates import Period

ARTIFACT = "gsc_history"
MOST_CELLS = 120_000  # a cell is one page on one day, about 22 bytes: 2.6 MB of the 4 MiB allowed


@dataclass(frozen=True, slots=True)
class Figures:
    """Clicks and impressions of a period; `position` is their mean, None without impressions."""

    clicks: int = 0
    impressions: int = 0
    position: float | None = None

    @property
    def ctr(self) -> float | None:
        """0-1; None without impressions."""
        return self.clicks / self.impressions if self.impressions else None

    def plus(self, clicks: int, impressions: int, position: float) -> "Figures":
        """With further figures; positions weigh as much as their impressions."""
        together = self.impressions + impressions
        weighed = (self.position or 0) * self.impressions + position * impressions
        mean = weighed / together if together else None
        return Figures(self.clicks + clicks, together, mean)

    def payload(self) -> dict[str, float | None]:
        return {
            "clicks": self.clicks,
            "impressions": self.impressions,
            "ctr": None if self.ctr is None else round(self.ctr, 4),
            "position": None if self.position is None else round(self.position, 2),
        }


class Cell(NamedTuple):
    """One page on one day; `day` counts from the history's first day."""

    day: int
    clicks: int
    impressions: int
    position: float


class History(BaseModel):
    """Of one property. `pages`: address -> its cells. `complete`: no page of these days was left out by us."""

    model_config = ConfigDict(extra="ignore")

    gsc_site: str
    first_day: date
    last_day: date
    complete: bool
    pages: dict[str, list[Cell]]

    @classmethod
    def of(
        cls, name: str, period: Period, cells: Iterable[tuple[str, date, Cell]], complete: bool
    ) -> Self:
        """From cells with their day; keeps the pages with most clicks when they are too many."""
        pages: dict[str, list[Cell]] = {}
        for page, day, cell in cells:
            at = cell._replace(day=(day - period.first).days)
            pages.setdefault(page, []).append(at)
        kept = _largest(pages)
        return cls(
            gsc_site=name,
            first_day=period.first,
            last_day=period.last,
            complete=complete and len(kept) == len(pages),
            pages=kept,
        )

    @property
    def period(self) -> Period:
        return Period(self.first_day, self.last_day)

    @property
    def days_seen(self) -> list[int]:
        """The first and the last day with figures, counted from `first_day`; empty when there are none."""
        days = [cell.day for cells in self.pages.values() for cell in cells]
        return [min(days), max(days)] if days else []

    def payload(self) -> dict[str, Any]:
        """As JSON; a cell is a list in the order of `columns`."""
        return self.model_dump(mode="json") | {"columns": list(Cell._fields)}

    def totals(self, period: Period) -> dict[str, Figures]:
        """Figures of a period by page; a page without a cell in it has none."""
        found: dict[str, Figures] = {}
        for page, cells in self.pages.items():
            for cell in cells:
                if self.first_day + timedelta(days=cell.day) in period:
                    found[page] = found.get(page, Figures()).plus(*cell[1:])
        return found


def _largest(pages: dict[str, list[Cell]]) -> dict[str, list[Cell]]:
    def size(page: str) -> tuple[int, int, str]:
        cells = pages[page]
        return -sum(c.clicks for c in cells), -sum(c.impressions for c in cells), page

    kept: dict[str, list[Cell]] = {}
    room = MOST_CELLS
    for page in sorted(pages, key=size):
        room -= len(pages[page])
        if room < 0:
            break
        kept[page] = sorted(pages[page])
    return kept
