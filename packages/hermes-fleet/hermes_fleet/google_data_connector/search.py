"""Totals, queries, pages and the daily history of Search Console."""

from typing import Any

from hermes_fleet.google.client import Google
from hermes_fleet.google.dates import PACIFIC_NAME
from hermes_fleet.google.search_console import DATA_STATE, Dimension, Row, check, rows
from hermes_fleet.google.settings import Settings, search_property
from hermes_fleet.google_data_connector.gathering import SEARCH, TOTALS, Gathering
from hermes_fleet.google_data_connector.keeping import keep_history

NOT_SHOWN = (
    "The site was not shown in Google search in this period, so there is nothing to divide by and"
    " no position. Check in Search Console > Pages that Google has indexed the site."
)


async def gather_search(gathering: Gathering, google: Google, settings: Settings) -> None:
    """The property is checked first: its refusal says more than that of a query."""
    name = ""
    async with gathering.part("search totals", *SEARCH):
        name = search_property(settings.gsc_site)
        await check(google, name)
        await _totals(gathering, google, name)
    if not gathering.missing.keys() >= set(SEARCH):
        await _lists(gathering, google, name)


async def _totals(gathering: Gathering, google: Google, name: str) -> None:
    found = await rows(google, name, gathering.period)
    row = found[0] if found else Row(impressions=0, position=0)
    gathering.outputs |= {
        "gsc_impressions": whole(row.impressions),
        "gsc_clicks": whole(row.clicks),
    }
    gathering.record(
        "gsc",
        {
            "property": name,
            **gathering.period.payload(),
            "time_zone": PACIFIC_NAME,
            "data_state": DATA_STATE,
        },
    )
    if row.impressions:
        gathering.outputs |= {
            "gsc_ctr": round(row.clicks / row.impressions, 6),
            "gsc_position": round(row.position, 4),
        }
    for slug in TOTALS:
        gathering.leave_out(slug, "outputs_missing", NOT_SHOWN)


async def _lists(gathering: Gathering, google: Google, name: str) -> None:
    async with gathering.part("queries", "gsc_queries"):
        found = await _list(gathering, google, name, "query")
        gathering.outputs["gsc_queries"] = found
        gathering.record("gsc", anonymised(found, gathering.outputs.get("gsc_clicks")))
    async with gathering.part("pages", "gsc_pages"):
        gathering.outputs["gsc_pages"] = await _list(gathering, google, name, "page")
    async with gathering.part("history"):
        await keep_history(gathering, google, name)


async def _list(
    gathering: Gathering, google: Google, name: str, dimension: Dimension
) -> dict[str, Any]:
    found = await rows(google, name, gathering.period, [dimension], gathering.row_limit)
    items = [item(dimension, row) for row in found]
    return {"count": len(items), "items": items, "complete": len(items) < gathering.row_limit}


def item(dimension: str, row: Row) -> dict[str, Any]:
    """One line of a list; `ctr` is 0-1."""
    return {
        dimension: row.keys[0],
        "clicks": whole(row.clicks),
        "impressions": whole(row.impressions),
        "ctr": round(row.ctr, 6),
        "position": round(row.position, 4),
    }


def anonymised(queries: dict[str, Any], clicks: float | None) -> dict[str, float | None]:
    """The share (0-1) of clicks whose query Google keeps to itself; None where the list is cut."""
    if not queries["complete"] or not clicks:
        return {"anonymised_clicks_share": None}
    named = sum(each["clicks"] for each in queries["items"])
    return {"anonymised_clicks_share": round(max(0.0, 1 - named / clicks), 4)}


def whole(number: float) -> int | float:
    """A figure as an integer where it is one: Google sends counts as doubles."""
    return int(number) if number.is_integer() else number
