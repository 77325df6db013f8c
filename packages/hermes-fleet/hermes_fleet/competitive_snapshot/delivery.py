"""What a comparison delivers, and what it cannot."""

from dataclasses import dataclass, field
from typing import Any

from hermes_fleet.competitive_snapshot.differences import differences
from hermes_fleet.competitive_snapshot.ranking import CURVE, Ranking
from hermes_fleet.competitive_snapshot.structure import structure, templates
from hermes_fleet.searching.site_reader import Reading
from hermes_fleet.searching.sites import Others, Unread, row
from hermes_worker import Missing, Result
from hermes_worker.result import Provenance


@dataclass(slots=True)
class Findings:
    """What was read and looked up; where something is not there, why."""

    site: str
    own: Reading | None = None
    no_own: Missing | None = None
    others: Others = field(default_factory=Others)
    ranking: Ranking | None = None
    no_ranking: Missing | None = None

    @property
    def complete(self) -> bool:
        """Whether every page of every site was read."""
        read = [self.own, *self.others.readings]
        whole = all(each is not None and each.left == 0 for each in read)
        return whole and not self.others.unread and not self.others.left_out

    def figures(self) -> dict[str, Any]:
        """What the comparison rests on, for the metrics."""
        ranking = self.ranking
        unanswered = ranking.unanswered if ranking else dict[str, Missing]()
        return {
            "engine": ranking.engine if ranking else None,
            "ranking_from_run": ranking.taken_from if ranking else None,
            "sites": [*([row(self.own)] if self.own else []), *self.others.rows()],
            "not_looked_up": [
                {"keyword": keyword, "reason": why.reason, "message": why.message}
                for keyword, why in unanswered.items()
            ],
        }


def delivery(findings: Findings, metrics: dict[str, Any]) -> Result:
    """The result of a run: each output, or the reason why it is missing."""
    missing = _missing(findings)
    made = {
        "competitors": _competitors,
        "ranking_pages": _ranking_pages,
        "page_templates": _templates,
        "content_structure": _structure,
    }
    outputs = {slug: make(findings) for slug, make in made.items() if slug not in missing}
    provenance: dict[str, Provenance] = {slug: _worth(slug, findings) for slug in outputs}
    return Result(outputs, provenance, metrics, missing)


def _missing(findings: Findings) -> dict[str, Missing]:
    found = dict[str, Missing]()
    if findings.no_ranking:
        found["ranking_pages"] = findings.no_ranking
    if findings.no_own:
        found["content_structure"] = findings.no_own
    if not findings.others.readings:
        away = _all_away(findings.others)
        found |= dict.fromkeys(("competitors", "page_templates", "content_structure"), away)
    return found


def _all_away(others: Others) -> Missing:
    reasons = "; ".join(f"{each.site}: {each.message}" for each in others.unread)
    misspelt = all(each.reason == "invalid_site" for each in others.unread)
    code = "missing_config" if misspelt else "worker_failed"
    return Missing(code, f"None of the sites under Competitors could be read. {reasons}")


def _worth(slug: str, findings: Findings) -> Provenance:
    """Page structure is `measured`; rankings, and what follows from them, have the engine's provenance."""
    ranked = findings.ranking.provenance if findings.ranking else "measured"
    if slug == "content_structure":
        return "sample" if ranked == "sample" else "measured"
    return ranked if slug in ("competitors", "ranking_pages") else "measured"


def _competitors(findings: Findings) -> dict[str, Any]:
    others = findings.others
    items = [_standing(each, findings.ranking) for each in others.readings]
    return {
        "count": len(items),
        "items": items,
        "complete": not others.unread and not others.left_out,
        "yours": _standing(findings.own, findings.ranking) if findings.own else None,
        "not_read": [_unread(each, findings.ranking) for each in others.unread],
        "left_out": others.left_out,
        **_basis(findings.ranking),
    }


def _standing(reading: Reading, ranking: Ranking | None) -> dict[str, Any]:
    pages = {"site": reading.home, "pages_read": len(reading.documents)}
    return pages | (ranking.standing(reading.home) if ranking else {})


def _unread(competitor: Unread, ranking: Ranking | None) -> dict[str, Any]:
    """Why; and where it stands all the same, if the engine covers sites that were not read."""
    why = {"site": competitor.site, "reason": competitor.reason, "message": competitor.message}
    if ranking is None or ranking.scope or competitor.reason == "invalid_site":
        return why
    return why | ranking.standing(competitor.site)


def _basis(ranking: Ranking | None) -> dict[str, Any]:
    if ranking is None:
        return {}
    return {"engine": ranking.engine, **ranking.scope, "ctr_curve": dict(CURVE)}


def _ranking_pages(findings: Findings) -> dict[str, Any]:
    ranking = findings.ranking
    assert ranking is not None  # noqa: S101 - else it is missing
    others = findings.others
    sites = [*(each.home for each in others.readings), *(each.site for each in others.unread)]
    items = ranking.rows(sites)
    whole = not ranking.unanswered and not others.left_out
    return {"count": len(items), "items": items, "complete": whole}


def _templates(findings: Findings) -> dict[str, Any]:
    rows = [row for each in findings.others.readings for row in templates(each, findings.own)]
    return {"count": len(rows), "items": rows, "complete": findings.complete}


def _structure(findings: Findings) -> dict[str, Any]:
    own, others = findings.own, findings.others.readings
    assert own is not None  # noqa: S101 - else it is missing
    return {
        "yours": structure(own),
        "competitors": [structure(each) for each in others],
        "differences": differences(own, others, findings.ranking),
        "complete": findings.complete,
    }
