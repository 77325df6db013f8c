"""Figures over a time: what the orchestrator, the audit log and Prometheus are given."""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hermes.core.figures import Figures
from hermes.operations.scope import Scope
from hermes.storage import metrics
from hermes.storage.runs import runners, statistics
from hermes_base.postgres import audit
from hermes_base.view import Row

ALIVE_SECONDS = 60.0
"""A runner that was not heard of for longer is not counted as alive."""


class Metrics:
    """Figures of tests and of Hermes itself."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def counts(self) -> Figures:
        """What is counted of tests, for /metrics."""
        return await metrics.figures(self._scope.pool)

    async def operations(
        self, hours: float, limit: int, site_id: UUID | None = None
    ) -> dict[str, Any]:
        """The orchestrator's figures: test jobs by status, the newest runs, error rates per service.

        Raises `unknown_site`.
        """
        pool = self._scope.pool
        site_id = site_id or self._scope.only_site
        if site_id is not None:
            await self._scope.site(site_id)
        since = self._scope.clock() - timedelta(hours=hours)
        counts = await statistics.counts(pool, site_id, since)
        return {
            "windowHours": hours,
            "jobStatus": await statistics.status_counts(pool, site_id, since),
            "runHistory": [
                _brief(row) for row in await statistics.recent(pool, site_id, since, limit)
            ],
            "errorRates": {row["service_slug"]: _error_rate(row) for row in counts},
        }

    async def observability(
        self, hours: float, limit: int, site_id: UUID | None = None
    ) -> dict[str, Any]:
        """The audit log's figures: ended runs, health of Hermes, open alerts, who did what.

        Raises `unknown_site`.
        """
        pool = self._scope.pool
        if site_id is not None:
            await self._scope.site(site_id)
        now = self._scope.clock()
        since = now - timedelta(hours=hours)
        recent = await statistics.recent(pool, site_id, since, limit)
        return {
            "windowHours": hours,
            "runLogs": [_brief(row) for row in recent if row["finished_at"] is not None],
            "healthMetrics": await self._health(now),
            "alerts": [_brief(row) for row in await statistics.unwell(pool, site_id)],
            "changeAudit": [_audit(row) for row in await audit.events(pool, since, limit, site_id)],
        }

    async def _health(self, now: datetime) -> dict[str, Any]:
        began = time.perf_counter()
        row = await runners.health(self._scope.pool, now, now - timedelta(seconds=ALIVE_SECONDS))
        return {**dict(row), "query_ms": round((time.perf_counter() - began) * 1000, 2)}


def _error_rate(row: Row) -> dict[str, Any]:
    median = row["median_seconds"]
    return {
        "runs": row["runs"],
        "failed": row["failed"],
        "partial": row["partial"],
        "rate": round(row["failed"] / row["runs"], 4),
        "medianSeconds": round(float(median), 3) if median is not None else None,
    }


def _brief(row: Row) -> dict[str, Any]:
    return {
        "runId": str(row["id"]),
        "service": row["service_slug"],
        "runType": row["run_type"],
        "status": row["status"],
        "reason": row["reason"],
        "detail": row["detail"],
        "createdAt": row["created_at"].isoformat(),
        "finishedAt": row["finished_at"].isoformat() if row["finished_at"] else None,
    }


def _audit(row: Row) -> dict[str, Any]:
    names = ("actor", "action", "subject", "detail")
    return {"at": row["at"].isoformat(), **{name: row[name] for name in names}}
