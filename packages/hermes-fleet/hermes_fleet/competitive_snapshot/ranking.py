"""Who is seen for the keywords: positions, and the share of clicks that such positions usually get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hermes_fleet.searching.engine import Answers, Engine
from hermes_fleet.searching.results import ResultPage, belongs, owner
from hermes_worker import Missing
from hermes_worker.result import Provenance

CLICKS = (0.285, 0.157, 0.110, 0.080, 0.072, 0.051, 0.040, 0.032, 0.028, 0.025)
"""Average click-through rate of the positions 1 to 10 of Google's plain results."""
CURVE: Mapping[str, Any] = {
    "source": "Sistrix 2020, average of 80 million keywords on Google, positions 1 to 10; only a weight here",
    "weights": list(CLICKS),
    "formula": "sum of the weights of a site's results / sum of the weights of all results looked at",
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Result pages of one engine. `taken_from` is the earlier run that looked them up, None for this one."""

    engine: str
    provenance: Provenance
    pages: Sequence[ResultPage]
    scope: Mapping[str, Any] = field(default_factory=dict[str, Any])
    taken_from: str | None = None
    unanswered: Mapping[str, Missing] = field(default_factory=dict[str, Missing])

    def standing(self, site: str) -> dict[str, Any]:
        """For how many keywords a site is found, and its share of voice (None: nobody is found)."""
        return {
            "keywords_ranked": sum(page.own(site) is not None for page in self.pages),
            "keywords_looked_up": len(self.pages),
            "share_of_voice": self.share(site),
        }

    def share(self, site: str) -> float | None:
        """0-1, as CURVE says; None when no result has a weight."""
        hits = [hit for page in self.pages for hit in page.hits]
        total = sum(weight(hit.rank_group) for hit in hits)
        own = sum(weight(hit.rank_group) for hit in hits if belongs(hit.url, site))
        return round(own / total, 4) if total else None

    def best(self, site: str) -> list[str]:
        """The address of a site's best result for each keyword that it is found for."""
        return [hit.url for page in self.pages if (hit := page.own(site))]

    def rows(self, sites: Sequence[str]) -> list[dict[str, Any]]:
        """Every result that is a page of one of the sites."""
        return [
            {
                "keyword": page.keyword,
                "site": site,
                "url": hit.url,
                "title": hit.title,
                "rank_group": hit.rank_group,
                "rank_absolute": hit.rank_absolute,
                **self._asked(page),
            }
            for page in self.pages
            for hit in page.hits
            if (site := owner(hit.url, sites)) is not None
        ]

    def _asked(self, page: ResultPage) -> dict[str, Any]:
        return {
            "engine": self.engine,
            "location": page.location,
            "device": page.device,
            "at": page.at.isoformat(),
            **self.scope,
        }


def weight(rank: int) -> float:
    """The share of clicks that a position usually gets; 0 beyond the tenth."""
    return CLICKS[rank - 1] if rank <= len(CLICKS) else 0.0


def of(engine: Engine, answers: Answers) -> Ranking:
    """The ranking by the answers of this run, with why some keywords have none."""
    failures = {k: Missing(each.code, each.message) for k, each in answers.failures.items()}
    pages = list(answers.pages.values())
    scope = dict(engine.scope)
    return Ranking(engine.name, engine.provenance, pages, scope, unanswered=failures)
