"""Settling a run: its verdict is written, and its slot is kept until the worker's job has ended."""

from datetime import timedelta

from hermes.core.replies.replies import PollReply, Postponed, Working
from hermes.core.runs.intervals import next_wait
from hermes.core.runs.model import ClaimedRun, RunUpdate, StepContext
from hermes_base.reasons import Failure

SETTLING_LIMIT = timedelta(hours=1)
"""After this the slot is freed, whatever the worker says of its job."""


def settle(run: ClaimedRun, reply: PollReply, context: StepContext) -> RunUpdate:
    """Keep the slot of a terminal run while its job goes on, or may; free it when the job has ended.
    The verdict stays as it is."""
    now = context.now
    ended_at = run.finished_at or now
    open_ended = _may_go_on(reply) and now - ended_at < SETTLING_LIMIT
    wait = next_wait((now - ended_at).total_seconds(), None, context.jitter)
    return RunUpdate(
        run=run,
        status=run.status,
        phase="settling" if open_ended else "over",
        due_at=now + timedelta(seconds=wait) if open_ended else None,
        outputs=run.outputs,
        metrics=run.metrics,
        reason=run.reason,
        detail=run.detail,
        polls=run.polls + 1,
        holds_slot=open_ended,
        finished_at=run.finished_at,
    )


def _may_go_on(reply: PollReply) -> bool:
    if isinstance(reply, Failure):
        return reply.reason.passes
    return isinstance(reply, Working | Postponed)
