"""Optional traces: where nothing is traced, these do nothing and nothing of OpenTelemetry is imported.

Why not the no-op tracer of opentelemetry-api, which FastAPI installs anyway: a span of it takes 6 µs, and 14
with the parent that the trace id of a run needs, against 0.35 here, three times a run; importing it costs
the runner 12 to 21 ms (CPU times, version 1.45). Ids, root and the flush at the end would stay ours.

The trace id of a run is the run's id, that of an order the order's: whichever process works on it, its
spans meet in one trace, and a line of a log leads to it.
"""

import os
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

if TYPE_CHECKING:
    from hermes_base.telemetry import Telemetry

log = structlog.get_logger()

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

_UNTRACED = nullcontext()
_telemetry: "Telemetry | None" = None


def start(process: str) -> None:
    """Trace this process, where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra is installed."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return
    try:
        from hermes_base.telemetry import Telemetry, to_collector  # noqa: PLC0415  # an extra
    except ImportError:
        log.warning("nothing is traced: install hermes-control[telemetry]")
    else:
        send_to(Telemetry(process, to_collector()))


def send_to(telemetry: "Telemetry | None") -> None:
    """Send the spans of this process there from now on; None stops tracing."""
    global _telemetry  # noqa: PLW0603  # one a process, as in OpenTelemetry's own API
    _telemetry = telemetry


def stop() -> None:
    """Send what was not sent yet, for a short time: an end does not wait for a collector."""
    if _telemetry is not None:
        _telemetry.close()
        send_to(None)


def span(
    name: str, about: UUID, parent: str | None = None, **facts: object
) -> AbstractContextManager[None]:
    """One step of a run or an order, below `parent` (a traceparent of the same trace), else its root."""
    if _telemetry is None:
        return _UNTRACED
    return _telemetry.span(name, about, parent or "", facts)


def note(**facts: object) -> None:
    """Add attributes to the current span, e.g. the outcome of a step; those that are None are left out."""
    if _telemetry is not None:
        _telemetry.note(facts)


def whole(name: str, about: UUID, began: datetime | None, **facts: object) -> None:
    """The root span of a run or an order that is over, from `began` until now."""
    if _telemetry is not None and began is not None:
        _telemetry.whole(name, about, began, facts)


def traceparent() -> dict[str, Any]:
    """The W3C header of the step under way; {} where nothing is traced."""
    return {} if _telemetry is None else _telemetry.traceparent()
