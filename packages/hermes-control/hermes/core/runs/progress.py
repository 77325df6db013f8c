"""Counting a test job: from the states of its runs to numbers, and to the sentence people read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from hermes_base.value import value

JobStatus = Literal["queued", "running", "done", "failed", "cancelled"]
TITLES = {"connection": "Connection Test", "smoke": "Smoke Test", "full": "Full run"}


@value
class RunState:
    """What progress needs of one run."""

    run_id: str
    service_slug: str
    status: str
    reason: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    metrics: Mapping[str, Any] | None = None
    """Of a run that goes on."""
    polls: int = 0


def count(runs: Iterable[RunState]) -> dict[str, Any]:
    """`progress_json`: total, started, completed, failed, the other counts, and per_service."""
    states = list(runs)
    by = Counter([state.status for state in states])
    return {
        "total": len(states),
        "started": len(states) - by["queued"],
        "completed": by["success"] + by["partial"] + by["failed"] + by["cancelled"],
        "failed": by["failed"],
        "queued": by["queued"],
        "running": by["running"],
        "passed": by["success"],
        "partial": by["partial"],
        "cancelled": by["cancelled"],
        "per_service": {r.service_slug: _per_service(r) for r in states},
    }


def _per_service(run: RunState) -> dict[str, Any]:
    return {
        "runId": run.run_id,
        "status": run.status,
        "reason": run.reason,
        "startedAt": run.started_at,
        "finishedAt": run.finished_at,
    }


def summary(run_type: str, status: str, progress: Mapping[str, Any]) -> str:
    """`Smoke Test started: 0/13 completed`, later `Smoke Test complete: 10 passed, 2 partial, 1 failed`."""
    title = TITLES[run_type]
    done, total = progress["completed"], progress["total"]
    if run_type == "connection":
        if status in ("queued", "running"):
            return f"{title} started: {done}/{total} checked"
        return f"{title} {_ending(status)}: {done}/{total} checked, {_outcomes(progress, 'connected', 'not proven')}"
    if status in ("queued", "running"):
        return f"{title} started: {done}/{total} completed"
    return f"{title} {_ending(status)}: {_outcomes(progress, 'passed')}"


def _ending(status: str) -> str:
    return "cancelled" if status == "cancelled" else "complete"


def _outcomes(progress: Mapping[str, Any], passed: str, partial: str = "partial") -> str:
    """`10 passed, 2 partial, 1 failed`: what is zero is left out, but passed is always said."""
    counts = [(passed, progress["passed"])]
    others = ((partial, "partial"), ("failed", "failed"), ("cancelled", "cancelled"))
    counts += [(word, progress[name]) for word, name in others if progress[name]]
    return ", ".join(f"{number} {word}" for word, number in counts)


def job_status(progress: Mapping[str, Any]) -> JobStatus:
    """The status of a job whose runs are counted in `progress`."""
    if progress["completed"] < progress["total"]:
        return "running" if progress["started"] else "queued"
    return "cancelled" if progress["cancelled"] == progress["total"] else "done"
