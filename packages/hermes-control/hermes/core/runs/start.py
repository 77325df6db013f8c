"""Starting a run: the connection test, which ends at once, and the start of a worker's job."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hermes.core.catalog import Service
from hermes.core.replies.replies import read_document
from hermes.core.replies.values import Accepted, Finished, Postponed, StartReply
from hermes.core.runs import warming
from hermes.core.runs.conclude import cancelled, conclude, fail, finish
from hermes.core.runs.intervals import next_wait
from hermes.core.runs.model import HEALTH_OUTPUT, ClaimedRun, RunUpdate, StepContext
from hermes.core.runs.waiting import look_again, not_before, with_failure
from hermes.core.truth.verdicts import Verdict
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure, Reason

START_TRIES = 3


def after_connection(
    run: ClaimedRun,
    failure: Failure | None,
    facts: Mapping[str, Any],
    context: StepContext,
    warm_up: float = 0.0,
) -> RunUpdate:
    """End a connection test: all is proven, or `failure` says why it is not connected, or `doubts` among the facts
    what is not proven.
    Only a host that may be asleep is waited for, `warm_up` seconds at most."""
    if failure is not None and (update := _warming(run, failure, context, warm_up)):
        return update
    doubts: list[str] = [] if failure else list(facts.get("doubts", ()))
    if doubts:
        failure = Failure(Reason.NOT_PROVEN, " ".join(doubts))
    ended = "success" if failure is None else "partial" if doubts else "failed"
    verdict = Verdict(
        outcome=ended,
        failure=failure,
        actual=() if ended == "failed" else (HEALTH_OUTPUT,),
        missing=(),  # a connection test says nothing about business outputs
        values={},
        provenance={},
        explanations={},
        metrics=facts,
    )
    return conclude(run, verdict, context)


def without_request(run: ClaimedRun, service: Service, context: StepContext) -> RunUpdate | None:
    """End a run that must not be started: it was cancelled, its mode is gone from the catalog, or a
    runner may have started it and died. None: the start may be sent."""
    if run.cancel_requested_at is not None:
        return cancelled(run, "Cancelled before the worker accepted the job.", context)
    if service.mode(run.run_type) is None:
        detail = f"{service.name} no longer has a {run.run_type} mode."
        return fail(run, Failure(Reason.MISSING_CONFIG, detail), context)
    lapsed = run.phase == "starting" and run.attempts > 1
    return _after_lapsed_start(run, service, context) if lapsed else None


def _after_lapsed_start(
    run: ClaimedRun, service: Service, context: StepContext
) -> RunUpdate | None:
    """A runner died between sending a start and reading its answer. None: it is safe to send again."""
    if service.honours_idempotency:
        return None
    detail = "The runner stopped before it received the response to the start request."
    return fail(run, Failure(Reason.START_OUTCOME_UNKNOWN, detail), context)


def while_asleep(
    run: ClaimedRun, result: Answer | Failure, context: StepContext, warm_up: float
) -> RunUpdate | None:
    """Read the probe that goes before a start that cannot be repeated: wait for a host that is asleep.
    None: send the start, the host is awake or was waited for long enough."""
    reply = result if isinstance(result, Failure) else read_document(result, context.now)
    failure = reply.failure if isinstance(reply, Postponed) else reply
    return _warming(run, failure, context, warm_up) if isinstance(failure, Failure) else None


def after_start(
    run: ClaimedRun,
    service: Service,
    reply: StartReply,
    context: StepContext,
    warm_up: float = 0.0,
) -> RunUpdate:
    """What the answer to a start does. `warm_up`: seconds that the worker's host may take to wake."""
    if isinstance(reply, Accepted):
        return _accepted(run, reply, context)
    if isinstance(reply, Finished):
        return finish(run, service, reply, context)
    failure = reply.failure if isinstance(reply, Postponed) else reply
    if failure.reason is Reason.SERVER_ERROR_5XX and not service.honours_idempotency:
        return _in_doubt(run, reply, context)
    if update := _warming(run, failure, context, warm_up):
        return update
    if isinstance(reply, Postponed):
        return _postponed(run, reply, context)
    if reply.sent:
        return _unanswered(run, service, reply, context)
    return fail(run, reply, context)


def _accepted(run: ClaimedRun, reply: Accepted, context: StepContext) -> RunUpdate:
    watched = run.is_watched(context.now)
    wait = next_wait(0.0, reply.retry_after, context.jitter, earlier=run.earlier, watched=watched)
    named = {"statusUrl": reply.status_url} if reply.status_url else {}
    metrics = {
        **warming.awake(run.metrics, context.now),
        "jobId": reply.job_id,
        **named,
        **not_before(context, reply.retry_after),
    }
    if reply.doubt is None:
        return look_again(run, context, wait, phase="poll", metrics=metrics)
    metrics = with_failure(replace(run, metrics=metrics), reply.doubt)
    return look_again(run, context, wait, phase="poll", metrics=metrics, trouble_since=context.now)


def _in_doubt(run: ClaimedRun, reply: Postponed | Failure, context: StepContext) -> RunUpdate:
    """A 5xx where a repeated start would start twice: a gateway that gave up may have passed it on."""
    if isinstance(reply, Postponed):
        return fail(run, Failure(Reason.START_OUTCOME_UNKNOWN, reply.failure.detail), context)
    return fail(run, reply, context)


def _warming(
    run: ClaimedRun, failure: Failure, context: StepContext, seconds: float
) -> RunUpdate | None:
    warm_up = warming.still_warming(run.metrics, failure, context.now, seconds)
    if warm_up is None:
        return None
    metrics = {**run.metrics, "warmUp": warm_up}
    return look_again(run, context, warming.wait_of(warm_up), phase="start", metrics=metrics)


def _postponed(run: ClaimedRun, reply: Postponed, context: StepContext) -> RunUpdate:
    wait = reply.retry_after
    if wait is None:
        wait = 2.0 * run.attempts + context.jitter
    if run.attempts >= START_TRIES or _too_late(run, context.now, wait):
        return fail(run, reply.failure, context)
    metrics = with_failure(run, reply.failure)
    return look_again(run, context, wait, phase="start", metrics=metrics)


def _too_late(run: ClaimedRun, now: datetime, wait: float) -> bool:
    return now + timedelta(seconds=wait) >= run.deadline_at


def _unanswered(
    run: ClaimedRun, service: Service, failure: Failure, context: StepContext
) -> RunUpdate:
    """Sent, but no answer: repeated once where the worker promises that a key starts one job."""
    if not service.honours_idempotency:
        return fail(run, Failure(Reason.START_OUTCOME_UNKNOWN, failure.detail), context)
    if run.attempts >= START_TRIES - 1:
        return fail(run, failure, context)
    return look_again(run, context, 0.5, phase="start", metrics=with_failure(run, failure))
