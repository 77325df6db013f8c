"""A run that goes on: when a runner looks at it again, and the failure that it waits out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hermes.core.runs.intervals import LONGEST_HINT
from hermes.core.runs.model import ClaimedRun, Phase, RunUpdate, StepContext, outputs_json
from hermes_base.reasons import Failure


def look_again(
    run: ClaimedRun,
    context: StepContext,
    wait: float,
    *,
    phase: Phase,
    metrics: Mapping[str, Any],
    trouble_since: datetime | None = None,
) -> RunUpdate:
    """Look at a run again after `wait` seconds, at its deadline at the latest."""
    started = "jobId" in metrics
    return RunUpdate(
        run=run,
        status="running",
        phase=phase,
        due_at=min(context.now + timedelta(seconds=wait), run.deadline_at),
        outputs=outputs_json(
            run.expected,
            ("job_started",) if started else (),
            "pending",
            None,
            context.requested,
            context.status,
        ),
        metrics=metrics,
        polls=run.polls,
        holds_slot=run.run_type != "connection",
        trouble_since=trouble_since,
    )


def not_before(context: StepContext, hint: float | None) -> dict[str, str]:
    """The metrics that say when a worker wants to be asked again at the earliest. `hint`: Retry-After in seconds."""
    if not hint:
        return {}
    return {"notBefore": (context.now + timedelta(seconds=min(hint, LONGEST_HINT))).isoformat()}


def with_failure(run: ClaimedRun, failure: Failure | None) -> dict[str, Any]:
    """The metrics of a run with its last failure, and in how many looks in a row it was so: a run that ends late
    says what was in its way."""
    if failure is None:
        return dict(run.metrics)
    before: Mapping[str, Any] = run.metrics.get("lastTrouble", {}) if run.trouble_since else {}
    looks = before.get("looks", 0) + 1
    trouble: dict[str, Any] = {"reason": failure.reason, "detail": failure.detail, "looks": looks}
    return {**run.metrics, "lastTrouble": trouble}
