"""Spans by OpenTelemetry (extra `telemetry`); imported by hermes_base.tracing alone, and only where wanted."""

# OpenTelemetry's SDK is an extra: where it is not installed, nothing of it has a type.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingImports=false, reportUntypedBaseClass=false, reportUnknownParameterType=false
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from threading import Thread
from typing import Any
from uuid import UUID

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

W3C = TraceContextTextMapPropagator()
CLOSE_SECONDS = 2.0

_root: ContextVar[UUID | None] = ContextVar("root", default=None)
"""The run or order whose root span is being made."""


def to_collector() -> Any:
    """The SpanProcessor that exports in batches by OTLP over HTTP, as the variables OTEL_EXPORTER_OTLP_* say."""
    return BatchSpanProcessor(OTLPSpanExporter())


class Telemetry:
    """The OpenTelemetry tracer of one process, and its export."""

    def __init__(self, process: str, processor: SpanProcessor) -> None:
        named = {SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME") or f"hermes-{process}"}
        self._provider = TracerProvider(
            resource=Resource.create(named), id_generator=Ids(), shutdown_on_exit=False
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("hermes")

    @contextmanager
    def span(
        self, name: str, about: UUID, parent: str, facts: Mapping[str, object]
    ) -> Generator[None]:
        """See hermes_base.tracing.span; an exception is noted in it and goes on."""
        below, known = parent_of(about, parent), attributes_of(about, facts)
        with self._tracer.start_as_current_span(name, below, attributes=known):
            yield

    def note(self, facts: Mapping[str, object]) -> None:
        """See hermes_base.tracing.note."""
        trace.get_current_span().set_attributes(texts(facts))

    def whole(self, name: str, about: UUID, began: datetime, facts: Mapping[str, object]) -> None:
        """The one span whose ids are not random: its steps, ended long ago, named it as their parent."""
        token = _root.set(about)
        try:
            at, known = int(began.timestamp() * 1e9), attributes_of(about, facts)
            self._tracer.start_span(name, Context(), attributes=known, start_time=at).end()
        finally:
            _root.reset(token)

    def traceparent(self) -> dict[str, str]:
        """See hermes_base.tracing.traceparent."""
        headers: dict[str, str] = {}
        W3C.inject(headers)
        return headers

    def close(self) -> None:
        """Send what is left; the SDK's own limits are longer than an end may last."""
        sending = Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(CLOSE_SECONDS)


class Ids(RandomIdGenerator):
    """Random ids, except for a root span: its ids are derived from the run or order."""

    def generate_trace_id(self) -> int:
        about = _root.get()
        return about.int if about else super().generate_trace_id()

    def generate_span_id(self) -> int:
        about = _root.get()
        return span_id_of(about) if about else super().generate_span_id()


def parent_of(about: UUID, traceparent: str) -> Context:
    """The span that a traceparent names, if it is of this trace; else the root."""
    named = W3C.extract({"traceparent": traceparent}, Context())
    if trace.get_current_span(named).get_span_context().trace_id == about.int:
        return named
    sampled = TraceFlags(TraceFlags.SAMPLED)
    root = SpanContext(about.int, span_id_of(about), is_remote=True, trace_flags=sampled)
    return set_span_in_context(NonRecordingSpan(root), Context())


def span_id_of(about: UUID) -> int:
    """The root's own id: the half of the trace id that is never nothing in a UUID."""
    return about.int & 0xFFFF_FFFF_FFFF_FFFF


def attributes_of(about: UUID, facts: Mapping[str, object]) -> dict[str, str]:
    return {"hermes.id": str(about), **texts(facts)}


def texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {f"hermes.{name}": str(value) for name, value in facts.items() if value is not None}
