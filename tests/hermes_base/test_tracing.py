"""Traces are optional: without the variable nothing of OpenTelemetry is even imported."""

import os
import subprocess
import sys
from uuid import uuid4

import pytest

from hermes_base import tracing

LOOK = """
import sys
import hermes.wiring.up, hermes.wiring.web_server, directory_bolt.wiring, hermes.wiring.program
from hermes_base import tracing
tracing.start("runner")
ours = ("opentelemetry.sdk", "opentelemetry.exporter", "hermes_base.telemetry")
print(sorted(name for name in sys.modules if name.startswith(ours)))
"""


def test_nothing_is_imported_where_nothing_is_asked_for() -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    told = subprocess.run(
        [sys.executable, "-c", LOOK], env=kept, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_without_the_extra_hermes_says_so_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "hermes_base.telemetry", None)
    monkeypatch.setattr(tracing, "log", LogToStdout())
    tracing.start("runner")
    with tracing.span("run starting", uuid4()):
        assert tracing.traceparent() == {}
    tracing.stop()
    assert "hermes-control[telemetry]" in capsys.readouterr().out


class LogToStdout:
    def warning(self, text: str) -> None:
        print(text)
