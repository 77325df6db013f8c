"""The periods compared, asked of Search Console itself."""

from datetime import date

from hermes_fleet.content_decay.traffic import Traffic, covered
from hermes_fleet.content_decay.windows import Windows, last_day
from hermes_fleet.google import search_console
from hermes_fleet.google.client import Google
from hermes_fleet.google.dates import LONGEST_DAYS, Period
from hermes_fleet.google.history import Figures
from hermes_fleet.google.search_console import MOST_ROWS, Row


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
