"""Cancelling a run whose job the worker has taken."""

from hermes.core.runs.conclude import cancelled
from hermes.core.runs.model import ClaimedRun, RunUpdate, StepContext
from hermes.core.runs.waiting import look_again

CONFIRMATION_WAIT = 1.0  # s


def after_cancel(run: ClaimedRun, confirmed: bool | None, context: StepContext) -> RunUpdate:
    """What the answer to a cancel does. `confirmed`: True when the job has ended, None when the worker
    is about to end it, False when it cannot: then the job may go on, and keeps the slot."""
    if confirmed:
        return cancelled(run, "The worker confirmed the cancellation.", context)
    if confirmed is None:
        metrics = dict(run.metrics)
        return look_again(run, context, CONFIRMATION_WAIT, phase="cancel", metrics=metrics)
    detail = "The worker cannot cancel jobs. Its job may still be running."
    return cancelled(run, detail, context, settling=True)
