"""The end of a run: judged by its outputs, failed, cancelled, or out of time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from hermes.core.catalog import Service
from hermes.core.replies.endings import seen
from hermes.core.replies.job_ids import guessed_id
from hermes.core.replies.values import Finished
from hermes.core.runs import budgets, waivers, warming
from hermes.core.runs.model import ClaimedRun, RunUpdate, StepContext, outputs_json
from hermes.core.truth import verdicts
from hermes.core.truth.asked import Asked
from hermes.core.truth.ends import Doubt, Explained
from hermes.core.truth.hosts import real_hosts, site_of
from hermes.core.truth.verdicts import Verdict
from hermes_base.reasons import Failure, Reason

LIMITED = (Reason.RATE_LIMITED, Reason.QUOTA_EXCEEDED)
"""A worker that limits our rate is there: it may do so until the deadline."""
TAKEN = frozenset({Reason.MISSING_JOB_ID, Reason.UNRECOGNISED_REPLY, Reason.UNKNOWN_STATUS})
"""Ends of a start after which a job may run that nobody can ask for by its name."""


def finish(run: ClaimedRun, service: Service, reply: Finished, context: StepContext) -> RunUpdate:
    """End a run whose job is done: the outputs are the verdict, then the budget, then what the worker says of
    a part that failed. An answer that says nothing of an end and holds no output is not recognised."""
    verdict = verdicts.judge(
        service,
        run.expected,
        reply.document,
        asked_of(run, service, context),
        waived=waivers.in_force(run.waivers, context.now),
    )
    nothing = verdict.failure is not None and verdict.failure.reason is Reason.NO_OUTPUTS
    if nothing and not reply.said and not _in_the_form_of_a_result(reply.document):
        return _unrecognised(run, reply, context)
    mode = service.mode(run.run_type)
    exceeded = budgets.exceeded_at_the_end(mode.budget, verdict.metrics) if mode else None
    if exceeded is not None:
        failure = Failure(Reason.BUDGET_EXCEEDED, exceeded)
        verdict = replace(verdict, outcome="failed", failure=failure)
    elif reply.partly:
        verdict = _partly(verdict, reply.partly)
    return conclude(run, verdict, context)


def _in_the_form_of_a_result(document: Mapping[str, Any]) -> bool:
    """Whether an answer has a table of outputs, as the contract writes it: an empty one is a result too."""
    inner = document.get("result")
    places = [document, cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}]
    return any(isinstance(place.get("outputs"), dict) for place in places)


def _unrecognised(run: ClaimedRun, reply: Finished, context: StepContext) -> RunUpdate:
    """A job may run behind such an answer: it is asked for under what may be its id, and keeps the slot."""
    detail = f"Neither a job taken nor a result. {seen(reply.document)}"
    guess = run.worker_job_id or guessed_id(reply.document)
    if run.worker_job_id is None and guess:
        run = replace(run, worker_job_id=guess, metrics={**run.metrics, **guessed(guess)})
    return fail(run, Failure(Reason.UNRECOGNISED_REPLY, detail), context)


def guessed(job_id: str) -> dict[str, Any]:
    """The metrics of a run whose job may have this id."""
    return {"jobId": job_id, "jobGuessed": True}


def _partly(verdict: Verdict, words: str) -> Verdict:
    """What arrived counts, and what the worker says beside it is said."""
    said = f"The worker says {words!r} beside its results."
    failure = verdict.failure
    if verdict.outcome == "success":
        return replace(
            verdict, outcome="partial", failure=Failure(Reason.PARTLY_FAILED, said, over=True)
        )
    reason = failure.reason if failure else Reason.PARTLY_FAILED
    if reason is Reason.NO_OUTPUTS:
        reason = Reason.WORKER_FAILED
    detail = f"{failure.detail} {said}" if failure else said
    return replace(verdict, failure=Failure(reason, detail, over=True))


def asked_of(run: ClaimedRun, service: Service, context: StepContext) -> Asked:
    """What an answer to this run is held against."""
    mode = service.mode(run.run_type)
    site, settings = site_of(run.site.base_url), run.site.settings
    return Asked(
        site=site,
        site_id=run.site.id,
        run_id=run.id,
        job_id=run.worker_job_id or "",
        mode=run.run_type,
        started_at=run.started_at,
        now=context.now,
        settings=settings,
        real=real_hosts(site, settings),
        payload={**(mode.payload if mode else {}), **run.metrics.get("asked", {})},
        most_items=mode.budget.items if mode else None,
        demo_site=run.site.is_demo,
        claims=context.claims,
        status=context.status or 200,
        headers=context.headers,
    )


def fail(run: ClaimedRun, failure: Failure, context: StepContext) -> RunUpdate:
    """End a run as failed. A connection test has no business outputs that could be missing. The slot is kept
    where the worker's job is known, or was taken without a name, and has not ended with it."""
    expected = () if run.run_type == "connection" else run.expected
    may_go_on = run.worker_job_id is not None or failure.reason in TAKEN
    settling = may_go_on and not failure.over and run.run_type != "connection"
    return conclude(run, verdicts.failed(failure, expected), context, settling=settling)


def cancelled(
    run: ClaimedRun, detail: str, context: StepContext, *, settling: bool = False
) -> RunUpdate:
    """End a run as cancelled. Nothing was judged, so no output is called missing."""
    verdict = verdicts.failed(Failure(Reason.CANCELLED, detail), (), "cancelled")
    return conclude(run, verdict, context, settling=settling)


def overdue(run: ClaimedRun, service: Service, context: StepContext) -> RunUpdate | None:
    """End a run whose deadline has passed; None for one that has time left or is over. A job that the
    worker may still be working on keeps the slot."""
    if context.now < run.deadline_at or run.over:
        return None
    if run.cancel_requested_at is not None:
        if run.worker_job_id is None:
            return cancelled(run, "Cancelled before the worker returned a job id.", context)
        return cancelled(run, "The worker did not confirm in time.", context, settling=True)
    limit = (run.deadline_at - run.started_at).total_seconds()
    mode = service.mode(run.run_type)
    by_budget = mode is not None and mode.limit_is_budget
    reason = Reason.BUDGET_EXCEEDED if by_budget else Reason.DEADLINE_PASSED
    failure = _in_the_way(run, limit) or Failure(reason, f"Not finished within {limit:g} s.")
    verdict = verdicts.failed(failure, run.expected)
    return conclude(run, verdict, context, settling=run.worker_job_id is not None)


def _in_the_way(run: ClaimedRun, limit: float) -> Failure | None:
    """The trouble that lasted until the deadline: the true reason, where the worker was not heard of its job.
    One that limits our rate is at work."""
    trouble = run.metrics.get("lastTrouble")
    well_before = run.trouble_since is None and "workerStatus" in run.metrics
    if well_before or not trouble or trouble["reason"] in LIMITED:
        return None
    looks = trouble.get("looks", 1)
    times = f"{looks} looks in a row" if looks > 1 else "the last look"
    return Failure(
        Reason(trouble["reason"]),
        f"{trouble['detail']} So until the deadline of {limit:g} s, in {times}.",
    )


def conclude(
    run: ClaimedRun, verdict: Verdict, context: StepContext, *, settling: bool = False
) -> RunUpdate:
    """Write a verdict: only here does a run become terminal. `settling` keeps its slot while the
    worker's job may still go on."""
    now = context.now
    waived = _waived(run, verdict, now)
    missing = (
        [slug for slug in verdict.missing if slug not in waived] if waived else verdict.missing
    )
    return RunUpdate(
        run=run,
        status=verdict.outcome,
        phase="settling" if settling else "over",
        due_at=now if settling else None,
        reason=verdict.failure.reason if verdict.failure else None,
        detail=verdict.failure.detail if verdict.failure else None,
        outputs=outputs_json(
            run.expected, verdict.actual, missing, verdict.values, context.requested, context.status
        ),
        metrics=warming.awake(run.metrics, now)
        | _verdict_metrics(verdict)
        | ({"waived": waived} if waived else {}),
        polls=run.polls,
        holds_slot=settling,
        finished_at=now,
        artifacts=verdict.artifacts,
    )


def _waived(run: ClaimedRun, verdict: Verdict, now: datetime) -> Mapping[str, Any]:
    """The waivers that this verdict made use of; a cancelled run was not judged."""
    if not run.waivers or verdict.outcome == "cancelled":
        return {}
    in_force = waivers.in_force(run.waivers, now)
    return waivers.applied(in_force, run.expected, verdict.actual)


def _verdict_metrics(verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if verdict.provenance:
        found["provenance"] = dict(verdict.provenance)
    if verdict.notes:
        found["notes"] = dict(verdict.notes)
    if verdict.explanations:
        found["explanations"] = {s: _explained(e) for s, e in verdict.explanations.items()}
    if verdict.doubts:
        found["doubts"] = {s: [_doubted(d) for d in told] for s, told in verdict.doubts.items()}
    if verdict.metrics:
        found["worker"] = dict(verdict.metrics)
    return found


def _explained(why: Explained) -> dict[str, str]:
    """As it is kept beside the run; what is not said is left out."""
    told = {"reason": str(why.reason), "message": why.message}
    if why.end != "missing":
        told["end"] = why.end
    more = {"rule": why.rule, "shows": why.shows, "nextStep": why.next_step}
    return told | {name: text for name, text in more.items() if text}


def _doubted(doubt: Doubt) -> dict[str, str]:
    told = {"message": doubt.message, "rule": doubt.rule, "shows": doubt.shows}
    return {name: text for name, text in told.items() if text}
