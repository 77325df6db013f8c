"""Structured logs on standard error: lines for people, or JSON for programs."""

import json
import sys
from collections.abc import Callable
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from hermes_base.clock import utc_now
from hermes_base.settings import Settings


def as_json(fields: Any, default: Callable[[Any], Any], **_options: object) -> str:
    """A line of the log, several times as fast as by the standard library; it falls back on that for
    texts that are no Unicode."""
    try:
        return orjson.dumps(fields, default=default, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return json.dumps(fields, default=default)


def _stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The time in UTC, as structlog's own stamper writes it, in a third of the time."""
    event["timestamp"] = utc_now().isoformat().replace("+00:00", "Z")
    return event


def configure_logging(settings: Settings, *processors: Processor) -> None:
    """Log to standard error; JSON lines where HERMES_LOG_JSON is set. `processors` add what a product's
    lines carry, such as the run that they are about."""
    renderer = (
        structlog.processors.JSONRenderer(serializer=as_json)
        if settings.log_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *processors,
            structlog.processors.add_log_level,
            _stamp,
            *([structlog.processors.format_exc_info] if settings.log_json else []),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
