"""The rows that a run delivers. A rank of None means: not among the results looked at."""

from collections.abc import Iterable
from typing import Any

from hermes_fleet.searching.engine import Engine
from hermes_fleet.searching.results import Hit, ResultPage

TOP = 10


def outputs(pages: list[ResultPage], engine: Engine, site: str, *, whole: bool) -> dict[str, Any]:
    """What the looked-up pages say of a site; `whole`: of every keyword that is tracked."""
    return {
        "serp_rank_snapshots": _list((_rank(page, engine, site) for page in pages), whole),
        "serp_serp_snapshots": _list((_page(page, engine) for page in pages), whole),
        "serp_top_keywords": _list(_top(pages, engine, site), whole),
    }


def _list(rows: Iterable[dict[str, Any]], whole: bool) -> dict[str, Any]:
    items = list(rows)
    return {"count": len(items), "items": items, "complete": whole}


def _rank(page: ResultPage, engine: Engine, site: str) -> dict[str, Any]:
    hit = page.own(site)
    return {
        **_asked(page, engine),
        "rank_group": hit.rank_group if hit else None,
        "rank_absolute": hit.rank_absolute if hit else None,
        "url": hit.url if hit else None,
    }


def _page(page: ResultPage, engine: Engine) -> dict[str, Any]:
    results = [_hit(hit) for hit in page.hits if hit.rank_group <= TOP]
    return {**_asked(page, engine), "results": results}


def _top(pages: list[ResultPage], engine: Engine, site: str) -> Iterable[dict[str, Any]]:
    for page in pages:
        hit = page.own(site)
        if hit and hit.rank_group <= TOP:
            yield {
                "keyword": page.keyword,
                "engine": engine.name,
                "rank_group": hit.rank_group,
                "url": hit.url,
                **engine.scope,
            }


def _asked(page: ResultPage, engine: Engine) -> dict[str, Any]:
    return {
        "keyword": page.keyword,
        "engine": engine.name,
        "location": page.location,
        "device": page.device,
        "depth": page.depth,
        "at": page.at.isoformat(),
        **engine.scope,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "rank_group": hit.rank_group,
        "rank_absolute": hit.rank_absolute,
        "title": hit.title,
        "url": hit.url,
    }
