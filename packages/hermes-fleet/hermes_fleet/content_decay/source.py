"""Where the traffic comes from: the history that google_data_connector keeps, else Search Console."""

from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from hermes_fleet import hermes_api
from hermes_fleet.content_decay.traffic import Traffic, covered, from_history
from hermes_fleet.content_decay.windows import Windows, last_day
from hermes_fleet.google import search_console
from hermes_fleet.google.client import Google
from hermes_fleet.google.dates import LONGEST_DAYS, Period
from hermes_fleet.google.history import ARTIFACT, Figures, History
from hermes_fleet.google.key import NAME, WHAT
from hermes_fleet.google.search_console import MOST_ROWS, Row
from hermes_fleet.providers import missing
from hermes_worker import WorkerError
from hermes_worker.result import Provenance

SERVICE = "google_data_connector"
FRESH_DAYS = 7


@dataclass(frozen=True, slots=True)
class Source:
    """`google` is None without a credential; `final`: the last day whose figures do not change."""

    site_id: str | None
    google: Google | None
    final: date

    @property
    def requests(self) -> int:
        """Sent to Google so far."""
        return self.google.spent.requests if self.google else 0

    async def traffic(self, name: str) -> Traffic:
        """Of this property; WorkerError says why it cannot be had."""
        kept = await kept_history(self.site_id, name)
        if kept is not None and (self.google is None or usable(kept[0], self.final)):
            return from_history(*kept)
        if self.google is None:
            raise WorkerError("missing_config", missing(NAME, WHAT).message)
        return await from_google(self.google, name, self.final)


async def kept_history(site_id: str | None, name: str) -> tuple[History, Provenance] | None:
    """The newest full history of this property, with its provenance; None when there is none."""
    for run in await hermes_api.earlier_runs(SERVICE, site_id, run_type="full", limit=1) or []:
        try:
            history = History.model_validate(run.artifacts.get(ARTIFACT))
        except ValidationError:
            continue
        worth = run.provenance.get("gsc_clicks")
        if history.gsc_site == name and worth in ("provider", "sample"):
            return history, "sample" if worth == "sample" else "provider"
    return None


def usable(history: History, final: date) -> bool:
    """Whether a history is fresh, and long enough to compare with a year ago."""
    fresh = (final - history.last_day).days <= FRESH_DAYS
    return fresh and history.first_day <= Windows.ending(history.last_day).year_before.first


async def from_google(google: Google, name: str, final: date) -> Traffic:
    """One question for the days that have figures at all, then one for each period."""
    await search_console.check(google, name)
    whole = Period.ending(final, LONGEST_DAYS)
    seen = sorted(row.day for row in await search_console.rows(google, name, whole, ["date"]))
    windows = Windows.ending(last_day(seen[-1] if seen else final, final))
    periods = windows.named()
    found = {
        each: await search_console.rows(google, name, periods[each], ["page"])
        for each in covered(windows, seen[0] if seen else None)
    }
    return Traffic(
        windows,
        {each: {row.keys[0]: _figures(row) for row in rows} for each, rows in found.items()},
        frozenset(each for each, rows in found.items() if len(rows) >= MOST_ROWS),
        google.provenance,
        "Search Console, asked in this run",
    )


def _figures(row: Row) -> Figures:
    return Figures().plus(round(row.clicks), round(row.impressions), row.position)
