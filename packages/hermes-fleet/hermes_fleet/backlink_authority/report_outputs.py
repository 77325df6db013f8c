"""Outputs from single reports of DataForSEO; what a report lacks is missing with its reason."""

from collections.abc import Callable
from typing import Any, TypeAlias

from hermes_fleet.searching.engine import SearchError
from hermes_fleet.searching.exchange import objects, text
from hermes_worker import Missing

WINDOW = 30  # days of link growth
HIGHEST_RANK = 100
UNKNOWN = Missing("outputs_missing", "DataForSEO does not know this domain yet.")

Report: TypeAlias = dict[str, Any] | SearchError | None
"""A result, None where the provider knows nothing of the target, or why there is no answer."""


def changed(report: Report, chosen: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | Missing:
    """Links that came or went since the provider's previous visit to their pages."""
    if isinstance(report, SearchError):
        return _absent(report)
    rows = items(report)
    links = [_link(row) for row in rows if chosen(row)]
    return {
        "count": len(links),
        "items": links,
        "complete": report is None or number(report.get("total_count")) == len(rows),
        "basis": "DataForSEO, since its previous visit to each page.",
    }


def came(row: dict[str, Any]) -> bool:
    """Whether the provider calls a link new and still sees it."""
    return row.get("is_new") is True and not left(row)


def left(row: dict[str, Any]) -> bool:
    """Whether the provider calls a link lost."""
    return row.get("is_lost") is True


def _link(row: dict[str, Any]) -> dict[str, Any]:
    attributes = row.get("attributes")
    return {
        "source": text(row.get("url_from")),
        "target": text(row.get("url_to")),
        "anchor": text(row.get("anchor")),
        "rel": " ".join(attributes) if isinstance(attributes, list) else "",  # pyright: ignore[reportUnknownArgumentType]
        "followed": row.get("dofollow") is True,
        "first_seen": text(row.get("first_seen")),
        "last_seen": text(row.get("last_seen")),
    }


def ranked(report: Report) -> dict[str, Any] | Missing:
    """The provider's rank of the whole domain."""
    if isinstance(report, SearchError):
        return _absent(report)
    if report is None:
        return UNKNOWN
    rank = number(report.get("rank"))
    if rank is None or not 0 <= rank <= HIGHEST_RANK:
        return Missing("worker_failed", "DataForSEO: the summary holds no rank between 0 and 100.")
    return {
        "value": rank,
        "scale": "DataForSEO rank 0-100",
        "source": "DataForSEO",
        "items": [
            {
                "site": text(report.get("target")),
                "backlinks": number(report.get("backlinks")),
                "referring_domains": number(report.get("referring_domains")),
            }
        ],
    }


def link_texts(report: Report, summary: Report) -> dict[str, Any] | Missing:
    """Link texts with their share of all live links (0-1)."""
    if isinstance(report, SearchError):
        return _absent(report)
    rows = [(text(row.get("anchor")), number(row.get("backlinks")) or 0) for row in items(report)]
    whole = report is None or number(report.get("total_count")) == len(rows)
    known = number(summary.get("backlinks")) if isinstance(summary, dict) else None
    total = max(known or 0, sum(count for _anchor, count in rows))
    if not whole and known is None:
        return Missing("outputs_missing", "DataForSEO did not say how many links there are in all.")
    return {
        "count": len(rows),
        "items": [
            {"anchor": anchor, "links": count, "share": round(count / total, 4) if total else 0.0}
            for anchor, count in rows
        ],
        "complete": whole,
        "basis": f"DataForSEO, {total:g} live links.",
    }


def velocity(report: Report) -> float | Missing:
    """New minus lost links a day, over WINDOW days."""
    if isinstance(report, SearchError):
        return _absent(report)
    if report is None:
        return UNKNOWN
    days = [
        (number(d.get("new_backlinks")), number(d.get("lost_backlinks"))) for d in items(report)
    ]
    if any(new is None or lost is None for new, lost in days) or not days:
        return Missing("worker_failed", "DataForSEO: the report on growth holds no figures.")
    return round(sum((new or 0) - (lost or 0) for new, lost in days) / WINDOW, 3)


def _absent(failure: SearchError) -> Missing:
    return Missing(failure.code, failure.message)


def items(report: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The rows of a report; none where there is none."""
    return objects(report.get("items")) if report else []


def number(value: object) -> float | None:
    """A number; None for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
