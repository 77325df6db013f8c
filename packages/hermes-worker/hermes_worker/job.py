"""The job as the author's function sees it."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

from hermes_worker.errors import WorkerError
from hermes_worker.ledger import JobRecord, Ledger
from hermes_worker.payload import Envelope
from hermes_worker.result import json_trouble

SECONDS_BETWEEN_PROGRESS_WRITES = 0.25


class Job:
    """One piece of work. Cancellation arrives in your function as asyncio.CancelledError.

    `id`; `mode` ("smoke" or "full"); `site_id` and `run_id` of the caller, if told; `payload`, the
    whole request; `checkpoint`, the last value given to `save`, also after a restart, else None.
    """

    def __init__(self, record: JobRecord, ledger: Ledger, folder: Path) -> None:
        envelope = Envelope.model_validate_json(record.payload)
        self.id = record.id
        self.mode = envelope.mode
        self.site_id = envelope.site_id
        self.run_id = envelope.run_id
        self.payload: dict[str, Any] = json.loads(record.payload)
        self.checkpoint: Any = json.loads(record.checkpoint) if record.checkpoint else None
        self.cancelling = False
        self.latest_progress, self.phase = record.progress, record.phase
        self.updated_at = record.updated_at
        self._ledger = ledger
        self._folder = folder
        self._written_at = 0.0

    @property
    def folder(self) -> Path:
        """A folder of this job's own, kept across restarts and deleted with the job."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder

    async def progress(
        self,
        done: float,
        total: float | None = None,
        *,
        unit: str | None = None,
        phase: str | None = None,
        **details: Any,
    ) -> None:
        """Tells how far the job is; `details` are any further JSON values (rate, eta_s ...).

        `phase` None keeps the phase told before. WorkerError `invalid_progress` when not JSON.
        """
        self.latest_progress = strict_json(
            {"done": done, "total": total, "unit": unit, **details}, "invalid_progress"
        )
        self.phase = phase or self.phase
        self.updated_at = time.time()
        if time.monotonic() - self._written_at >= SECONDS_BETWEEN_PROGRESS_WRITES:
            self.write_progress()
        await asyncio.sleep(0)

    async def save(self, checkpoint: Any) -> None:
        """Keeps a JSON value for the next life of this job; WorkerError `invalid_checkpoint` when not JSON."""
        text = strict_json(checkpoint, "invalid_checkpoint")
        self._ledger.checkpoint(self.id, text)
        self.checkpoint = json.loads(text)
        await asyncio.sleep(0)

    def write_progress(self) -> None:
        self._ledger.progress(self.id, self.latest_progress, self.phase)
        self._written_at = time.monotonic()


def strict_json(value: object, code: str) -> str:
    if (trouble := json_trouble(value)) is not None:
        raise WorkerError(code, f"The value is not JSON: {trouble}.")
    return json.dumps(value)
