"""A plugin of pytest: runs chosen tests in a given order and writes what each did.

For a run of right code it also writes which blocks of ours each test comes by, and which tests start programs:
from that follows which tests can see a mutant at all.
"""

import json
import sys
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tools.mutants import probes


@dataclass(slots=True, eq=False)  # pytest keeps plugins in sets
class Watching:
    """`chosen` are ids of tests (None: all); `calls` says whether to write down who comes by where."""

    report: Path
    chosen: Sequence[str] | None = None
    calls: bool = False
    seen: set[str] = field(default_factory=set)
    programs: int = 0
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: str = ""

    def pytest_configure(self) -> None:
        """Begin to listen; the interpreter keeps an audit hook until its end, which is ours too."""
        if self.calls:
            sys.addaudithook(self._hear)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the chosen tests, in the order of their choice."""
        if self.chosen is not None:
            places = {name: place for place, name in enumerate(self.chosen)}
            items[:] = sorted(
                (item for item in items if item.nodeid in places),
                key=lambda item: places[item.nodeid],
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """What setting up calls counts for the whole file: a fixture may be shared."""
        return (yield from self._phase(item, "around"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """What the test itself calls."""
        return (yield from self._phase(item, "calls"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """As for setting up."""
        return (yield from self._phase(item, "around"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add the seconds of a phase; keep the first test that failed."""
        test = self._test(report.nodeid)
        test["seconds"] += report.duration
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be imported has failed as a whole."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_sessionfinish(self) -> None:
        """Write everything, for the process that waits for this one."""
        self.report.write_text(json.dumps({"failed": self.failed, "tests": self.tests}))

    def _phase(self, item: pytest.Item, kind: str) -> Generator[None, object, object]:
        self.seen, self.programs = set(), 0
        probes.listen(self.seen)
        try:
            return (yield)
        finally:
            if self.calls:
                test = self._test(item.nodeid)
                test[kind] = sorted({*test[kind], *self.seen})
                test["programs"] = test["programs"] or (kind if self.programs else "")

    def _test(self, name: str) -> dict[str, Any]:
        empty: dict[str, Any] = {"seconds": 0.0, "calls": [], "around": [], "programs": ""}
        return self.tests.setdefault(name, empty)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Count the Pythons that are started: what they run of ours, no probe tells."""
        if event == "subprocess.Popen":
            self.programs += any(word in str(arguments[:2]) for word in ("python", "hermes"))
