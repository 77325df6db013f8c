"""How long earlier runs took, remembered for a minute: polls are planned by it."""

import time
from collections.abc import Sequence
from uuid import UUID

from hermes.core.runs.runs import ClaimedRun
from hermes.storage.runs import runs
from hermes_base.postgres.database import LOST_DATABASE, Pool

REMEMBERED_SECONDS = 60.0
MOST = 5000


class EarlierRuns:
    """Durations per site, service and type, in seconds."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[tuple[UUID, str, str], tuple[float, Sequence[float]]] = {}

    async def __call__(self, run: ClaimedRun) -> Sequence[float]:
        """What is known for a run, read anew once a minute."""
        key = (run.site.id, run.service_slug, run.run_type)
        at, seconds = self._known.get(key, (-REMEMBERED_SECONDS, ()))
        if time.monotonic() - at < REMEMBERED_SECONDS:
            return seconds
        if len(self._known) >= MOST:
            self._known.clear()
        try:
            found = await runs.durations(self._pool, *key)
        except LOST_DATABASE:
            return seconds  # a plan of polls is no reason to fail a run
        self._known[key] = (time.monotonic(), found)
        return found
