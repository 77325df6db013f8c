"""A mutant is tried on the nearest tests, then on all others that call it, until one fails or its time is over."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tools.mutants.areas import CONTROL, area_of
from tools.mutants.knowledge import Knowledge
from tools.mutants.mutant import Mutant
from tools.mutants.trial import Trials

TIMES, MORE = 4.0, 30.0
"""A run may take so many times the seconds of right code, and so many more: what hangs is a fault, a busy machine none."""
OWN_DATABASE = f"{CONTROL}hermes_base/postgres/"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: `state` is killed, survived or timed out, `by` the test, `circle` how far it lies."""

    mutant: Mutant
    state: str
    by: str
    circle: str
    tests: int
    seconds: float

    @property
    def line(self) -> str:
        """One line for the terminal."""
        by = self.by or f"{self.tests} tests that call it passed ({self.circle})"
        mutant = self.mutant
        return f"{self.state:9} {mutant.path}:{mutant.number}  {mutant.edit.operator}  {by}"

    @property
    def fields(self) -> dict[str, Any]:
        """For JSON."""
        mutant = self.mutant
        named = {
            "area": area_of(mutant.path),
            "path": mutant.path,
            "number": mutant.number,
            "function": mutant.place.function,
            "operator": mutant.edit.operator,
            "line": mutant.line,
            "becomes": mutant.becomes,
        }
        rest = asdict(self)
        del rest["mutant"]
        return named | rest


@dataclass(slots=True)
class Trying:
    """The way of one mutant through the circles."""

    trials: Trials
    knowledge: Knowledge
    mutant: Mutant
    tests: int = 0

    def verdict(self, patience: float) -> Verdict:
        """Try it; `patience` is how many seconds a mutant that the nearest tests let live may take on others."""
        began = time.monotonic()
        circle, found = "nearest", self._circle(self._near(), float("inf"))
        if found is None:
            circle, found = "all others", self._circle(self._far(), time.monotonic() + patience)
            if found is None and time.monotonic() > began + patience:
                circle = "others, as far as time allowed"
        state, by = found or ("survived", "")
        seconds = round(time.monotonic() - began, 1)
        return Verdict(self.mutant, state, by, circle, self.tests, seconds)

    def _near(self) -> list[str]:
        return self.knowledge.neighbours.near(self.mutant.path)

    def _far(self) -> list[str]:
        return self.knowledge.neighbours.far(self.mutant.path)

    def _circle(self, files: Sequence[str], until: float) -> tuple[str, str] | None:
        """Known files at once, the quickest first; then one after the other what must be measured first."""
        known = [file for file in files if self.knowledge.known(file) is not None]
        if found := self._run(known, until):
            return found
        for file in files:
            if time.monotonic() > until:
                return None
            if file not in known:
                self.knowledge.measured(file)
                if found := self._run([file], until):
                    return found
        return None

    def _run(self, files: Sequence[str], until: float) -> tuple[str, str] | None:
        seeing = {file: self._seeing(file) for file in files}
        left = until - time.monotonic()
        chosen: dict[str, float] = {}
        ran: list[str] = []
        for file, tests in sorted(seeing.items(), key=lambda one: sum(one[1].values())):
            if tests and sum(chosen.values()) < left:
                chosen |= tests
                ran.append(file)
        if not chosen:
            return None
        seconds = MORE + TIMES * sum(chosen.values())
        own = self.mutant.path.startswith(OWN_DATABASE)
        with self.trials.copy.with_fault(self.mutant):
            outcome = self.trials.run(ran, seconds, chosen=list(chosen), own_database=own)
        self.tests += len(outcome.tests)
        if outcome.state in ("killed", "timed out"):
            return outcome.state, outcome.by
        return None

    def _seeing(self, file: str) -> dict[str, float]:
        wanted = self.knowledge.wanted(self.mutant, file)
        return self.knowledge.measured(file).seeing(wanted)
