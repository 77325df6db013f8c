"""Which process of `make test` takes which tests next: whole systems in two lanes, all else beside them.

Tests wait for half of their time, so more of them run than there are cores. A whole system is seven processes that
start at once: more than two of those would wait for each other. They begin first, since they last longest.
"""

from collections import OrderedDict

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

LANES = 2
WHOLE = "tests/acceptance/"
LAST = ("tests/hermes/core/", "tests/directory_bolt/core/")
"""Many and quick, so that the processes end together."""


def unit_of(nodeid: str) -> str:
    """What is run in one piece: a file, as its tests share a browser; of whole systems each test."""
    file = nodeid.partition("::")[0]
    return nodeid if file.startswith(WHOLE + "test_") else file


def in_order(units: list[str]) -> list[str]:
    """Whole systems first, then files as they were collected, rules last."""
    return sorted(units, key=lambda unit: (not unit.startswith(WHOLE), unit.startswith(LAST)))


class Lanes(LoadScopeScheduling):
    """xdist's scheduling by file, with two processes that take whole systems first."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._sorted = False

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _reschedule(self, node: WorkerController) -> None:
        """Not yet for a process that took a dead one's place and has not told its tests: xdist 3.8 fails there,
        and the run with it, when a second process dies meanwhile. It is asked again once it has told them."""
        if node in self.registered_collections:
            super()._reschedule(node)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if not self._sorted:
            order = in_order(list(self.workqueue))
            self.workqueue = OrderedDict((unit, self.workqueue[unit]) for unit in order)
            self._sorted = True
        in_lane = self.nodes.index(node) < LANES
        fitting = (unit for unit in self.workqueue if unit.startswith(WHOLE) == in_lane)
        if unit := next(fitting, None):
            self.workqueue.move_to_end(unit, last=False)
        super()._assign_work_unit(node)
