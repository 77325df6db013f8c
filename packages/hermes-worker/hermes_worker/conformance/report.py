"""What a verification found: a result for each requirement, and what that says about each level."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from hermes_worker.conformance.requirements import LEVELS, Requirement

Outcome = Literal["passed", "failed", "skipped"]
MARKS: dict[Outcome, str] = {"passed": "✓", "failed": "✗", "skipped": "○"}


@dataclass(frozen=True, slots=True)
class Result:
    """`reason` says why it is not passed; `evidence` is the exchange that shows it, keys redacted."""

    requirement: Requirement
    outcome: Outcome
    reason: str
    evidence: dict[str, Any] | None
    seconds: float

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"

    @property
    def breaks_conformance(self) -> bool:
        """A MUST that is not met; a SHOULD only asks to be looked at."""
        return self.outcome == "failed" and self.requirement.must

    def as_json(self) -> dict[str, Any]:
        needed = self.requirement
        return {
            "id": needed.id,
            "level": needed.level,
            "force": needed.force,
            "requirement": needed.says,
            "outcome": self.outcome,
            "reason": self.reason or None,
            "evidence": self.evidence,
        }

    def lines(self) -> Iterator[str]:
        needed = self.requirement
        yield f"{MARKS[self.outcome]} {needed.id:<6} {needed.force:<6} {needed.says}"
        if self.reason:
            yield f"         {self.outcome}: {self.reason}"
        if self.outcome == "failed" and self.evidence:
            seen = self.evidence
            yield f"         {seen['request']} -> {seen['status']}: {seen['body'] or seen['trouble']}"


@dataclass(frozen=True, slots=True)
class Report:
    """`url` of the worker, the `level` asked for, results in the order of judgement, jobs started."""

    url: str
    level: str
    results: tuple[Result, ...]
    jobs: int

    @property
    def conforms(self) -> bool:
        """Whether no MUST was broken; what was skipped is told by `levels`."""
        return not any(result.breaks_conformance for result in self.results)

    @property
    def failed(self) -> list[Result]:
        return [result for result in self.results if result.outcome == "failed"]

    def result(self, name: str) -> Result | None:
        """The result for a requirement's id; None when it is beyond the level."""
        return next((found for found in self.results if found.requirement.id == name), None)

    def levels(self) -> dict[str, str]:
        """Level -> passed, failed, or `not tried` when no MUST of it could be judged."""
        asked = LEVELS[: LEVELS.index(self.level) + 1]
        return {level: self._level(level) for level in asked}

    def _level(self, level: str) -> str:
        own = [r for r in self.results if r.requirement.level == level and r.requirement.must]
        if any(result.breaks_conformance for result in own):
            return "failed"
        return "passed" if any(result.passed for result in own) else "not tried"

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "contract": "v1",
            "level": self.level,
            "conforms": self.conforms,
            "levels": self.levels(),
            "summary": self.counts(),
            "jobsStarted": self.jobs,
            "results": [result.as_json() for result in self.results],
        }

    def counts(self) -> dict[str, int]:
        found = Counter(result.outcome for result in self.results)
        return {outcome: found[outcome] for outcome in MARKS}

    def text(self) -> str:
        lines = [line for result in self.results for line in result.lines()]
        levels = ", ".join(f"{level} {outcome}" for level, outcome in self.levels().items())
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.counts().items())
        verdict = "conforms" if self.conforms else "does not conform"
        return "\n".join(
            [
                *lines,
                "",
                f"{self.url} {verdict} to contract v1 at level {self.level}: {counts}.",
                f"{levels}. {self.jobs} jobs were started.",
            ]
        )
