"""The jobs of one worker in one SQLite file; every write is committed when its method returns."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hermes_worker.errors import WorkerError

FINISHED = frozenset({"completed", "failed", "cancelled"})
SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY,
    idempotency_key TEXT UNIQUE,
    payload_digest TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued',
    cancelling INTEGER NOT NULL DEFAULT 0,
    restarts INTEGER NOT NULL DEFAULT 0,
    progress TEXT,
    phase TEXT,
    checkpoint TEXT,
    result TEXT,
    error_code TEXT,
    error_message TEXT,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One row: texts named `progress`, `checkpoint`, `payload` and `result` are JSON; times are Unix seconds."""

    id: str
    idempotency_key: str | None
    payload_digest: str
    payload: str
    status: str
    cancelling: int
    restarts: int
    progress: str | None
    phase: str | None
    checkpoint: str | None
    result: str | None
    error_code: str | None
    error_message: str | None
    created_at: float
    updated_at: float

    @property
    def finished(self) -> bool:
        return self.status in FINISHED


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended: `result` is JSON text when completed, `code` and `message` are set when failed."""

    status: str
    result: str | None = None
    code: str | None = None
    message: str | None = None


class Ledger:
    """WorkerError `state_unavailable` when the file cannot be used."""

    def __init__(self, file: Path) -> None:
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)  # payloads are their owner's business
            self._db = sqlite3.connect(file, isolation_level=None, timeout=3)
            # One process owns a ledger: two would run every unfinished job twice.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute(SCHEMA)
        except (sqlite3.Error, OSError) as error:
            message = f"Cannot open the job file {file}: {error}. Is another process using it?"
            raise WorkerError("state_unavailable", message) from error

    def add(self, job_id: str, key: str | None, digest: str, payload: str) -> JobRecord:
        self._db.execute(
            "INSERT INTO jobs (id, idempotency_key, payload_digest, payload, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (job_id, key, digest, payload, now := time.time(), now),
        )
        return next(self._read("WHERE id = ?", job_id))

    def get(self, job_id: str) -> JobRecord | None:
        return next(self._read("WHERE id = ?", job_id), None)

    def with_key(self, key: str) -> JobRecord | None:
        return next(self._read("WHERE idempotency_key = ?", key), None)

    def unfinished(self) -> list[JobRecord]:
        """Jobs that are queued or running, the oldest first."""
        return list(self._read("WHERE status IN ('queued', 'running') ORDER BY created_at, rowid"))

    def run(self, job_id: str) -> None:
        self._write(job_id, "status = 'running'")

    def restart(self, job_id: str) -> None:
        """Counts the restarts since the last checkpoint."""
        self._write(job_id, "restarts = restarts + 1")

    def progress(self, job_id: str, progress: str | None, phase: str | None) -> None:
        self._write(job_id, "progress = ?, phase = ?", progress, phase)

    def checkpoint(self, job_id: str, checkpoint: str) -> None:
        self._write(job_id, "checkpoint = ?, restarts = 0", checkpoint)

    def cancel(self, job_id: str) -> None:
        """Remembers the wish, so that a restart does not run the job again."""
        self._write(job_id, "cancelling = 1")

    def end(self, job_id: str, ending: Ending) -> None:
        self._write(
            job_id,
            "status = ?, result = ?, error_code = ?, error_message = ?",
            ending.status,
            ending.result,
            ending.code,
            ending.message,
        )

    def prune(self, before: float) -> list[str]:
        """Deletes jobs finished before that time and returns their ids."""
        old = list(
            self._read("WHERE status NOT IN ('queued', 'running') AND updated_at < ?", before)
        )
        self._db.executemany("DELETE FROM jobs WHERE id = ?", [(record.id,) for record in old])
        return [record.id for record in old]

    def close(self) -> None:
        self._db.close()

    def _read(self, condition: str, *values: str | float) -> Iterator[JobRecord]:
        rows = self._db.execute(f"SELECT * FROM jobs {condition}", values)  # noqa: S608 - constants above
        return (JobRecord(*row) for row in rows.fetchall())

    def _write(self, job_id: str, change: str, *values: str | None) -> None:
        self._db.execute(
            f"UPDATE jobs SET {change}, updated_at = ? WHERE id = ?",  # noqa: S608 - constants above
            (*values, time.time(), job_id),
        )
