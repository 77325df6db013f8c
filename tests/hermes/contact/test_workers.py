"""The calls of the contract over real HTTP: where they go, what they carry, what is kept of them."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID, uuid4

import pytest
from aiohttp import web

from hermes.contact import workers
from hermes.core.catalog import ModeSpec, Output, Service
from hermes.core.replies.values import Finished
from hermes.core.runs.model import ClaimedRun
from hermes.core.sites.site import Site
from hermes.core.worker_config import WorkerConfig, fingerprint, parse
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.reasons import Failure
from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.worker import KEY

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
RUN = UUID("00000000-0000-4000-8000-000000000001")
SITE = Site(uuid4(), "Site", "https://site.example", settings={"ga4_id": "G-1"})
SERVICE = Service(
    slug="a_worker", name="A", category="c", purpose="p", state="built", secret="S",
    requires_site=("base_url", "ga4_id"), smoke=ModeSpec(payload={"max_urls": 10}),
    expected_outputs=("x_y",), outputs=(Output(slug="x_y", label="X", type="number"),),
)  # fmt: skip


class Echo:
    """A worker that answers every path, and tells what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[web.Request] = []
        self.bodies: list[Any] = []
        self.missing: dict[str, int] = {}
        self.silent: set[str] = set()
        self.says: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        text = await request.text()
        self.bodies.append(json.loads(text) if text else None)
        if request.path in self.silent:
            await asyncio.Event().wait()
        status = self.missing.get(request.path, 200)
        return web.json_response(self.says, status=status, headers=self.headers)

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.path_qs}" for request in self.asked]


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    found = Echo()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as found:
        yield found


def config(echo: Echo, base: str = "/base/", **fields: str) -> WorkerConfig:
    found = parse(json.dumps({"url": f"{echo.url}{base}", "key": KEY, **fields}), "environment")
    assert isinstance(found, WorkerConfig)
    return found


def claimed(run_type: Any = "smoke", **metrics: Any) -> ClaimedRun:
    return ClaimedRun(
        id=RUN, job_id=uuid4(), site=SITE, service_slug="a_worker", run_type=run_type,
        status="running", phase="poll", lease_no=1, attempts=1, polls=0, expected=("x_y",),
        started_at=NOW, deadline_at=NOW + timedelta(minutes=2), metrics=metrics,
    )  # fmt: skip


ASK = ModeSpec(payload={"max_urls": 10})


async def test_a_start_carries_the_run_twice_the_key_twice_and_the_small_payload(
    client: Client, echo: Echo
) -> None:
    exchange = await workers.start(client, SERVICE, config(echo), claimed(), ASK, NOW)
    assert echo.paths == ["POST /base/start"]
    headers = echo.asked[0].headers
    assert (headers["Authorization"], headers["x-api-key"]) == (f"Bearer {KEY}", KEY)
    assert headers["Idempotency-Key"] == headers["X-Request-Id"] == str(RUN)
    assert echo.bodies == [
        {
            "max_urls": 10,
            "mode": "smoke",
            "site": "https://site.example",
            "site_id": str(SITE.id),
            "run_id": str(RUN),
            "settings": {"ga4_id": "G-1"},
        }
    ]
    assert exchange.evidence()["keyFingerprint"] == fingerprint(KEY)
    assert KEY not in json.dumps(exchange.evidence())


@pytest.mark.parametrize(
    ("fields", "run_type", "path"),
    [
        ({}, "smoke", "/base/start"),
        ({"start_path": "/run"}, "smoke", "/base/run"),
        ({"smoke_path": "/try", "start_path": "/run"}, "smoke", "/base/try"),
        ({"smoke_path": "/try", "start_path": "/run"}, "full", "/base/run"),
    ],
)
async def test_the_secret_may_name_another_start(
    client: Client, echo: Echo, fields: dict[str, str], run_type: str, path: str
) -> None:
    await workers.start(client, SERVICE, config(echo, **fields), claimed(run_type), ASK, NOW)
    assert echo.paths == [f"POST {path}"]


async def test_base_paths_and_api_are_joined_once(client: Client, echo: Echo) -> None:
    found = config(echo, "/api/", health_path="/api/health")
    await workers.health(client, SERVICE, found, ASK, NOW)
    assert echo.paths == ["GET /api/health"]


async def test_questions_use_the_read_key_and_say_which_key_it_was(
    client: Client, echo: Echo
) -> None:
    found = config(echo, read_key="read-key-1")
    asked = [
        await workers.health(client, SERVICE, found, ASK, NOW),
        await workers.status(client, SERVICE, found, claimed(), "j1", NOW),
        await workers.start(client, SERVICE, found, claimed(), ASK, NOW),
        await workers.cancel(client, found, "/cancel", claimed(), "j1", NOW),
    ]
    keys = [request.headers["x-api-key"] for request in echo.asked]
    assert keys == ["read-key-1", "read-key-1", KEY, KEY]
    assert [e.evidence()["keyFingerprint"] for e in asked] == [fingerprint(key) for key in keys]


async def test_without_a_key_none_is_sent(client: Client, echo: Echo) -> None:
    open_worker = parse(json.dumps({"url": echo.url}), "environment")
    assert isinstance(open_worker, WorkerConfig)
    await workers.health(client, SERVICE, open_worker, ASK, NOW)
    assert not {"Authorization", "x-api-key"} & set(echo.asked[0].headers)


@pytest.mark.parametrize(
    ("path", "asked", "query"),
    [
        ("/status", "/base/status", {"jobId": "a/b c&d=e+f"}),
        ("/status?v=2&job_id=", "/base/status", {"v": "2", "job_id": "a/b c&d=e+f"}),
        ("/jobs/{id}/state", "/base/jobs/a%2Fb c&d=e+f/state", {}),
        ("/report/:reportId", "/base/report/a%2Fb c&d=e+f", {}),
    ],
)
async def test_any_job_id_reaches_the_worker_whole(
    client: Client, echo: Echo, path: str, asked: str, query: dict[str, str]
) -> None:
    found = config(echo, status_path=path)
    await workers.status(client, SERVICE, found, claimed(), "a/b c&d=e+f", NOW)
    (request,) = echo.asked
    assert request.headers["X-Request-Id"] == str(RUN)
    assert dict(request.query) == query
    segments = [unquote(part) for part in request.raw_path.partition("?")[0].split("/")]
    assert segments == [unquote(part) for part in asked.split("/")]


@pytest.mark.parametrize("name", ["Location", "Retry-After"])
async def test_a_key_in_the_headers_of_an_answer_is_masked(
    client: Client, echo: Echo, name: str
) -> None:
    echo.headers = {name: f"/jobs/j1?key={KEY}", "X-Render-Routing": "edge"}
    exchange = await workers.start(client, SERVICE, config(echo), claimed(), ASK, NOW)
    assert isinstance(exchange.result, Answer)
    assert exchange.result.headers[name.lower()] == "/jobs/j1?key=[redacted]"
    assert exchange.result.headers["x-render-routing"] == "edge"


async def test_a_worker_is_polled_where_it_said(client: Client, echo: Echo) -> None:
    named = claimed(statusUrl=f"{echo.url}/elsewhere/j1")
    await workers.status(client, SERVICE, config(echo), named, "j1", NOW)
    assert echo.paths == ["GET /elsewhere/j1"]


@pytest.mark.parametrize("status", [404, 405])
async def test_where_nothing_is_at_the_named_address_the_catalogs_path_is_asked(
    client: Client, echo: Echo, status: int
) -> None:
    echo.missing = {"/elsewhere/j1": status}
    named = claimed(statusUrl=f"{echo.url}/elsewhere/j1")
    exchange = await workers.status(client, SERVICE, config(echo), named, "j1", NOW)
    assert echo.paths == ["GET /elsewhere/j1", "GET /base/status?jobId=j1"]
    assert exchange.url == f"{echo.url}/base/status?jobId=j1"


async def test_at_its_deadline_a_run_is_asked_once_more_and_not_for_long(
    client: Client, echo: Echo
) -> None:
    echo.silent = {"/base/status"}
    late = claimed().deadline_at
    exchange = await workers.status(client, SERVICE, config(echo), claimed(), "j1", late)
    assert isinstance(exchange.result, Failure)
    assert "within 2 s" in exchange.result.detail


@pytest.mark.parametrize(
    ("fields", "path"),
    [({}, "/base/cancel?jobId=j1"), ({"cancel_path": "/stop/{id}"}, "/base/stop/j1")],
)
async def test_a_job_is_cancelled_where_the_secret_says_else_where_the_catalog_does(
    client: Client, echo: Echo, fields: dict[str, str], path: str
) -> None:
    await workers.cancel(client, config(echo, **fields), "/cancel", claimed(), "j1", NOW)
    assert echo.paths == [f"POST {path}"]


@pytest.mark.parametrize("foreign", ["http://127.0.0.1:1/x", "https://other.example/x", 7, ""])
async def test_a_named_address_on_another_origin_is_never_asked(
    client: Client, echo: Echo, foreign: Any
) -> None:
    await workers.status(client, SERVICE, config(echo), claimed(statusUrl=foreign), "j1", NOW)
    assert echo.paths == ["GET /base/status?jobId=j1"]


async def test_the_secrets_status_path_wins_over_the_named_address(
    client: Client, echo: Echo
) -> None:
    named = claimed(statusUrl=f"{echo.url}/elsewhere/j1")
    await workers.status(client, SERVICE, config(echo, status_path="/s/{id}"), named, "j1", NOW)
    assert echo.paths == ["GET /base/s/j1"]


@pytest.mark.parametrize(
    ("fields", "reply", "job_id", "path"),
    [
        ({}, Finished({}), "j1", None),
        ({"result_path": "/findings?job_id="}, Finished({}), "j1", "/base/findings?job_id=j1"),
        ({"result_path": "/results/{id}"}, Finished({"jobId": "j2"}), None, "/base/results/j2"),
        ({"result_path": "/results"}, Finished({}), None, None),
        ({"result_path": "/results"}, Finished({"result": {"x_y": 1}}), "j1", None),
    ],
)
def test_a_secret_may_say_where_results_stand(
    fields: dict[str, str], reply: Finished, job_id: str | None, path: str | None
) -> None:
    echo = Echo()
    echo.url = "https://w.example"
    url = workers.result_address(config(echo, **fields), reply, job_id)
    assert url == (path and f"https://w.example{path}")


def echoes(key: str) -> dict[str, str]:
    basic = base64.b64encode(f"user:{key}".encode()).decode()
    return {
        "plain": f"Bearer {key}",
        "url": f"/x?key={quote(key, safe='')}",
        "base64": base64.b64encode(key.encode()).decode(),
        "basic": f"Basic {basic}",
    }


async def test_an_echoed_key_is_gone_before_anything_is_read_or_cut_off(
    client: Client, echo: Echo
) -> None:
    echo.says = {"pad": "x" * 150, **echoes(KEY)}
    exchange = await workers.health(client, SERVICE, config(echo), ASK, NOW)
    assert not isinstance(exchange.result, Failure)
    body = exchange.result.body.decode()
    assert not [form for form in echoes(KEY).values() if form in body]
    assert body.count("[redacted]") == 4
    assert KEY[:6] not in exchange.evidence()["body"]


# ---- with the runner


async def finish(room: Room, slug: str) -> Any:
    await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
    await room.finish(step=5)
    run = (await room.hermes.integrations.service(room.site.id, slug)).smoke.run
    assert run is not None
    return run


async def test_a_job_is_followed_to_the_addresses_that_the_worker_names(room: Room) -> None:
    """202 with its own status address; done with a result address; the result stands there."""
    outputs = outputs_of(room.catalog.service("serp_intel"))
    asked: list[str] = []

    async def on_start(_: web.Request) -> web.StreamResponse:
        named = {"report_id": "r1", "status_url": "/serp_intel/status?report=r1"}
        return web.json_response(named, status=202)

    async def on_status(request: web.Request) -> web.StreamResponse:
        asked.append(request.query_string)
        if request.query.get("part") == "findings":
            return web.json_response({"data": outputs})
        done = {"status": "completed", "result_url": "/serp_intel/status?part=findings"}
        return web.json_response(done if len(asked) > 1 else {"status": "processing"})

    script = room.worker.script("serp_intel")
    script.on_start, script.on_status = on_start, on_status
    room.register("serp_intel")
    run = await finish(room, "serp_intel")
    assert (run.status, run.reason) == ("success", None)
    assert asked == ["report=r1", "report=r1", "part=findings"]
    assert run.metrics["jobId"] == "r1"
    assert run.outputs.debug["requested"].endswith("/serp_intel/status?part=findings")


@pytest.mark.parametrize(
    ("result", "status", "reason"),
    [
        ({"status": "processing"}, 200, "malformed_reply"),
        ({}, 404, "wrong_endpoint_404"),
        ({}, 503, "server_error_5xx"),
        ({"data": {}}, 200, "no_outputs"),
    ],
)
async def test_a_finished_start_whose_result_is_not_where_it_said_is_a_failure(
    room: Room, result: dict[str, Any], status: int, reason: str
) -> None:
    async def on_start(_: web.Request) -> web.StreamResponse:
        done = {"status": "completed", "result_url": "/content_qa/status?part=result"}
        return web.json_response(done)

    async def on_status(_: web.Request) -> web.StreamResponse:
        return web.json_response(result, status=status)

    script = room.worker.script("content_qa")
    script.on_start, script.on_status = on_start, on_status
    room.register("content_qa")
    run = await finish(room, "content_qa")
    assert (run.status, run.reason) == ("failed", reason)
    assert room.worker.starts["content_qa"] == 1, "a finished start is not repeated"


async def test_no_encoding_of_the_key_is_ever_stored(room: Room) -> None:
    service = room.catalog.service("content_qa")
    room.worker.script("content_qa").final = {
        "result": {
            "outputs": {**outputs_of(service), "violations": [{"rule": "r1", **echoes(KEY)}]},
            "metrics": echoes(KEY),
            "missing": {"qa_score": " ".join(echoes(KEY).values())},
        }
    }
    room.register("content_qa")
    assert (await finish(room, "content_qa")).status == "success"
    for table in ("test_jobs", "service_runs", "run_evidence", "audit_events"):
        dump = await room.hermes.pool.fetchval(f"select json_agg(t)::text from {table} t")
        assert not [form for form in echoes(KEY).values() if form in (dump or "")], table


async def test_a_converted_value_says_so_in_the_run(room: Room) -> None:
    service = room.catalog.service("core_web_vitals")
    outputs = {k: v for k, v in outputs_of(service).items() if k != "lcp"}
    final = {"status": "done", "data": {**outputs, "lcp_seconds": 2.5}}
    room.worker.script("core_web_vitals").final = final
    room.register("core_web_vitals")
    run = await finish(room, "core_web_vitals")
    assert run.outputs.metrics["lcp"] == 2500
    assert run.metrics["notes"]["lcp"] == "Returned as 2.5 in s."
