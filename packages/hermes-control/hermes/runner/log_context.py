"""The run that a task of the runner processes, for the lines that it logs."""

from contextvars import ContextVar

from structlog.typing import EventDict, WrappedLogger

from hermes.core.runs.model import ClaimedRun

current_run: ContextVar[ClaimedRun | None] = ContextVar("current_run", default=None)


def name_run(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: adds `runId`, `jobId` and `service` to every line about a run."""
    run = current_run.get()
    if run is not None:
        event["runId"] = str(run.id)
        event["jobId"] = str(run.job_id)
        event["service"] = run.service_slug
    return event
