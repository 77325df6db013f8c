"""A worker in a process of its own: `python restarted_program.py PORT FOLDER KEY`; writes its pid there."""

import asyncio
import os
import sys
from pathlib import Path

from hermes_worker import Job, Result, Worker

worker = Worker("stepper", version="1", outputs=("steps",), resumable=True)


@worker.run
async def step(job: Job, steps: int = 10) -> Result:
    """Works for about a second, and goes on after a restart where it was."""
    done = job.checkpoint or 0
    while done < steps:
        await asyncio.sleep(0.1)
        done += 1
        await job.save(done)
        await job.progress(done, steps, unit="steps")
    return Result({"steps": done}, {"steps": "measured"})


if __name__ == "__main__":
    port, folder, key = sys.argv[1:]
    Path(folder, "pid").write_text(str(os.getpid()))
    worker.serve("127.0.0.1", int(port), key, Path(folder, "state"))
