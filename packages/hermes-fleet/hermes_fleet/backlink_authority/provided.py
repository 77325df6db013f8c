"""The outputs from DataForSEO: its own rank, its own notion of new and lost, its own window."""

from datetime import date, timedelta
from typing import Any

from hermes_egress.addresses import is_private_literal
from hermes_fleet.backlink_authority.dataforseo import Backlinks
from hermes_fleet.backlink_authority.report_outputs import (
    WINDOW,
    Report,
    came,
    changed,
    items,
    left,
    link_texts,
    number,
    ranked,
    velocity,
)
from hermes_fleet.crawling.addresses import host
from hermes_fleet.searching.engine import SearchError
from hermes_worker import Missing, Result

CHANGED = [["is_new", "=", True], "or", ["is_lost", "=", True]]


async def result(provider: Backlinks, home: str, limit: int, today: date) -> Result:
    """All that four reports give, in lists of at most `limit`. WorkerError when none of them came."""
    reports = await _reports(provider, target_of(home), limit, today)
    failures = [each for each in reports.values() if isinstance(each, SearchError)]
    if len(failures) == len(reports):
        raise failures[0]
    found = {
        "new_links": changed(reports["backlinks"], came),
        "lost_links": changed(reports["backlinks"], left),
        "domain_authority": ranked(reports["summary"]),
        "anchor_distribution": link_texts(reports["anchors"], reports["summary"]),
        "link_velocity": velocity(reports["timeseries_new_lost_summary"]),
    }
    outputs = {slug: value for slug, value in found.items() if not isinstance(value, Missing)}
    return Result(
        outputs=outputs,
        provenance=dict.fromkeys(outputs, provider.provenance),
        metrics=_metrics(provider, reports),
        missing={slug: value for slug, value in found.items() if isinstance(value, Missing)},
    )


def target_of(home: str) -> str:
    """A domain as the provider wants it: no scheme, no `www.`; on this machine with its port."""
    name = host(home).removeprefix("www.")
    return home.partition("://")[2].partition("/")[0] if is_private_literal(name) else name


async def _reports(provider: Backlinks, target: str, limit: int, today: date) -> dict[str, Report]:
    """Every report, one after the other; a failure that all would meet is met once."""
    first = str(today - timedelta(days=WINDOW - 1))
    asked: dict[str, dict[str, Any]] = {
        "summary": {"backlinks_status_type": "live", "rank_scale": "one_hundred"},
        "backlinks": {
            "mode": "as_is", "limit": limit, "backlinks_status_type": "all",
            "filters": CHANGED, "order_by": ["first_seen,desc"],
        },
        "anchors": {"limit": limit, "order_by": ["backlinks,desc"]},
        "timeseries_new_lost_summary": {
            "date_from": first, "date_to": str(today), "group_range": "day",
        },
    }  # fmt: skip
    reports: dict[str, Report] = {}
    for name, task in asked.items():
        try:
            reports[name] = await provider.report(name, target=target, **task)
        except SearchError as failure:
            if failure.hopeless:
                return {**dict.fromkeys(asked, failure), **reports}
            reports[name] = failure
    return reports


def _metrics(provider: Backlinks, reports: dict[str, Report]) -> dict[str, Any]:
    summary = reports["summary"] if isinstance(reports["summary"], dict) else {}
    rows = (reports[name] for name in ("backlinks", "anchors"))
    return {
        "source": "DataForSEO",
        "items": sum(len(items(each)) for each in rows if isinstance(each, dict)),
        "requests": provider.spent.requests,
        **({} if provider.spent.cost_usd is None else {"cost_usd": provider.spent.cost_usd}),
        "links_found": number(summary.get("backlinks")),
        "referring_domains": number(summary.get("referring_domains")),
        "window_days": WINDOW,
    }
