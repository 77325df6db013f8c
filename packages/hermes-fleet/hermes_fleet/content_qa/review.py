"""All rules against all pages, and what that comes to: score, verdict, fixes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from hermes_fleet.content_qa.checks import CHECKS
from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.finding import Finding, Site
from hermes_fleet.content_qa.rulebook import Rule, Rulebook

Compliance = Literal["compliant", "needs review", "not compliant"]
VERDICT = "not compliant: a critical rule is broken; needs review: a major one, or pages unread"


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule on one page that it applies to."""

    rule: Rule
    url: str
    findings: Sequence[Finding]

    @property
    def kept(self) -> bool:
        """Whether the page keeps the rule."""
        return not self.findings


@dataclass(frozen=True)
class Review:
    """Every rule on every page that it applies to."""

    book: Rulebook
    judged: list[Judged] = field(default_factory=list[Judged])

    @property
    def score(self) -> float:
        """0-100: the weight of the rules kept, of all that apply."""
        return self._share(self.judged)

    @property
    def broken(self) -> list[Judged]:
        """What is not kept, most serious first."""
        broken = [each for each in self.judged if not each.kept]
        return sorted(broken, key=lambda each: -self.book.weight(each.rule))

    def components(self) -> dict[str, dict[str, float]]:
        """The score of each area, and its share of the whole weight."""
        whole = self._weight(self.judged)
        areas = defaultdict[str, list[Judged]](list)
        for each in self.judged:
            areas[each.rule.area].append(each)
        return {
            area: {"score": self._share(found), "weight": round(self._weight(found) / whole, 3)}
            for area, found in areas.items()
        }

    def compliance(self, unread: int) -> Compliance:
        """The verdict; `unread` pages were to be checked and could not be."""
        severities = {each.rule.severity for each in self.broken}
        if "critical" in severities:
            return "not compliant"
        return "needs review" if "major" in severities or unread else "compliant"

    def fixes(self) -> list[dict[str, Any]]:
        """One fix for each rule that is broken, the largest gain in score first."""
        whole = self._weight(self.judged)
        by_rule = defaultdict[str, list[Judged]](list)
        for each in self.broken:
            by_rule[each.rule.id].append(each)
        fixes = [_fix(found, 100 * self._weight(found) / whole) for found in by_rule.values()]
        return sorted(fixes, key=lambda fix: (-fix["gain"], fix["rule"]))

    def _share(self, judged: Sequence[Judged]) -> float:
        kept = self._weight(each for each in judged if each.kept)
        return round(100 * kept / self._weight(judged), 1)

    def _weight(self, judged: Iterable[Judged]) -> float:
        return sum(self.book.weight(each.rule) for each in judged)


def review(documents: Sequence[Document], book: Rulebook) -> Review:
    """Check every document; at least one is needed."""
    site, found = Site(documents), Review(book)
    for document in documents:
        for rule in book.rules:
            findings = CHECKS[rule.id](document, site, rule)
            if findings is not None:
                found.judged.append(Judged(rule, document.url, findings))
    return found


def _fix(found: Sequence[Judged], gain: float) -> dict[str, Any]:
    rule = found[0].rule
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "fix": rule.fix,
        "why": rule.why,
        "source": rule.source,
        "pages": [each.url for each in found],
        "places": sum(len(each.findings) for each in found),
        "gain": round(gain, 2),
    }
