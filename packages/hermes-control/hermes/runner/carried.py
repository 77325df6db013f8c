"""The run that a task of the runner carries, for the lines that it logs."""

from contextvars import ContextVar

from structlog.typing import EventDict, WrappedLogger

from hermes.core.runs.runs import Ticket

carried: ContextVar[Ticket | None] = ContextVar("carried", default=None)


def name_run(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A processor of structlog: every line about a run names it, its job and its service."""
    ticket = carried.get()
    if ticket is not None:
        event["runId"] = str(ticket.id)
        event["jobId"] = str(ticket.job_id)
        event["service"] = ticket.service_slug
    return event
