"""Writing changes in groups: whatever finishes within a few milliseconds shares one transaction."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import structlog

from hermes.core.runs import runs
from hermes.runner.asking import Step
from hermes.storage.runs import tickets
from hermes_base.clock import Clock
from hermes_base.postgres.database import LOST_DATABASE, Pool
from hermes_base.reasons import Reason, Trouble

log = structlog.get_logger()

GATHER_SECONDS = 0.005
BATCH = 500
WRITERS = 3
"""Transactions at a time: one alone, which waits its turn in a busy loop after each of its statements,
left the runner idle for a tenth of its time (`bench/runner.py`)."""


class Saver:
    """Takes steps, writes them in batches, and says of each whether it was written."""

    def __init__(self, pool: Pool, runner: str, clock: Clock) -> None:
        self._pool = pool
        self._runner = runner
        self._clock = clock
        self._waiting: list[tuple[Step, asyncio.Future[bool]]] = []
        self._woken = asyncio.Event()

    async def put(self, step: Step) -> bool:
        """Hand over a step; True when it was written, False when the lease was no longer ours."""
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

    async def _write_all(self, batch: list[tuple[Step, asyncio.Future[bool]]]) -> None:
        written = await self._until_written([step for step, _ in batch])
        for step, future in batch:
            if not future.done():
                future.set_result(step.change.ticket.id in written)

    async def _until_written(self, steps: list[Step]) -> set[UUID]:
        wait = timedelta(milliseconds=200)
        while True:
            try:
                return await self._write(steps)
            except LOST_DATABASE as error:
                log.warning(
                    "database away, keeping changes", waiting=len(steps), error=type(error).__name__
                )
                await asyncio.sleep(wait.total_seconds())
                wait = min(wait * 2, timedelta(seconds=5))
            except Exception:
                if len(steps) > 1:
                    written = [await self._until_written([step]) for step in steps]
                    return {run_id for found in written for run_id in found}
                log.exception("a run could not be written", runId=str(steps[0].change.ticket.id))
                if steps[0].change.reason == Reason.INTERNAL.value:
                    return set()  # the lease lapses, and the run is looked at again
                steps = [_unwritable(steps[0], self._clock)]

    async def _write(self, steps: list[Step]) -> set[UUID]:
        evidence = {s.change.ticket.id: s.evidence for s in steps if s.evidence}
        return await tickets.save(
            self._pool, self._runner, [s.change for s in steps], evidence, self._clock()
        )


def _unwritable(step: Step, clock: Clock) -> Step:
    """What a worker said could not be stored: say that, rather than ask for ever."""
    ticket = step.change.ticket
    if ticket.over or step.change.reason == Reason.INTERNAL.value:
        return Step(
            replace(step.change, metrics={}, due_at=None, phase="over", holds_slot=False), {}
        )
    trouble = Trouble(Reason.INTERNAL, "The answer could not be stored; see the Hermes log.")
    return Step(runs.fail(ticket, trouble, clock()), {})
