"""Polling a run: what the answer to a status request does, until the worker's job has ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hermes.core.catalog import Service
from hermes.core.replies.values import Finished, PollReply, Postponed, Working
from hermes.core.runs import budgets
from hermes.core.runs.conclude import LIMITED, cancelled, conclude, fail, finish, overdue
from hermes.core.runs.intervals import next_wait, seconds_left
from hermes.core.runs.model import ClaimedRun, Phase, RunUpdate, StepContext
from hermes.core.runs.waiting import look_again, not_before, with_failure
from hermes.core.truth import verdicts
from hermes_base.reasons import Failure, Reason

UNREACHABLE_GRACE = timedelta(seconds=120)
"""How long bad looks in a row are waited out."""
PATIENCE = {
    Reason.JOB_UNKNOWN_TO_WORKER: timedelta(seconds=15),
    Reason.WRONG_ENDPOINT_404: timedelta(seconds=15),
    Reason.UNKNOWN_STATUS: timedelta(seconds=600),
}
"""The same where it differs: a job that was just taken may not be found yet; a word that nobody knows comes from a
worker that is at work."""
LOOK_AGAIN = frozenset({Reason.SERVER_ERROR_5XX, *PATIENCE})
"""Answers that say nothing lasting of a job, though a start ends with them at once."""
CANCEL_GRACE = timedelta(seconds=60)


def after_poll(
    run: ClaimedRun, service: Service, reply: PollReply, context: StepContext
) -> RunUpdate:
    """What the answer to a status request does. Work that ends at its deadline still counts."""
    run = replace(run, polls=run.polls + 1)
    if isinstance(reply, Finished):
        return _finished(run, service, reply, context)
    if isinstance(reply, Working | Postponed) or _may_pass(reply):
        return _go_on(run, service, reply, context)
    if reply.reason is Reason.WORKER_CANCELLED and run.cancel_requested_at is not None:
        return cancelled(run, "The worker confirmed the cancellation.", context)
    return fail(run, reply, context)


def _finished(
    run: ClaimedRun, service: Service, reply: Finished, context: StepContext
) -> RunUpdate:
    """The verdict; an answer that is not recognised is looked at again like any other bad look."""
    update = finish(run, service, reply, context)
    failure = update.failure
    if failure is None or failure.reason is not Reason.UNRECOGNISED_REPLY:
        return update
    return _go_on(run, service, failure, context)


def _may_pass(failure: Failure) -> bool:
    return not failure.over and (failure.reason.passes or failure.reason in LOOK_AGAIN)


def _go_on(
    run: ClaimedRun, service: Service, reply: Working | Postponed | Failure, context: StepContext
) -> RunUpdate:
    late = overdue(_noted(run, reply), service, context)
    return late or _not_yet(run, service, reply, context)


def without_config(
    run: ClaimedRun, service: Service, failure: Failure, context: StepContext
) -> RunUpdate:
    """What a secret that cannot be read does. A start fails; a job under way is waited for like a worker
    that does not answer: a secret that is being changed is back in a moment."""
    if run.worker_job_id is None:
        return fail(run, failure, context)
    late = overdue(_noted(run, failure), service, context)
    return late or _unreachable(run, failure, context, None)


def _noted(run: ClaimedRun, reply: Working | Postponed | Failure) -> ClaimedRun:
    """The run with the failure of its last poll, so that a late run says what was in its way. A good look ends
    whatever trouble there was."""
    failure = reply.failure if isinstance(reply, Postponed) else reply
    if not isinstance(failure, Failure):
        return replace(run, trouble_since=None)
    return replace(run, metrics=with_failure(run, failure))


def _not_yet(
    run: ClaimedRun,
    service: Service,
    reply: Working | Postponed | Failure,
    context: StepContext,
) -> RunUpdate:
    if isinstance(reply, Working):
        over = _over_budget(run, service, reply, context)
        return over or _working(run, reply, context)
    if isinstance(reply, Postponed):
        return _unreachable(run, reply.failure, context, reply.retry_after)
    return _unreachable(run, reply, context, None)


def _over_budget(
    run: ClaimedRun, service: Service, reply: Working, context: StepContext
) -> RunUpdate | None:
    """A job that has done more than it may is ended here, and its worker is asked to stop (`settle`)."""
    mode = service.mode(run.run_type)
    exceeded = budgets.exceeded_under_way(mode.budget, reply.progress) if mode else None
    if exceeded is None:
        return None
    verdict = verdicts.failed(Failure(Reason.BUDGET_EXCEEDED, exceeded), run.expected)
    return conclude(run, verdict, context, settling=True)


def _working(run: ClaimedRun, reply: Working, context: StepContext) -> RunUpdate:
    elapsed = (context.now - run.started_at).total_seconds()
    wait = next_wait(
        elapsed,
        reply.retry_after,
        context.jitter,
        polls=run.polls,
        left=seconds_left(reply.progress, elapsed),
        earlier=run.earlier,
        watched=run.is_watched(context.now),
    )
    phase: Phase = "poll"
    if run.cancel_requested_at is not None:
        if context.now - run.cancel_requested_at > CANCEL_GRACE:
            detail = "The worker did not confirm the cancellation."
            return cancelled(run, detail, context, settling=True)
        wait, phase = min(wait, 2.0), "cancel"
    reported = {"workerStatus": reply.status, "progress": reply.progress, "phase": reply.phase}
    known: dict[str, Any] = {name: each for name, each in reported.items() if each is not None}
    if reply.progress is not None:
        known["toldAt"] = context.now.isoformat()
    if reply.next_address is not None:
        known["statusUrl"] = reply.next_address
    if reply.job_id is not None:
        known["jobId"] = reply.job_id
    known |= not_before(context, reply.retry_after)
    return look_again(run, context, wait, phase=phase, metrics={**run.metrics, **known})


def _unreachable(
    run: ClaimedRun, failure: Failure, context: StepContext, hint: float | None
) -> RunUpdate:
    """Wait out a failure that may pass, for UNREACHABLE_GRACE or its PATIENCE. `hint`: Retry-After in seconds."""
    since = run.trouble_since or context.now
    patience = PATIENCE.get(failure.reason, UNREACHABLE_GRACE)
    if failure.reason not in LIMITED and context.now - since >= patience:
        return fail(run, failure, context)
    wait = next_wait((context.now - since).total_seconds(), hint, context.jitter)
    metrics = with_failure(run, failure)
    return look_again(run, context, wait, phase=run.phase, metrics=metrics, trouble_since=since)
