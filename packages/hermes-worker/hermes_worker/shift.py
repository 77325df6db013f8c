"""The time between start and stop of a worker: takes jobs, performs them, cancels them, resumes them."""

import asyncio
import json
import logging
import shutil
import sqlite3
import time
import uuid
from pathlib import Path
from typing import Any

from hermes_worker.declaration import Declaration
from hermes_worker.errors import Refusal
from hermes_worker.job import Job
from hermes_worker.ledger import Ending, JobRecord, Ledger
from hermes_worker.logs import told_of
from hermes_worker.payload import digest_of
from hermes_worker.work import Function, Work

log = logging.getLogger("hermes_worker")

KEPT_SECONDS = 7 * 24 * 3600
SECONDS_TO_STOP = 2.0
CANCELLED = Ending("cancelled")
NOT_RESUMABLE = Ending(
    "failed",
    code="worker_restarted",
    message="The worker was restarted while this job ran, and it cannot resume. Start it again.",
)
MOST_RESTARTS = 5
GIVEN_UP = Ending(
    "failed",
    code="worker_restarted",
    message=f"The worker was restarted {MOST_RESTARTS + 1} times while this job ran without a checkpoint.",
)
UNRECORDED = Ending(
    "failed",
    code="outcome_not_recorded",
    message="The job finished, but its result could not be stored. Is the worker's disk full?",
)


class Shift:
    def __init__(self, declaration: Declaration, function: Function, state: Path) -> None:
        self.declaration = declaration
        self.work = Work(declaration, function)
        self.folder = state / declaration.slug
        self.ledger = Ledger(state / f"{declaration.slug}.sqlite3")
        self.places = asyncio.Semaphore(declaration.max_concurrency)
        self.live: dict[str, tuple[Job, asyncio.Task[None]]] = {}
        self.stopping = False

    def resume(self) -> None:
        """Forgets what is too old, then goes on with what the last shift left."""
        for job_id in self.ledger.prune(time.time() - KEPT_SECONDS):
            shutil.rmtree(self.folder / job_id, ignore_errors=True)
        for record in self.ledger.unfinished():
            if ending := self._end_at_restart(record):
                self.ledger.end(record.id, ending)
            else:
                self._launch(record)

    def _end_at_restart(self, record: JobRecord) -> Ending | None:
        if record.cancelling:
            return CANCELLED
        if record.status == "queued":
            return None
        if not self.declaration.resumable:
            return NOT_RESUMABLE
        self.ledger.restart(record.id)
        return GIVEN_UP if record.restarts >= MOST_RESTARTS else None

    def start(self, payload: dict[str, Any], key: str | None) -> tuple[str, bool]:
        """(job id, whether the key was known). No await inside: one key makes one job."""
        digest = digest_of(payload)
        if key and (known := self.ledger.with_key(key)):
            if known.payload_digest != digest:
                raise Refusal(
                    422,
                    "idempotency_mismatch",
                    "This Idempotency-Key was already used with a different payload.",
                )
            return known.id, True
        self.work.check(payload)
        job_id = str(uuid.uuid4())
        self._launch(self.ledger.add(job_id, key, digest, json.dumps(payload)))
        return job_id, False

    def record(self, job_id: str) -> JobRecord:
        if (record := self.ledger.get(job_id)) is None:
            message = "This worker has no job with that id. Finished jobs are kept for 7 days."
            raise Refusal(404, "job_unknown", message)
        if record.finished or record.id in self.live or self.stopping:
            return record
        self.ledger.end(record.id, UNRECORDED)
        return self.record(job_id)

    async def settle(self, job_id: str, seconds: float) -> JobRecord:
        """Waits until the job has ended, at most so long, and returns where it stands."""
        if job_id in self.live and seconds > 0:
            await asyncio.wait([self.live[job_id][1]], timeout=seconds)
        return self.record(job_id)

    def cancel(self, job_id: str) -> None:
        """A queued job ends at once; a running one is asked to stop, once."""
        job, task = self.live[job_id]
        if job.cancelling:
            return
        job.cancelling = True
        if self.record(job_id).status == "queued":
            self.ledger.end(job_id, CANCELLED)
        else:
            self.ledger.cancel(job_id)
        task.cancel()

    async def close(self) -> None:
        """Stops the tasks and leaves unfinished jobs as they are in the ledger."""
        self.stopping = True
        for job, task in self.live.values():
            job.write_progress()
            task.cancel()
        if tasks := [task for _, task in self.live.values()]:
            await asyncio.wait(tasks, timeout=SECONDS_TO_STOP)
        self.ledger.close()

    def _launch(self, record: JobRecord) -> None:
        job = Job(record, self.ledger, self.folder / record.id)
        task = asyncio.create_task(self._perform(job), name=f"{self.declaration.slug} {job.id}")
        self.live[job.id] = (job, task)
        task.add_done_callback(lambda _: self.live.pop(job.id, None))

    async def _perform(self, job: Job) -> None:
        told_of(job.id, job.run_id)
        async with self.places:
            try:
                self.ledger.run(job.id)
                ending = await self.work.end(job)
                if not self.stopping:
                    ending = CANCELLED if job.cancelling else ending
                    job.write_progress()
                    self.ledger.end(job.id, ending)
                    log.info("%s: job %s %s", self.declaration.slug, job.id, ending.status)
            except sqlite3.Error:
                log.exception(
                    "%s: the outcome of job %s is not recorded", self.declaration.slug, job.id
                )
