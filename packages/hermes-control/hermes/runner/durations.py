"""How long earlier runs took, cached for a minute: polls are planned by it."""

import time
from collections.abc import Sequence
from uuid import UUID

from hermes.core.runs.model import ClaimedRun
from hermes.storage.runs import reading
from hermes_base.postgres.database import LOST_DATABASE, Pool

CACHED_SECONDS = 60.0
MOST = 5000
"""Entries; a full cache is emptied, which costs each run one statement more."""


class Durations:
    """Seconds that earlier runs took, by site, service and type."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._cached: dict[tuple[UUID, str, str], tuple[float, Sequence[float]]] = {}

    async def of(self, run: ClaimedRun) -> Sequence[float]:
        """Of earlier runs like this one. Empty or up to a minute old while the database is away."""
        key = (run.site.id, run.service_slug, run.run_type)
        at, seconds = self._cached.get(key, (-CACHED_SECONDS, ()))
        if time.monotonic() - at < CACHED_SECONDS:
            return seconds
        if len(self._cached) >= MOST:
            self._cached.clear()
        try:
            found = await reading.durations(self._pool, *key)
        except LOST_DATABASE:
            return seconds  # a plan of polls is no reason to fail a run
        self._cached[key] = (time.monotonic(), found)
        return found
