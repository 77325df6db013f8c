"""What has been gathered so far: outputs, what is missing and why, and what the figures mean."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from hermes_fleet.google.dates import Period
from hermes_worker import Job, Missing, Result, WorkerError
from hermes_worker.result import Provenance

TOTALS = ("gsc_impressions", "gsc_clicks", "gsc_ctr", "gsc_position")
LISTS = ("gsc_queries", "gsc_pages")
SEARCH = TOTALS + LISTS
VISITS = ("ga4_sessions", "ga4_users", "ga4_conversions")
OUTPUTS = SEARCH + VISITS
PARTS = 5  # what people see of the progress: totals, queries, pages, history, visits


class Gathering:
    """Collects the parts of one run; a part that fails leaves the others as they are."""

    def __init__(self, job: Job, period: Period, row_limit: int) -> None:
        self.job = job
        self.period = period
        self.row_limit = row_limit
        self.outputs: dict[str, Any] = {}
        self.missing: dict[str, Missing] = {}
        self.metrics: dict[str, Any] = {}
        self.artifacts: dict[str, Any] = {}
        self._parts = 0

    @asynccontextmanager
    async def part(self, phase: str, *slugs: str) -> AsyncGenerator[None]:
        """Trouble inside becomes the reason of the outputs that are not there yet."""
        await self.job.progress(self._parts, PARTS, unit="parts", phase=phase)
        try:
            yield
        except WorkerError as error:
            for slug in slugs:
                self.leave_out(slug, error.code, error.message)
        self._parts += 1

    def leave_out(self, slug: str, reason: str, message: str) -> None:
        """Say why an output is missing; the first reason given for it stays."""
        if slug not in self.outputs:
            self.missing.setdefault(slug, Missing(reason, message))

    def record(self, name: str, facts: Mapping[str, Any]) -> None:
        """What the figures of one source mean: dates, time zone, limits."""
        self.metrics[name] = {**self.metrics.get(name, {}), **facts}

    def result(self, provenance: Provenance) -> Result:
        lists = (self.outputs[slug] for slug in LISTS if slug in self.outputs)
        self.metrics["items"] = sum(len(each["items"]) for each in lists)
        return Result(
            outputs=self.outputs,
            provenance=dict.fromkeys(self.outputs, provenance),
            metrics=self.metrics,
            missing=self.missing,
            artifacts=self.artifacts,
        )
