"""`dataforseo_labs/google/*/live`: who else ranks for the planned queries."""

from collections import defaultdict
from collections.abc import Callable
from statistics import fmean, median
from typing import Any, cast
from urllib.parse import urlsplit

from hermes_sandbox.providers.dataforseo.envelope import Outcome, done, invalid
from hermes_sandbox.providers.dataforseo.serp import checked_place
from hermes_sandbox.providers.plan import PLANS
from hermes_sandbox.providers.results import Engine, Result

COST = 0.0103
QUERIES = tuple(query for plan in PLANS for query in plan.queries)


class Labs:
    """Everything is counted from the same result pages that the SERP endpoint shows."""

    def __init__(self, engine: Engine, site: str) -> None:
        self._engine, self._own = engine, urlsplit(site).netloc

    def table(self) -> dict[str, Callable[[dict[str, Any]], Outcome]]:
        """Endpoint -> who answers it."""
        return {
            "ranked_keywords": self._ranked,
            "competitors_domain": self._competitors,
            "serp_competitors": self._serp_competitors,
            "domain_intersection": self._intersection,
        }

    def _ranked(self, task: dict[str, Any]) -> Outcome:
        target = _domain(task, "target")
        rows = [_ranked(*each) for each in self._standing(target).items()]
        return self._listed(task, rows, target=target)

    def _competitors(self, task: dict[str, Any]) -> Outcome:
        target = _domain(task, "target")
        keywords = list(self._standing(target))
        found = sorted(
            self._ranks(keywords).items(), key=lambda each: (-len(each[1]), sum(each[1]))
        )
        rows = [
            {
                "se_type": "google",
                "domain": domain,
                "avg_position": round(fmean(ranks), 2),
                "sum_position": sum(ranks),
                "intersections": len(ranks),
            }
            for domain, ranks in found
        ]
        return self._listed(task, rows, target=target)

    def _serp_competitors(self, task: dict[str, Any]) -> Outcome:
        given = task.get("keywords")
        keywords = cast("list[Any]", given) if isinstance(given, list) else []
        if not 0 < len(keywords) <= 200:
            raise invalid("keywords")
        ranked = self._ranks([str(each) for each in keywords])
        found = sorted(ranked.items(), key=lambda each: -_weight(each[1]))
        rows = [
            {
                "se_type": "google",
                "domain": domain,
                "avg_position": round(fmean(ranks), 2),
                "median_position": float(median(ranks)),
                "keywords_count": len(ranks),
                "visibility": round(_weight(ranks) / len(keywords), 4),
                "relevant_serp_items": len(ranks),
            }
            for domain, ranks in found
        ]
        return self._listed(task, rows, seed_keywords=keywords)

    def _intersection(self, task: dict[str, Any]) -> Outcome:
        first, second = (_domain(task, name) for name in ("target1", "target2"))
        one, other = self._standing(first), self._standing(second)
        rows = [
            {
                "se_type": "google",
                "keyword_data": _keyword(query),
                "first_domain_serp_element": _element(one[query]),
                "second_domain_serp_element": _element(other[query]),
            }
            for query in one
            if query in other
        ]
        return self._listed(task, rows, target1=first, target2=second)

    def _standing(self, domain: str) -> dict[str, Result]:
        """Query -> the domain's best result among the first hundred."""
        found = dict[str, Result]()
        for query in QUERIES:
            for result in self._engine.search(query):
                if result.domain == domain:
                    found.setdefault(query, result)
        return found

    def _ranks(self, keywords: list[str]) -> dict[str, list[int]]:
        """Domain -> its best rank for each keyword it is in the first ten for."""
        ranks = defaultdict[str, list[int]](list)
        for keyword in keywords:
            for domain, rank in {
                r.domain: r.rank for r in reversed(self._engine.search(keyword)[:10])
            }.items():
                ranks[domain].append(rank)
        return ranks

    def _listed(self, task: dict[str, Any], rows: list[dict[str, Any]], **more: Any) -> Outcome:
        location, language = checked_place(task)
        limit, skipped = task.get("limit", 100), task.get("offset", 0)
        if not isinstance(limit, int) or not 1 <= limit <= 1000:
            raise invalid("limit")
        shown = rows[skipped : skipped + limit]
        facts = {"se_type": "google", **more, "location_code": location, "language_code": language}
        counts = {"total_count": len(rows), "items_count": len(shown)}
        return done([{**facts, **counts, "items": shown or None}], COST)


def _weight(ranks: list[int]) -> float:
    return sum(1 / rank for rank in ranks)


def _domain(task: dict[str, Any], name: str) -> str:
    given = task.get(name)
    if not isinstance(given, str) or not given or "://" in given:
        raise invalid(name)
    return given


def _ranked(query: str, result: Result) -> dict[str, Any]:
    element = {"se_type": "google", "serp_item": _element(result)}
    return {"se_type": "google", "keyword_data": _keyword(query), "ranked_serp_element": element}


def _keyword(query: str) -> dict[str, Any]:
    return {"se_type": "google", "keyword": query, "location_code": 2840, "language_code": "en"}


def _element(result: Result) -> dict[str, Any]:
    return {
        "se_type": "google",
        "type": "organic",
        "rank_group": result.rank,
        "rank_absolute": result.rank + (result.rank > 2),
        "position": "left",
        "domain": result.domain,
        "title": result.title,
        "url": result.url,
    }
