"""A fleet of tiny workers, run as a process of its own: `python fleet_program.py --key-file ...`."""

import asyncio
import sys
from pathlib import Path

from hermes_fleet.__main__ import main
from hermes_worker import Job, Result, Worker

stepper = Worker(
    "stepper", version="1", outputs=("steps", "began_at"), resumable=True, max_concurrency=1
)
single = Worker("single", version="1", outputs=("x",))
stubborn = Worker("stubborn", version="1", outputs=("x",))


@stepper.run
async def step(job: Job, gate: Path, steps: int = 4, hold_at: int = 2) -> Result:
    """Counts, saves every step, and holds at one of them until the gate exists."""
    done = began_at = job.checkpoint["done"] if job.checkpoint else 0
    while done < steps:
        if done == hold_at:
            await opened(gate)
        done += 1
        await job.save({"done": done})
        await job.progress(done, steps, unit="steps", phase="stepping")
    return Result(outputs={"steps": done, "began_at": began_at})


@single.run
async def hold(job: Job, gate: Path) -> Result:
    await opened(gate)
    return Result(outputs={"x": 1})


@stubborn.run
async def refuse_to_stop(job: Job, begun: Path | None = None, block: bool = False) -> Result:
    """Ignores cancellation, or even blocks the whole loop, and leaves a file when it is about to."""
    await job.progress(1)
    if begun:
        await asyncio.to_thread(begun.touch)
    while True:
        try:
            await asyncio.sleep(0 if block else 0.05)
            while block:
                pass
        except asyncio.CancelledError:
            pass


async def opened(gate: Path) -> None:
    while not await asyncio.to_thread(gate.exists):
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main(workers=[stepper, single, stubborn]))
