"""Who stands above a declining page now, for its own searches, from result pages looked up earlier."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hermes_fleet.crawling.addresses import normalise
from hermes_fleet.searching.results import Hit, belongs, owner
from hermes_fleet.searching.snapshots import KeptPage, Snapshots

FIRST_ONES = 3  # looked at where nothing says how high the page stood

Queries = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Compared:
    """One keyword: its newest result page, and an older one of the same engine where there is one."""

    now: KeptPage
    engine: str
    provenance: str
    before: KeptPage | None = None


def compared(snapshots: Sequence[Snapshots]) -> list[Compared]:
    """Each keyword once; `snapshots` are newest first, each compared with the oldest of its kind."""
    found: dict[str, Compared] = {}
    for place, newest in enumerate(snapshots):
        older = [each for each in snapshots[place + 1 :] if _alike(each, newest)]
        for keyword, page in newest.by_keyword.items():
            before = [kept for each in older if (kept := each.by_keyword.get(keyword))]
            last = before[-1] if before else None
            found.setdefault(keyword, Compared(page, newest.engine, newest.provenance, last))
    return list(found.values())


def _alike(one: Snapshots, other: Snapshots) -> bool:
    same = (one.engine, one.locale, one.provenance)
    return same == (other.engine, other.locale, other.provenance)


def concerns(each: Compared, page: str, queries: Queries) -> bool:
    """Whether a keyword is one of the page's own: it is found by it, or it is in a result page."""
    asked = {query.casefold() for query in queries.get(page, ())}
    ranked = _rank(each.now, page) or (each.before and _rank(each.before, page))
    return bool(ranked) or each.now.keyword.casefold() in asked


def replaced(
    each: Compared, page: str, site: str, competitors: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Results of other sites that now stand above the page and, as far as is known, did not before."""
    stood = _rank(each.before, page) if each.before else None
    stands = _rank(each.now, page)
    if stood and stands and stands <= stood:
        return
    ceiling = stands - 1 if stands else stood or FIRST_ONES
    above = _above(each.before, stood) if each.before and stood else set[str]()
    for hit in each.now.results:
        if hit.rank_group <= ceiling and hit.url not in above and not belongs(hit.url, site):
            yield {
                "page": page,
                "keyword": each.now.keyword,
                "engine": each.engine,
                **_rival(hit, competitors),
                "page_position": stands,
                "page_position_before": stood,
                "seen_at": each.now.at.isoformat(),
                "compared_with": each.before.at.isoformat() if each.before else None,
            }


def _rank(kept: KeptPage, page: str) -> int | None:
    hits = [*kept.results, *([kept.site] if kept.site else [])]
    wanted = normalise(page)
    return next((hit.rank_group for hit in hits if normalise(hit.url) == wanted), None)


def _above(before: KeptPage, stood: int) -> set[str]:
    return {hit.url for hit in before.results if hit.rank_group < stood}


def _rival(hit: Hit, competitors: Sequence[str]) -> dict[str, Any]:
    return {
        "competitor_url": hit.url,
        "competitor_title": hit.title,
        "competitor_position": hit.rank_group,
        "listed_competitor": owner(hit.url, competitors),
    }
