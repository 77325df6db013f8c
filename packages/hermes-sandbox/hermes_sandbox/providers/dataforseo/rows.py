"""Rows of the backlink reports, each worked out from the links it is about."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean
from typing import Any

from hermes_sandbox.providers.dataforseo.links import Backlink

NOON = "12:00:00 +00:00"


def summary_row(target: str, links: Sequence[Backlink], ever: int) -> dict[str, Any]:
    """Totals of a target; a target that was never linked has zeros and no dates."""
    tlds = {"example": len(links)} if links else {}
    return {
        "target": target,
        "first_seen": _first(links),
        "lost_date": None,
        "rank": _rank(links),
        "backlinks": len(links),
        "backlinks_spam_score": 4 if links else 0,
        "crawled_pages": 300 if ever else 0,
        "internal_links_count": 0,
        "external_links_count": 0,
        "broken_backlinks": 0,
        "broken_pages": 0,
        **_counts(links),
        "referring_links_tld": tlds,
        "referring_links_types": {"anchor": len(links)} if links else {},
        "referring_links_attributes": {"nofollow": sum(not link.followed for link in links)},
    }


def link_row(link: Backlink, today: date) -> dict[str, Any]:
    """One link as `backlinks/live` lists it."""
    gone = link.lost is not None
    return {
        "type": "backlink",
        "domain_from": link.domain,
        "url_from": link.url_from,
        "url_from_https": True,
        "domain_to": link.url_to.split("/")[2],
        "url_to": link.url_to,
        "url_to_https": link.url_to.startswith("https:"),
        "tld_from": "example",
        "is_new": link.is_new(today),
        "is_lost": gone,
        "backlink_spam_score": 4,
        "rank": link.rank,
        "page_from_rank": link.rank // 2,
        "domain_from_rank": link.rank,
        "page_from_title": f"Article on {link.anchor}",
        "page_from_status_code": 404 if gone else 200,
        "page_from_language": "en",
        "first_seen": _moment(link.first_seen),
        "prev_seen": _moment(link.first_seen),
        "last_seen": _moment(link.lost or today),
        "item_type": "anchor",
        "attributes": None if link.followed else ["nofollow"],
        "dofollow": link.followed,
        "original": True,
        "anchor": link.anchor,
        "text_pre": "We also liked",
        "text_post": "for its plain answers.",
        "links_count": 1,
        "group_count": 0,
        "is_broken": False,
        "url_to_status_code": 200,
        "is_indirect_link": False,
    }


def anchor_row(anchor: str, links: Sequence[Backlink]) -> dict[str, Any]:
    """One anchor text as `anchors/live` lists it."""
    return {"type": "backlinks_anchor", "anchor": anchor, **_group(links)}


def domain_row(domain: str, links: Sequence[Backlink]) -> dict[str, Any]:
    """One domain as `referring_domains/live` lists it."""
    return {"type": "backlinks_referring_domain", "domain": domain, **_group(links)}


def month_row(kind: str, links: Sequence[Backlink], end: date, span: int) -> dict[str, Any]:
    """The `span` days up to and with `end`: what stood at the end, what came, what went."""
    start = end - timedelta(span)
    came = [link for link in links if start < link.first_seen <= end]
    went = [link for link in links if link.lost and start < link.lost <= end]
    stood = [
        link for link in links if link.first_seen <= end and (not link.lost or link.lost > end)
    ]
    row = {
        "type": kind,
        "date": _moment(end),
        "new_backlinks": len(came),
        "lost_backlinks": len(went),
        "new_referring_domains": len({link.domain for link in came}),
        "lost_referring_domains": len({link.domain for link in went}),
    }
    if kind == "backlinks_history":
        return {**row, "rank": _rank(stood), "backlinks": len(stood), **_counts(stood)}
    return row | {
        f"{way}_referring_main_domains": row[f"{way}_referring_domains"] for way in ("new", "lost")
    }


def _group(links: Sequence[Backlink]) -> dict[str, Any]:
    return {
        "rank": _rank(links),
        "backlinks": len(links),
        "first_seen": _first(links),
        "lost_date": None,
        "backlinks_spam_score": 4,
        "broken_backlinks": 0,
        "broken_pages": 0,
        **_counts(links),
    }


def _counts(links: Sequence[Backlink]) -> dict[str, int]:
    domains = len({link.domain for link in links})
    closed = len({link.domain for link in links if not link.followed})
    return {
        "referring_domains": domains,
        "referring_domains_nofollow": closed,
        "referring_main_domains": domains,
        "referring_main_domains_nofollow": closed,
        "referring_ips": domains,
        "referring_subnets": domains,
        "referring_pages": len(links),
        "referring_pages_nofollow": sum(not link.followed for link in links),
    }


def _rank(links: Sequence[Backlink]) -> int:
    return round(fmean(link.rank for link in links)) if links else 0


def _first(links: Sequence[Backlink]) -> str | None:
    return _moment(min(link.first_seen for link in links)) if links else None


def _moment(day: date) -> str:
    return f"{day} {NOON}"
