"""The output competitor_replacement: what is asked for it, and what it says when little is known."""

from collections.abc import Sequence
from typing import Any

from hermes_fleet import hermes_api
from hermes_fleet.content_decay.replacement import Compared, Queries, compared, concerns, replaced
from hermes_fleet.content_decay.signs import Judged
from hermes_fleet.google import search_console
from hermes_fleet.google.client import Google
from hermes_fleet.google.dates import Period
from hermes_fleet.searching.snapshots import SERVICE, of_runs
from hermes_worker import WorkerError
from hermes_worker.result import Provenance

RUNS = 3
MOST_QUERIES = 10  # of one page
NOTHING_FALLS = "No page examined is declining, so none was replaced."
NOT_TO_BE_READ = "Earlier search result pages cannot be read. The run has no Hermes site, or HERMES_URL and HERMES_TOKEN_FILE are not set correctly for the fleet."
NO_SNAPSHOTS = "No search result pages are stored for this site yet. Run the smoke test of SERP & Keyword Intelligence, then run this one again."


async def known_results(site_id: str | None) -> list[Compared]:
    """Keywords looked up by earlier runs; WorkerError says what to do when there are none."""
    runs = await hermes_api.earlier_runs(SERVICE, site_id, limit=RUNS)
    if runs is None:
        raise WorkerError("outputs_missing", NOT_TO_BE_READ)
    if not (found := compared([kept for _run, kept in of_runs(runs)])):
        raise WorkerError("outputs_missing", NO_SNAPSHOTS)
    return found


async def queries_of(google: Google, name: str, period: Period, pages: set[str]) -> Queries:
    """The searches that brought most clicks to each of the pages."""
    found: dict[str, list[str]] = {}
    for row in await search_console.rows(google, name, period, ["page", "query"]):
        page, query = row.keys
        if page in pages and len(found.setdefault(page, [])) < MOST_QUERIES:
            found[page].append(query)
    return found


def worth(results: Sequence[Compared]) -> Provenance:
    """That of the result pages; `sample` if any of them is, since one taints the list."""
    found = {each.provenance for each in results}
    if "sample" in found:
        return "sample"
    return "provider" if "provider" in found else "measured"


def value(
    declining: Sequence[Judged],
    results: Sequence[Compared],
    queries: Queries,
    site: str,
    competitors: Sequence[str],
) -> dict[str, Any]:
    """Complete only when at least one result page was known for every declining page."""
    items: list[dict[str, Any]] = []
    unknown: list[str] = []
    for judged in declining:
        own = [each for each in results if concerns(each, judged.page, queries)]
        if not own:
            unknown.append(judged.page)
        for each in own:
            items.extend(replaced(each, judged.page, site, competitors))
    return {
        "count": len(items),
        "items": items,
        "complete": not unknown,
        "basis": f"Result pages of {len(results)} keywords looked up by earlier runs.",
        "pages_without_result_pages": unknown,
    }
