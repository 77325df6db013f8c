"""The run that a task of the runner carries, for the lines that it logs."""

from contextvars import ContextVar

from structlog.typing import EventDict, WrappedLogger

from hermes.core.runs.runs import ClaimedRun

carried: ContextVar[ClaimedRun | None] = ContextVar("carried", default=None)


def name_run(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A processor of structlog: every line about a run names it, its job and its service."""
    run = carried.get()
    if run is not None:
        event["runId"] = str(run.id)
        event["jobId"] = str(run.job_id)
        event["service"] = run.service_slug
    return event
