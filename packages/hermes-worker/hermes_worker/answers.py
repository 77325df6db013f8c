"""The shapes of the replies."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from hermes_worker.declaration import Declaration
from hermes_worker.job import Job
from hermes_worker.ledger import JobRecord

POLL_AGAIN = {"Retry-After": "1"}


class Answer(Response):
    """JSON in plain ASCII, because an output may hold text that UTF-8 cannot carry (lone surrogates)."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return json.dumps(content).encode()


def error_answer(status: int, code: str, message: str, **more: object) -> Answer:
    return Answer({"error": {"code": code, "message": message, **more}}, status)


async def health_body(declaration: Declaration, key_fingerprint: str) -> dict[str, object]:
    not_ready = await declaration.not_ready()
    return {
        "status": "not_ready" if not_ready else "ok",
        "service": declaration.slug,
        "contract": "v1",
        "level": "cancellable",
        "version": declaration.version,
        "modes": declaration.modes,
        "outputs": declaration.outputs,
        "resumable": declaration.resumable,
        "not_ready": not_ready,
        "expected_key_fingerprint": key_fingerprint,
    }


def start_answer(record: JobRecord, *, replayed: bool) -> Answer:
    """200 with the outcome of a finished job, else 202 with where it stands."""
    headers = {"Idempotent-Replay": "true"} if replayed else {}
    body = {"jobId": record.id, "status": record.status, **outcome(record)}
    if record.finished:
        return Answer(body, 200, headers)
    return Answer(body, 202, headers | POLL_AGAIN)


def status_answer(record: JobRecord, job: Job | None) -> Answer:
    """While a job is live its progress is newer in memory than in the ledger."""
    newest = job or record
    progress = job.latest_progress if job else record.progress
    body = {
        "jobId": record.id,
        "status": record.status,
        "progress": json.loads(progress) if progress else None,
        "phase": "cancelling" if job and job.cancelling else newest.phase,
        **outcome(record),
        "createdAt": instant(record.created_at),
        "updatedAt": instant(max(record.updated_at, newest.updated_at)),
    }
    return Answer(body, headers=None if record.finished else POLL_AGAIN)


def cancel_answer(record: JobRecord) -> Answer:
    if record.status == "cancelled":
        return Answer({"jobId": record.id, "status": "cancelled"})
    return Answer({"jobId": record.id, "status": "cancelling"}, 202, POLL_AGAIN)


def finished_answer(record: JobRecord) -> Answer:
    error = {"code": "already_finished", "message": f"The job has ended: {record.status}."}
    return Answer({"jobId": record.id, "status": record.status, "error": error}, 409)


def outcome(record: JobRecord) -> Mapping[str, object]:
    if record.status == "completed":
        return {"result": json.loads(record.result or "null")}
    if record.status == "failed":
        return {"error": {"code": record.error_code, "message": record.error_message}}
    return {}


def instant(seconds: float) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return (
        datetime.fromtimestamp(seconds, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )
