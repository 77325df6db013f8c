"""One finding a check, and what they say together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from directory_bolt.core.verification.causes import Cause, explanation_of

Status = Literal["PASS", "FAIL", "SKIPPED"]
PHASES = {1: "Connections", 2: "Health of every process", 3: "End to end"}
ALL_PASSED, FAILED, PARTLY, NOTHING_CHECKED = 0, 1, 2, 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw, and when. `cause` says why not, where that is known."""

    phase: int
    name: str
    status: Status
    summary: str
    at: datetime
    cause: Cause | None = None

    @property
    def details(self) -> str:
        """What was seen and, unless all is well, the hop, the likely cause and the next step."""
        if self.cause is None:
            return self.summary
        why = explanation_of(self.cause)
        return (
            f"{self.summary} Hop: {why.hop}. Likely cause: {why.text} Next step: {why.next_step}"
        ).strip()


@dataclass(frozen=True, slots=True)
class Report:
    """All findings in the order of the checks; `url` is the Hermes that was verified."""

    url: str
    began: datetime
    ended: datetime
    findings: Sequence[Finding]

    def count(self, status: Status) -> int:
        """How many findings have this status."""
        return sum(finding.status == status for finding in self.findings)

    @property
    def broken(self) -> list[Cause]:
        """The causes of failed checks, each once, the first seen first."""
        found = (each.cause for each in self.findings if each.status == "FAIL" and each.cause)
        return list(dict.fromkeys(found))

    @property
    def pass_rate(self) -> float | None:
        """Passed of those that could be checked, in per cent; None when nothing could be."""
        checked = self.count("PASS") + self.count("FAIL")
        return round(100 * self.count("PASS") / checked, 1) if checked else None

    @property
    def exit_code(self) -> int:
        """0 all passed, 1 something failed, 2 something could not be checked, 5 nothing could be."""
        if self.count("FAIL"):
            return FAILED
        if not self.count("PASS"):
            return NOTHING_CHECKED
        return PARTLY if self.count("SKIPPED") else ALL_PASSED
