"""What right code does in each file of tests: how long its tests take, and which functions they call.

Measured once a file and kept in build/mutants/, under the state of packages and of that file.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.mutants.mutant import Mutant
from tools.mutants.nearest import Neighbourhood
from tools.mutants.trial import Trials

LONGEST = 300.0
"""Seconds after which a file of right tests is not waited for; it is then not run beside mutants either."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The tests of one file by their ids; empty where they did not pass on right code."""

    tests: dict[str, dict[str, Any]]

    def seeing(self, wanted: "Wanted") -> dict[str, float]:
        """The tests that can see a mutant, with their seconds: they call it, or start programs that may."""
        shared = any(wanted.called(test["around"]) for test in self.tests.values())
        programs = any(test["programs"] == "around" for test in self.tests.values())
        everything = wanted.whole or shared or programs
        return {
            name: test["seconds"]
            for name, test in self.tests.items()
            if everything or wanted.called(test["calls"]) or test["programs"]
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls show that a test comes by a mutant; `whole` when its file imports the module itself."""

    function: str = ""
    modules: tuple[str, ...] = ()
    whole: bool = False

    def called(self, calls: list[str]) -> bool:
        """Whether one of these calls is meant."""
        if self.function:
            return self.function in calls
        return any(call.startswith(self.modules) for call in calls)


@dataclass(slots=True)
class Knowledge:
    """Measures files when they are first asked for."""

    trials: Trials
    neighbours: Neighbourhood
    folder: Path
    red: set[str] = field(default_factory=set)
    _known: dict[str, Measured] = field(default_factory=dict)
    _state: str = ""

    def known(self, test: str) -> Measured | None:
        """What is known of a file already, from this run or one before."""
        if test not in self._known and (file := self._file(test)).exists():
            self._known[test] = Measured(json.loads(file.read_text()))
        return self._known.get(test)

    def measured(self, test: str) -> Measured:
        """Run a file on right code, unless it is known. The copy must be without a fault."""
        if found := self.known(test):
            return found
        outcome = self.trials.run([test], LONGEST, calls=True)
        right = outcome.state == "green"
        if not right and outcome.state != "nothing ran":
            self.red.add(test)
        found = self._known[test] = Measured(outcome.tests if right else {})
        if test not in self.red:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file(test).write_text(json.dumps(found.tests))
        return found

    def wanted(self, mutant: Mutant, test: str) -> Wanted:
        """Which calls in a file of tests show that they come by a mutant.

        What stands at the top of a module acts on whoever uses that module, or a module that imports it.
        """
        path = mutant.path.removeprefix("packages/")
        if mutant.place.line is not None:
            return Wanted(f"{path}:{mutant.place.line}")
        users = self.neighbours.users(mutant.path)
        modules = tuple(f"{one.removeprefix('packages/')}:" for one in (mutant.path, *users))
        return Wanted("", modules, self.neighbours.imports_itself(test, mutant.path))

    def _file(self, test: str) -> Path:
        state = hashlib.sha256(self._packages().encode())
        state.update((self.trials.copy.root / test).read_bytes())
        return self.folder / f"{test.replace('/', '.')}-{state.hexdigest()[:16]}.json"

    def _packages(self) -> str:
        if not self._state:
            state = hashlib.sha256()
            for place in ("packages", "tests/support"):
                for file in sorted((self.trials.copy.root / place).rglob("*.*")):
                    if file.suffix in (".py", ".toml", ".sql", ".html"):
                        state.update(file.read_bytes())
            self._state = state.hexdigest()
        return self._state
