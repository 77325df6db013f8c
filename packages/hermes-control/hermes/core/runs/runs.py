"""The state machine of a service run: what each reply does to the ticket. Pure.

queued -> running -> success | partial | failed | cancelled. Terminal states never change; a terminal
run may still hold its slot (phase `settling`) until the worker confirms that its job has ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from hermes.core.catalog import RunType, Service
from hermes.core.replies.replies import (
    Accepted,
    Finished,
    PollReply,
    Postponed,
    StartReply,
    Working,
    read_document,
)
from hermes.core.runs import budgets, waivers, warming
from hermes.core.runs.polling import next_wait, seconds_left
from hermes.core.runs.waivers import Waiver
from hermes.core.truth import verdicts
from hermes.core.truth.verdicts import Verdict
from hermes_base.http.answers import Answer
from hermes_base.reasons import Reason, Trouble

RunStatus = Literal["queued", "running", "success", "partial", "failed", "cancelled"]
Phase = Literal["start", "starting", "poll", "cancel", "settling", "over"]

TERMINAL = frozenset({"success", "partial", "failed", "cancelled"})
HEALTH_OUTPUT = "worker_health"
UNREACHABLE_GRACE = timedelta(seconds=120)
CANCEL_GRACE = timedelta(seconds=60)
SETTLING_LIMIT = timedelta(hours=1)
START_TRIES = 3


@dataclass(frozen=True, slots=True)
class Site:
    """What a run needs to know about its site."""

    id: UUID
    name: str
    base_url: str
    is_demo: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    updated_at: datetime | None = None


@dataclass(frozen=TYPE_CHECKING, slots=True)  # cheap: see CONTRIBUTING
class Ticket:
    """One claimed run: what was asked and how far it is. `phase` is the one before the claim."""

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
    reason: str | None = None
    detail: str | None = None
    earlier: Sequence[float] = ()
    """Seconds that earlier runs of the service took at this site."""
    waivers: Sequence[Waiver] = ()
    """Waivers of the service's outputs that concern this site."""
    metrics: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def over(self) -> bool:
        """Whether the verdict is written; what is left is only the slot."""
        return self.status in TERMINAL


@dataclass(frozen=TYPE_CHECKING, slots=True)  # cheap: see CONTRIBUTING
class Change:
    """What one step does to a run; written by the runner in batches."""

    ticket: Ticket
    status: RunStatus
    phase: Phase
    due_at: datetime | None
    outputs: dict[str, Any]
    """Made for this change alone; the runner adds what it asked to `debug`."""
    metrics: Mapping[str, Any]
    reason: str | None = None
    detail: str | None = None
    polls: int = 0
    holds_slot: bool = False
    trouble_since: datetime | None = None
    finished_at: datetime | None = None
    artifacts: Mapping[str, Any] = field(default_factory=dict[str, Any])


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
    """The outputs of a run that was just queued."""
    return outputs_json(expected, (), () if run_type == "connection" else "pending")


def after_connection(
    ticket: Ticket,
    trouble: Trouble | None,
    facts: Mapping[str, Any],
    now: datetime,
    warm_up: float = 0.0,
) -> Change:
    """A connection test ends at once: the worker was reached and our key accepted, or why not. Only a
    host that may be asleep is waited for, `warm_up` seconds at most."""
    if trouble is not None and (change := _warming(ticket, trouble, now, warm_up)):
        return change
    actual = () if trouble else (HEALTH_OUTPUT,)
    verdict = Verdict(
        outcome="failed" if trouble else "success",
        trouble=trouble,
        actual=actual,
        missing=(),  # a connection test says nothing about business outputs
        values={},
        provenance={},
        explanations={},
        metrics=facts,
    )
    return conclude(ticket, verdict, now)


def after_start(
    ticket: Ticket,
    service: Service,
    reply: StartReply,
    now: datetime,
    jitter: float,
    warm_up: float = 0.0,
) -> Change:
    """What the answer to a start does. `warm_up`: seconds that its host may take to wake."""
    if isinstance(reply, Accepted):
        return _accepted(ticket, reply, now, jitter)
    if isinstance(reply, Finished):
        return finish(ticket, service, reply, now)
    trouble = reply.trouble if isinstance(reply, Postponed) else reply
    if trouble.reason is Reason.SERVER_ERROR_5XX and not service.honours_idempotency:
        return _start_in_doubt(ticket, reply, now)
    if change := _warming(ticket, trouble, now, warm_up):
        return change
    if isinstance(reply, Postponed):
        return _start_postponed(ticket, reply, now, jitter)
    if reply.sent:
        return _start_unanswered(ticket, service, reply, now)
    return fail(ticket, reply, now)


def _start_in_doubt(ticket: Ticket, reply: Postponed | Trouble, now: datetime) -> Change:
    """A 5xx where a repeated start would start twice: a gateway that gave up may have passed it on."""
    if isinstance(reply, Postponed):
        return fail(ticket, Trouble(Reason.START_OUTCOME_UNKNOWN, reply.trouble.detail), now)
    return fail(ticket, reply, now)


def while_asleep(
    ticket: Ticket, result: Answer | Trouble, now: datetime, warm_up: float
) -> Change | None:
    """What a knock before a start that cannot be repeated says: wait for a host that is asleep; None
    when the start may be sent, to a host that is awake or has been waited for long enough."""
    reply = result if isinstance(result, Trouble) else read_document(result, now)
    trouble = reply.trouble if isinstance(reply, Postponed) else reply
    return _warming(ticket, trouble, now, warm_up) if isinstance(trouble, Trouble) else None


def _warming(ticket: Ticket, trouble: Trouble, now: datetime, seconds: float) -> Change | None:
    warm_up = warming.still_warming(ticket.metrics, trouble, now, seconds)
    if warm_up is None:
        return None
    metrics = {**ticket.metrics, "warmUp": warm_up}
    return _going_on(ticket, now, warming.wait_of(warm_up), phase="start", metrics=metrics)


def after_lapsed_start(ticket: Ticket, service: Service, now: datetime) -> Change | None:
    """A runner died between sending a start and seeing its answer. None: it is safe to send again."""
    if ticket.run_type == "connection" or service.honours_idempotency:
        return None
    detail = "The runner stopped before the answer to the start was seen."
    return fail(ticket, Trouble(Reason.START_OUTCOME_UNKNOWN, detail), now)


def after_poll(
    ticket: Ticket, service: Service, reply: PollReply, now: datetime, jitter: float
) -> Change:
    """What the answer to a status request does. Work that ends with the deadline still counts."""
    ticket = replace(ticket, polls=ticket.polls + 1)
    if isinstance(reply, Finished):
        return finish(ticket, service, reply, now)
    if isinstance(reply, Working | Postponed) or reply.reason.passes:
        late = overdue(_noting(ticket, reply), service, now)
        return late or _look_again(ticket, service, reply, now, jitter)
    if reply.reason is Reason.WORKER_CANCELLED and ticket.cancel_requested_at is not None:
        return cancelled(ticket, "The worker confirmed the cancellation.", now)
    return fail(ticket, reply, now)


def _noting(ticket: Ticket, reply: PollReply) -> Ticket:
    """The ticket with the trouble of its last answer, so that a late run says what was in its way."""
    trouble = reply.trouble if isinstance(reply, Postponed) else reply
    if not isinstance(trouble, Trouble):
        return ticket
    return replace(ticket, metrics=_troubled(ticket, trouble))


def _look_again(
    ticket: Ticket,
    service: Service,
    reply: Working | Postponed | Trouble,
    now: datetime,
    jitter: float,
) -> Change:
    if isinstance(reply, Working):
        over = _over_budget(ticket, service, reply, now)
        return over or _still_working(ticket, reply, now, jitter)
    if isinstance(reply, Postponed):
        return _poll_troubled(ticket, reply.trouble, now, jitter, reply.retry_after)
    return _poll_troubled(ticket, reply, now, jitter, None)


def _over_budget(ticket: Ticket, service: Service, reply: Working, now: datetime) -> Change | None:
    """A job that has done more than it may is ended here, and its worker is told to stop."""
    ask = service.ask(ticket.run_type)
    said = budgets.exceeded_under_way(ask.budget, reply.progress) if ask else None
    if said is None:
        return None
    verdict = verdicts.failed(Trouble(Reason.BUDGET_EXCEEDED, said), ticket.expected)
    return conclude(ticket, verdict, now, settling=True)


def without_config(
    ticket: Ticket, service: Service, trouble: Trouble, now: datetime, jitter: float
) -> Change:
    """Nobody knows where the worker is. A start fails; a job under way is waited for like a worker that
    does not answer: a secret that is being changed is back in a moment."""
    if ticket.worker_job_id is None:
        return fail(ticket, trouble, now)
    late = overdue(_noting(ticket, trouble), service, now)
    return late or _poll_troubled(ticket, trouble, now, jitter, None)


def after_cancel(ticket: Ticket, confirmed: bool | None, now: datetime) -> Change:
    """What the answer to a cancel does: confirmed, under way (None), or not possible (False)."""
    if confirmed:
        return cancelled(ticket, "The worker confirmed the cancellation.", now)
    if confirmed is None:
        return _waiting(ticket, now, 1.0, phase="cancel")
    return cancelled(ticket, "The worker cannot cancel; its job may still run.", now, settling=True)


def overdue(ticket: Ticket, service: Service, now: datetime) -> Change | None:
    """The change for a run whose deadline has passed, or None. Its remote job keeps the slot."""
    if now < ticket.deadline_at or ticket.over:
        return None
    if ticket.cancel_requested_at is not None:
        if ticket.worker_job_id is None:
            return cancelled(ticket, "Cancelled before the worker named a job.", now)
        return cancelled(ticket, "The worker did not confirm in time.", now, settling=True)
    limit = (ticket.deadline_at - ticket.started_at).total_seconds()
    detail = f"Not finished within {limit:g} s."
    ask = service.ask(ticket.run_type)
    by_budget = ask is not None and ask.limit_is_budget
    reason = Reason.BUDGET_EXCEEDED if by_budget else Reason.DEADLINE_PASSED
    trouble = Trouble(reason, detail)
    verdict = verdicts.failed(trouble, ticket.expected)
    return conclude(ticket, verdict, now, settling=ticket.worker_job_id is not None)


def settle(ticket: Ticket, reply: PollReply, now: datetime, jitter: float) -> Change:
    """A terminal run whose remote job may still go on: keep the slot until the worker says it ended."""
    ended_at = ticket.finished_at or now
    still = isinstance(reply, Working | Postponed) or reply_may_pass(reply)
    open_ended = still and now - ended_at < SETTLING_LIMIT
    elapsed = (now - ended_at).total_seconds()
    return Change(
        ticket=ticket,
        status=ticket.status,
        phase="settling" if open_ended else "over",
        due_at=now + timedelta(seconds=next_wait(elapsed, None, jitter)) if open_ended else None,
        outputs=dict(ticket.outputs),
        metrics=ticket.metrics,
        reason=ticket.reason,
        detail=ticket.detail,
        polls=ticket.polls + 1,
        holds_slot=open_ended,
        finished_at=ticket.finished_at,
    )


def reply_may_pass(reply: PollReply) -> bool:
    """Whether a reply is a trouble of the way, not of the job."""
    return isinstance(reply, Trouble) and reply.reason.passes


def finish(ticket: Ticket, service: Service, reply: Finished, now: datetime) -> Change:
    """The worker says done: judge by outputs."""
    verdict = verdicts.judge(
        service,
        ticket.expected,
        reply.document,
        demo_site=ticket.site.is_demo,
        waived=waivers.in_force(ticket.waivers, now),
    )
    ask = service.ask(ticket.run_type)
    said = budgets.exceeded_at_the_end(ask.budget, verdict.metrics) if ask else None
    if said is not None:
        trouble = Trouble(Reason.BUDGET_EXCEEDED, said)
        verdict = replace(verdict, outcome="failed", trouble=trouble)
    return conclude(ticket, verdict, now)


def fail(ticket: Ticket, trouble: Trouble, now: datetime) -> Change:
    """End a run as failed; a connection test has no business outputs that could be missing."""
    expected = () if ticket.run_type == "connection" else ticket.expected
    return conclude(ticket, verdicts.failed(trouble, expected), now)


def cancelled(ticket: Ticket, detail: str, now: datetime, *, settling: bool = False) -> Change:
    """End a run as cancelled. Nothing was judged, so nothing is called missing."""
    verdict = verdicts.failed(Trouble(Reason.CANCELLED, detail), (), "cancelled")
    return conclude(ticket, verdict, now, settling=settling)


def conclude(ticket: Ticket, verdict: Verdict, now: datetime, *, settling: bool = False) -> Change:
    """Write a verdict. Only here does a run become terminal."""
    waived = _waived(ticket, verdict, now)
    missing = (
        [slug for slug in verdict.missing if slug not in waived] if waived else verdict.missing
    )
    return Change(
        ticket=ticket,
        status=verdict.outcome,
        phase="settling" if settling else "over",
        due_at=now if settling else None,
        reason=verdict.trouble.reason if verdict.trouble else None,
        detail=verdict.trouble.detail if verdict.trouble else None,
        outputs=outputs_json(ticket.expected, verdict.actual, missing, verdict.values),
        metrics=warming.awake(ticket.metrics, now)
        | _verdict_metrics(verdict)
        | ({"waived": waived} if waived else {}),
        polls=ticket.polls,
        holds_slot=settling,
        finished_at=now,
        artifacts=verdict.artifacts,
    )


def _waived(ticket: Ticket, verdict: Verdict, now: datetime) -> dict[str, dict[str, Any]]:
    """What was waived when this was judged; of a cancelled run nothing was judged."""
    if not ticket.waivers or verdict.outcome == "cancelled":
        return {}
    in_force = waivers.in_force(ticket.waivers, now)
    return waivers.told(in_force, ticket.expected, verdict.actual)


def _verdict_metrics(verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if verdict.provenance:
        found["provenance"] = dict(verdict.provenance)
    if verdict.notes:
        found["notes"] = dict(verdict.notes)
    if verdict.explanations:
        found["explanations"] = {
            s: {"reason": e.reason, "message": e.message} for s, e in verdict.explanations.items()
        }
    if verdict.metrics:
        found["worker"] = dict(verdict.metrics)
    return found


def _accepted(ticket: Ticket, reply: Accepted, now: datetime, jitter: float) -> Change:
    wait = next_wait(0.0, reply.retry_after, jitter, earlier=ticket.earlier)
    named = {"statusUrl": reply.status_url} if reply.status_url else {}
    metrics = {**warming.awake(ticket.metrics, now), "jobId": reply.job_id, **named}
    return _going_on(ticket, now, wait, phase="poll", metrics=metrics)


def _still_working(ticket: Ticket, reply: Working, now: datetime, jitter: float) -> Change:
    elapsed = (now - ticket.started_at).total_seconds()
    wait = next_wait(
        elapsed,
        reply.retry_after,
        jitter,
        polls=ticket.polls,
        left=seconds_left(reply.progress, elapsed),
        earlier=ticket.earlier,
    )
    if ticket.cancel_requested_at is not None:
        if now - ticket.cancel_requested_at > CANCEL_GRACE:
            return cancelled(
                ticket, "The worker did not confirm the cancellation.", now, settling=True
            )
        wait = min(wait, 2.0)
    told = {"workerStatus": reply.status, "progress": reply.progress, "phase": reply.phase}
    metrics = {
        **ticket.metrics,
        **{name: value for name, value in told.items() if value is not None},
    }
    phase: Phase = "cancel" if ticket.cancel_requested_at is not None else "poll"
    return _going_on(ticket, now, wait, phase=phase, metrics=metrics)


def _start_postponed(ticket: Ticket, reply: Postponed, now: datetime, jitter: float) -> Change:
    wait = reply.retry_after if reply.retry_after is not None else 2.0 * ticket.attempts + jitter
    too_late = now + timedelta(seconds=wait) >= ticket.deadline_at
    if ticket.attempts >= START_TRIES or too_late:
        return fail(ticket, reply.trouble, now)
    return _waiting(ticket, now, wait, phase="start", trouble=reply.trouble)


def _start_unanswered(ticket: Ticket, service: Service, trouble: Trouble, now: datetime) -> Change:
    """Sent, but no answer: repeated once where the worker promises that a key starts one job."""
    if not service.honours_idempotency:
        return fail(ticket, Trouble(Reason.START_OUTCOME_UNKNOWN, trouble.detail), now)
    if ticket.attempts >= START_TRIES - 1:
        return fail(ticket, trouble, now)
    return _waiting(ticket, now, 0.5, phase="start", trouble=trouble)


def _poll_troubled(
    ticket: Ticket, trouble: Trouble, now: datetime, jitter: float, hint: float | None
) -> Change:
    since = ticket.trouble_since or now
    asks_back = trouble.reason in (Reason.RATE_LIMITED, Reason.QUOTA_EXCEEDED)
    if not asks_back and now - since >= UNREACHABLE_GRACE:
        return fail(ticket, trouble, now)
    wait = next_wait((now - since).total_seconds(), hint, jitter)
    return _going_on(
        ticket, now, wait, phase=ticket.phase, metrics=_troubled(ticket, trouble), since=since
    )


def _waiting(
    ticket: Ticket, now: datetime, wait: float, *, phase: Phase, trouble: Trouble | None = None
) -> Change:
    return _going_on(ticket, now, wait, phase=phase, metrics=_troubled(ticket, trouble))


def _troubled(ticket: Ticket, trouble: Trouble | None) -> dict[str, Any]:
    if trouble is None:
        return dict(ticket.metrics)
    return {**ticket.metrics, "lastTrouble": {"reason": trouble.reason, "detail": trouble.detail}}


def _going_on(
    ticket: Ticket,
    now: datetime,
    wait: float,
    *,
    phase: Phase,
    metrics: Mapping[str, Any],
    since: datetime | None = None,
) -> Change:
    started = "jobId" in metrics
    return Change(
        ticket=ticket,
        status="running",
        phase=phase,
        due_at=min(now + timedelta(seconds=wait), ticket.deadline_at),
        outputs=outputs_json(ticket.expected, ("job_started",) if started else (), "pending"),
        metrics=metrics,
        polls=ticket.polls,
        holds_slot=ticket.run_type != "connection",
        trouble_since=since,
    )
