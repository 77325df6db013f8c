"""What a run has gathered so far, part by part: outputs, what is missing and why, and what the figures mean."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from hermes_worker import Job, Missing, Result, WorkerError
from hermes_worker.result import Provenance


class Parts:
    """Collects the parts of one run; a part that fails leaves the others as they are.

    `count`: how many parts people see in the progress. `lists`: the outputs whose entries are the run's items.
    """

    def __init__(self, job: Job, count: int, lists: Sequence[str]) -> None:
        self.job = job
        self.outputs: dict[str, Any] = {}
        self.missing: dict[str, Missing] = {}
        self.metrics: dict[str, Any] = {}
        self.artifacts: dict[str, Any] = {}
        self._count, self._lists, self._done = count, lists, 0

    @asynccontextmanager
    async def part(self, phase: str, *slugs: str) -> AsyncGenerator[None]:
        """Trouble inside becomes the reason of the outputs that are not there yet."""
        await self.job.progress(self._done, self._count, unit="parts", phase=phase)
        try:
            yield
        except WorkerError as error:
            for slug in slugs:
                self.leave_out(slug, error.code, error.message)
        self._done += 1

    def leave_out(self, slug: str, reason: str, message: str) -> None:
        """Say why an output is missing; the first reason given for it stays."""
        if slug not in self.outputs:
            self.missing.setdefault(slug, Missing(reason, message))

    def record(self, name: str, facts: Mapping[str, Any]) -> None:
        """What the figures of one source mean: dates, time zone, limits."""
        self.metrics[name] = {**self.metrics.get(name, {}), **facts}

    def result(self, provenance: Provenance) -> Result:
        """Everything gathered, with one provenance for all outputs."""
        lists = (self.outputs[slug] for slug in self._lists if slug in self.outputs)
        self.metrics["items"] = sum(len(each["items"]) for each in lists)
        return Result(
            outputs=self.outputs,
            provenance=dict.fromkeys(self.outputs, provenance),
            metrics=self.metrics,
            missing=self.missing,
            artifacts=self.artifacts,
        )
