"""From the review to the outputs that the catalog promises."""

from typing import Any

from hermes_fleet.content_qa.review import VERDICT, Judged, Review

MOST_VIOLATIONS = 500  # in the list; its count tells all
MOST_PLACES = 10  # of one rule on one page


def outputs(review: Review, unread: dict[str, str], left: int) -> dict[str, Any]:
    """All four. `unread`: address to why; `left` pages of the site were not looked at."""
    basis = _basis(len({each.url for each in review.judged}), len(unread), left)
    fixes = review.fixes()
    whole = not unread and not left
    return {
        "qa_score": review.score,
        "violations": _violations(review, whole, basis),
        "compliance_status": review.compliance(len(unread)),
        "fix_list": {"count": len(fixes), "items": fixes, "complete": whole, "basis": basis},
    }


def _violations(review: Review, whole: bool, basis: str) -> dict[str, Any]:
    count = sum(len(each.findings) for each in review.broken)
    items = [item for each in review.broken for item in _items(each)][:MOST_VIOLATIONS]
    if len(items) < count:
        basis = f"{basis} {len(items)} of {count} violations are listed."
    complete = whole and len(items) == count
    return {"count": count, "items": items, "complete": complete, "basis": basis}


def metrics(review: Review) -> dict[str, Any]:
    """How the score is made."""
    pages = {each.url for each in review.judged}
    return {
        "items": len(pages),
        "pages": sorted(pages),
        "rules": len(review.book.rules),
        "weights": review.book.weights,
        "components": review.components(),
        "score_is": "weight of the rules kept / weight of the rules that apply, over all pages, x 100",
        "verdict_is": VERDICT,
    }


def _items(judged: Judged) -> list[dict[str, Any]]:
    rule = judged.rule
    return [
        {
            "rule": rule.id,
            "severity": rule.severity,
            "url": judged.url,
            "path": found.place.path,
            "excerpt": found.place.excerpt,
            "found": found.message,
            "fix": rule.fix,
        }
        for found in judged.findings[:MOST_PLACES]
    ]


def _basis(pages: int, unread: int, left: int) -> str:
    parts = [f"{pages} pages checked"]
    parts += [f"{unread} could not be read"] if unread else []
    parts += [f"at least {left} more pages of the site are known"] if left else []
    return f"{'; '.join(parts)}."
