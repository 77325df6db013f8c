"""Hermes looks at itself: a disk that fills up and work that nobody takes are alerts like all others."""

import asyncio
import shutil
from pathlib import Path

from hermes.core.alerting.own import LATE, OwnFigures, troubles
from hermes.operations.scope import Scope
from hermes.storage import own_health
from hermes_base.alerts.storage import AlertStore

KIND = "own_health"
_own = AlertStore("system")


class OwnHealth:
    """`home`: the folder of this installation, whose disk is watched; None: its disk is not looked at."""

    def __init__(self, scope: Scope, home: Path | None) -> None:
        self._scope = scope
        self._home = home

    async def look(self) -> None:
        """Open what is wrong, and close what is over."""
        now, pool = self._scope.clock(), self._scope.pool
        runs, schedules = await own_health.overdue(pool, now - LATE)
        free = await asyncio.to_thread(_free, self._home) if self._home else None
        found = troubles(OwnFigures(free, runs, schedules))
        for key, text in found.items():
            await _own.raise_alert(pool, key, KIND, text, at=now)
        for alert in await _own.alerts(pool):
            if alert.kind == KIND and alert.key not in found:
                await _own.close_alert(pool, alert.key, [], now)


def _free(home: Path) -> int | None:
    try:
        return shutil.disk_usage(home).free
    except OSError:
        return None
