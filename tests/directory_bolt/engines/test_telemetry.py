"""OpenTelemetry: the steps of a run, and the hops of an order, in one trace named by its own id."""

# pyright: reportMissingImports=false
import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
from aiohttp import web

from directory_bolt.processes.relay import Relay
from hermes_base import tracing
from hermes_base.postgres.database import open_pool
from tests.directory_bolt.processes.shop import Shop, shop_on
from tests.support.catalog import outputs_of
from tests.support.room import Room

pytest.importorskip(
    "opentelemetry.sdk", reason="OpenTelemetry lives in .venv-engines: make engines"
)


@pytest.fixture
def spans() -> Iterator[Any]:
    """What was traced, in memory."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from hermes_base.telemetry import Telemetry

    exporter = InMemorySpanExporter()
    tracing.send_to(Telemetry("test", SimpleSpanProcessor(exporter)))
    yield exporter
    tracing.stop()


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    pool = await open_pool(database_url, size=8)
    yield shop_on(pool, tmp_path)
    await pool.close()


def in_trace_of(spans: Any, about: UUID) -> list[Any]:
    """The spans of a trace, in the order in which they ended."""
    return [each for each in spans.get_finished_spans() if each.context.trace_id == about.int]


async def test_the_steps_of_a_run_are_one_trace_and_the_worker_is_told_of_it(
    room: Room, spans: Any
) -> None:
    script = room.worker.script("serp_intel")
    outputs = outputs_of(room.catalog.service("serp_intel"))
    script.polls, script.final = 1, {"status": "completed", "result": {"outputs": outputs}}
    room.register("serp_intel")
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    await room.finish(step=5)
    run = (await room.hermes.integrations.service(room.site.id, "serp_intel")).smoke.run
    assert run is not None
    assert run.status == "success"
    found = in_trace_of(spans, run.id)
    assert len(found) == len(spans.get_finished_spans()) >= 3, "start, poll, whole"
    steps, whole = found[:-1], found[-1]
    assert (whole.name, whole.parent) == ("run", None)
    assert {step.parent.span_id for step in steps} == {whole.context.span_id}
    statuses = [step.attributes["hermes.status"] for step in steps]
    assert statuses == ["running", "running", "success"]
    (sent,) = [headers.get("traceparent") for headers in room.worker.headers]  # of the start
    assert sent == f"00-{run.id.hex}-{steps[0].context.span_id:016x}-01"


async def test_the_hops_of_an_order_are_one_trace_carried_by_header_and_message(
    shop: Shop, spans: Any
) -> None:
    from tests.directory_bolt.processes.test_brain_and_relay import TOKEN, thinking

    await shop.directories("a", "b")
    job_id = await shop.order(2)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with thinking(shop) as url, aiohttp.ClientSession(headers=headers) as session:
        assert await Relay(shop.pool, lambda: url, TOKEN).turn(session) == 1
    await shop.subscriber().turn()
    await shop.worker().drain()
    assert (await shop.job(job_id)).status == "completed"
    found = in_trace_of(spans, job_id)
    assert len(found) == len(spans.get_finished_spans())
    by_name = {each.name: each for each in found}
    names = ["order enqueue", "order relay", "order trigger", *["order directory"] * 2, "order"]
    assert [each.name for each in found] == names
    above = {name: each.parent.span_id if each.parent else None for name, each in by_name.items()}
    root = by_name["order"].context.span_id
    assert above == {
        "order relay": root, "order enqueue": by_name["order relay"].context.span_id,
        "order trigger": by_name["order enqueue"].context.span_id, "order directory": root,
        "order": None,
    }  # fmt: skip


async def test_a_traceparent_of_another_trace_is_not_believed(spans: Any) -> None:
    about = uuid4()
    with tracing.span("a", about, f"00-{uuid4().hex}-00000000000000aa-01"):
        pass
    with tracing.span("b", about, "nonsense"):
        pass
    assert {each.parent.span_id for each in in_trace_of(spans, about)} == {about.int & (2**64 - 1)}


async def test_what_went_wrong_stands_in_the_span_and_goes_on(spans: Any) -> None:
    about = uuid4()
    with pytest.raises(LookupError), tracing.span("a", about):
        raise LookupError("lost")
    (found,) = in_trace_of(spans, about)
    assert found.status.is_ok is False


@asynccontextmanager
async def collector(received: list[bytes]) -> AsyncGenerator[str]:
    """Where OTLP is sent to."""

    async def take(request: web.Request) -> web.Response:
        assert request.path == "/v1/traces"
        received.append(await request.read())
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_spans_reach_a_collector_by_the_end_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    received: list[bytes] = []
    about = uuid4()
    async with collector(received) as url:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        tracing.start("runner")
        with tracing.span("run starting", about, service="serp_intel"):
            pass
        await asyncio.to_thread(tracing.stop)
    (told,) = ExportTraceServiceRequest.FromString(received[0]).resource_spans
    names = {each.key: each.value.string_value for each in told.resource.attributes}
    assert names["service.name"] == "hermes-runner"
    (span,) = told.scope_spans[0].spans
    assert (span.name, span.trace_id) == ("run starting", about.bytes)
    assert tracing.traceparent() == {}


def test_a_collector_that_never_answers_does_not_hold_the_end_of_a_process_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "3600")
        tracing.start("runner")
        with tracing.span("run starting", uuid4()):
            pass
        tracing.stop()  # returns, although the collector has not even taken the connection
        connected, _ = silent.accept()
        connected.close()
