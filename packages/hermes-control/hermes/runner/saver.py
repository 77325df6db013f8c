"""Group commit: steps that end within a few milliseconds share one transaction."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import structlog

from hermes.core.runs.conclude import fail
from hermes.core.runs.model import StepContext
from hermes.runner.results import StepResult
from hermes.storage.runs import saving
from hermes_base.clock import Clock
from hermes_base.postgres.database import LOST_DATABASE, Pool
from hermes_base.reasons import Failure, Reason

log = structlog.get_logger()

GATHER_SECONDS = 0.005
BATCH = 500
WRITERS = 3
"""Transactions at a time: one alone, which waits its turn in a busy loop after each of its statements,
left the runner idle for a tenth of its time (`bench/runner.py`)."""


class Saver:
    """Writes the results of steps in batches, and says of each whether it was written."""

    def __init__(self, pool: Pool, runner: str, clock: Clock) -> None:
        self._pool = pool
        self._runner = runner
        self._clock = clock
        self._waiting: list[tuple[StepResult, asyncio.Future[bool]]] = []
        self._woken = asyncio.Event()

    async def put(self, step: StepResult) -> bool:
        """Write a step. True when it is in the database, False when the lease was no longer ours."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((step, written))
        self._woken.set()
        return await written

    async def run(self) -> None:
        """Write until cancelled. A lost database is waited for; nothing handed over is dropped."""
        await asyncio.gather(*(self._write_on() for _ in range(WRITERS)))

    async def _write_on(self) -> None:
        while True:
            await self._woken.wait()
            await asyncio.sleep(GATHER_SECONDS)
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if not self._waiting:
                self._woken.clear()
            if batch:  # else another writer took it
                await self._write_all(batch)

    async def _write_all(self, batch: list[tuple[StepResult, asyncio.Future[bool]]]) -> None:
        written = await self._until_written([step for step, _ in batch])
        for step, future in batch:
            if not future.done():
                future.set_result(step.update.run.id in written)

    async def _until_written(self, steps: list[StepResult]) -> set[UUID]:
        wait = timedelta(milliseconds=200)
        while True:
            try:
                return await self._write(steps)
            except LOST_DATABASE as error:
                log.warning(
                    "database away, keeping updates", waiting=len(steps), error=type(error).__name__
                )
                await asyncio.sleep(wait.total_seconds())
                wait = min(wait * 2, timedelta(seconds=5))
            except Exception:
                if len(steps) > 1:
                    written = [await self._until_written([step]) for step in steps]
                    return {run_id for found in written for run_id in found}
                log.exception("a run could not be written", runId=str(steps[0].update.run.id))
                if steps[0].update.reason == Reason.INTERNAL.value:
                    return set()  # the lease lapses, and the run is looked at again
                steps = [_unwritable(steps[0], self._clock)]

    async def _write(self, steps: list[StepResult]) -> set[UUID]:
        evidence = {s.update.run.id: s.evidence for s in steps if s.evidence}
        return await saving.save(
            self._pool, self._runner, [s.update for s in steps], evidence, self._clock()
        )


def _unwritable(step: StepResult, clock: Clock) -> StepResult:
    """A reply that cannot be stored fails the run with that reason: else it would be requested for ever."""
    run = step.update.run
    if run.over or step.update.reason == Reason.INTERNAL.value:
        return StepResult(
            replace(step.update, metrics={}, due_at=None, phase="over", holds_slot=False), {}
        )
    failure = Failure(Reason.INTERNAL, "The response could not be stored. See the Hermes log.")
    return StepResult(fail(run, failure, StepContext(clock())), {})
