"""The values of a run's life: what a runner claims, and what one step makes of it.

queued -> running -> success | partial | failed | cancelled. A terminal state never changes, and a trigger
of the database says so too. A terminal run may still hold its slot (phase `settling`) until the worker
confirms that its job has ended. `hermes.runner.steps` lists the steps in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from hermes.core.catalog import RunType
from hermes.core.runs.waivers import Waiver
from hermes.core.sites.site import Site
from hermes_base.reasons import Failure, Reason
from hermes_base.value import value

RunStatus = Literal["queued", "running", "success", "partial", "failed", "cancelled"]
Phase = Literal["start", "starting", "poll", "cancel", "settling", "over"]

TERMINAL = frozenset({"success", "partial", "failed", "cancelled"})
HEALTH_OUTPUT = "worker_health"


@value
class ClaimedRun:
    """A run that this runner has leased: what was requested and how far it is.

    `phase` is the one before the claim: a run that is claimed to be started is `starting` in the database.
    """

    id: UUID
    job_id: UUID
    site: Site
    service_slug: str
    run_type: RunType
    status: RunStatus
    phase: Phase
    lease_no: int
    attempts: int
    polls: int
    expected: Sequence[str]
    started_at: datetime
    deadline_at: datetime
    worker_job_id: str | None = None
    cancel_requested_at: datetime | None = None
    trouble_since: datetime | None = None
    finished_at: datetime | None = None
    watched_until: datetime | None = None
    """Somebody looks at the run until then."""
    reason: str | None = None
    detail: str | None = None
    earlier: Sequence[float] = ()
    """Seconds that earlier runs of the service took at this site."""
    waivers: Sequence[Waiver] = ()
    """Waivers of the service's outputs that concern this site."""
    metrics: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def is_watched(self, now: datetime) -> bool:
        """Whether somebody looks at the run."""
        return self.watched_until is not None and self.watched_until > now

    @property
    def over(self) -> bool:
        """Whether the verdict is written; only the slot may still be held."""
        return self.status in TERMINAL


@value
class StepContext:
    """What a rule knows of a step beside the run and the reply.

    `jitter` is a random number in 0..1 that spreads waits. `requested` (`GET https://...`) and the HTTP
    `status` of its answer are kept in the outputs for whoever debugs a worker; None where nothing was
    requested or nothing answered. `headers` are those of the answer; `claims`: outputs of which the
    secret says that the worker's word is taken.
    """

    now: datetime
    jitter: float = 0.0
    requested: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    claims: frozenset[str] = frozenset()


@value
class RunUpdate:
    """What one step does to a run; the runner writes updates in batches.

    `due_at` is when a runner looks at the run again, None when it is done with.
    """

    run: ClaimedRun
    status: RunStatus
    phase: Phase
    due_at: datetime | None
    outputs: Mapping[str, Any]
    metrics: Mapping[str, Any]
    reason: str | None = None
    detail: str | None = None
    polls: int = 0
    holds_slot: bool = False
    trouble_since: datetime | None = None
    finished_at: datetime | None = None
    artifacts: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def failure(self) -> Failure | None:
        """Why the run did not succeed, as far as this step knows."""
        return Failure(Reason(self.reason), self.detail or "") if self.reason is not None else None


def outputs_json(
    expected: Sequence[str],
    actual: Sequence[str],
    missing: Sequence[str] | Literal["pending"],
    values: Mapping[str, Any] | None = None,
    requested: str | None = None,
    status: int | None = None,
) -> dict[str, Any]:
    """The `outputs_json` of a run, as the requirements write it."""
    return {
        "expectedOutputs": list(expected),
        "actualOutputs": list(actual),
        "missingOutputs": missing if missing == "pending" else list(missing),
        "metrics": dict(values or {}),
        "debug": {"requested": requested, "status": status},
    }


def pending_outputs(run_type: RunType, expected: Sequence[str]) -> dict[str, Any]:
    """The outputs of a run that was just queued. A connection test has none that could be missing."""
    return outputs_json(expected, (), () if run_type == "connection" else "pending")
