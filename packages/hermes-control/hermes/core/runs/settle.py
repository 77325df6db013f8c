"""Settling a run: its verdict is written, and its slot is kept until the worker's job has ended."""

from datetime import datetime, timedelta

from hermes.core.replies.values import Finished, PollReply, Postponed, Working
from hermes.core.runs.intervals import next_wait
from hermes.core.runs.model import ClaimedRun, RunUpdate, StepContext
from hermes_base.reasons import Failure, Reason

SETTLING_LIMIT = timedelta(hours=1)
"""After this the slot is freed, whatever the worker says of its job."""
UNHEARD_LIMIT = timedelta(seconds=120)
"""For so long, and until the deadline of the run, a job is held to go on of which nothing can be heard."""
CANCEL_TRIES = 3


def settle(run: ClaimedRun, reply: PollReply | None, context: StepContext) -> RunUpdate:
    """Keep the slot of a terminal run while its job goes on, or may; free it when the job has ended or is given
    up. The verdict stays as it is. `reply`: None for a job without a name, which nobody can ask for."""
    now = context.now
    ended_at = run.finished_at or now
    until = _held_until(run, reply, ended_at)
    open_ended = now < until
    wait = next_wait((now - ended_at).total_seconds(), None, context.jitter)
    again = until if reply is None else now + timedelta(seconds=wait)
    return RunUpdate(
        run=run,
        status=run.status,
        phase="settling" if open_ended else "over",
        due_at=again if open_ended else None,
        outputs=run.outputs,
        metrics=run.metrics,
        reason=run.reason,
        detail=run.detail,
        polls=run.polls + 1,
        holds_slot=open_ended,
        finished_at=run.finished_at,
    )


def _held_until(run: ClaimedRun, reply: PollReply | None, ended_at: datetime) -> datetime:
    """Until when the slot is held after this answer, at the latest."""
    if isinstance(reply, Working | Postponed):
        return ended_at + SETTLING_LIMIT
    if reply is not None and _has_ended(run, reply):
        return ended_at
    away = isinstance(reply, Failure) and reply.reason.passes and reply.reason not in ODD
    return ended_at + SETTLING_LIMIT if away else max(run.deadline_at, ended_at + UNHEARD_LIMIT)


ODD = frozenset({Reason.UNKNOWN_STATUS, Reason.UNRECOGNISED_REPLY, Reason.ANOTHER_JOB})
"""Answers of a worker that is there, and says nothing of the job that could be understood."""


def _has_ended(run: ClaimedRun, reply: PollReply) -> bool:
    """Whether the worker says that the job is over. One that does not know a job by an id which we only guessed
    has said nothing."""
    if isinstance(reply, Finished):
        return True
    unknown = isinstance(reply, Failure) and reply.reason is Reason.JOB_UNKNOWN_TO_WORKER
    if unknown:
        return "jobGuessed" not in run.metrics
    return isinstance(reply, Failure) and reply.over


def confirmed(run: ClaimedRun, context: StepContext) -> RunUpdate:
    """Free the slot of a run whose worker confirms that its job was cancelled."""
    return settle(run, Finished({}), context)
