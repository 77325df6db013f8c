"""The daily history of pages that later runs build on: newest days first, whole steps of days only."""

import time
from collections.abc import Iterator
from datetime import date

from hermes_fleet.google.client import Google
from hermes_fleet.google.dates import LONGEST_DAYS, Period
from hermes_fleet.google.history import ARTIFACT, Cell, History
from hermes_fleet.google.search_console import MOST_ROWS, Row, every_row
from hermes_fleet.google_data_connector.gathering import Gathering
from hermes_worker import WorkerError

DAYS_A_STEP = 28
MOST_ROWS_READ = 300_000
SECONDS_FOR_HISTORY = 60.0

Found = list[tuple[str, date, Cell]]


async def keep_history(gathering: Gathering, google: Google, name: str) -> None:
    """Full: 16 months; smoke: the days of the run. What fails or is too much is left out, and said."""
    full = gathering.job.mode == "full"
    wanted = LONGEST_DAYS if full else gathering.period.days
    reader = Reader(google, name, MOST_ROWS_READ if full else MOST_ROWS)
    try:
        for step in steps(Period.ending(gathering.period.last, wanted)):
            if not await reader.read(step):
                break
    except WorkerError as error:
        gathering.record("history", {"trouble": f"{error.code}: {error.message}"})
    if reader.first is None:
        gathering.record("history", {"days": 0})
        return
    history = History.of(name, Period(reader.first, gathering.period.last), reader.cells, True)
    gathering.artifacts[ARTIFACT] = history.payload()
    gathering.record("history", payload(history))


def steps(period: Period) -> Iterator[Period]:
    """The period in steps of DAYS_A_STEP days, the newest first."""
    step = Period.ending(period.last, DAYS_A_STEP)
    while step.last >= period.first:
        yield Period(max(step.first, period.first), step.last)
        step = step.earlier(DAYS_A_STEP)


class Reader:
    """Reads steps until the rows or the seconds are used up. `first`: the first day read wholly."""

    def __init__(self, google: Google, name: str, most_rows: int) -> None:
        self.cells: Found = []
        self.first: date | None = None
        self._google = google
        self._name = name
        self._left = most_rows
        self._until = time.monotonic() + SECONDS_FOR_HISTORY

    async def read(self, step: Period) -> bool:
        """False when there is no room for this step: half a step would look like a decline."""
        found: Found = []
        async for rows in every_row(self._google, self._name, step, ["date", "page"], self._left):
            self._left -= len(rows)
            found += [cell(row) for row in rows]
            if self._left <= 0 or time.monotonic() > self._until:
                return False
        self.cells += found
        self.first = step.first
        return True


def cell(row: Row) -> tuple[str, date, Cell]:
    """(page, day, figures) of a row by date and page."""
    figures = Cell(0, round(row.clicks), round(row.impressions), round(row.position, 1))
    return row.keys[1], row.day, figures


def payload(history: History) -> dict[str, object]:
    return {
        **history.period.payload(),
        "days": history.period.days,
        "pages": len(history.pages),
        "complete": history.complete,
    }
