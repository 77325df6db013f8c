"""Hermes' own figures, fetched by bundled workers over real HTTP and compared with the rows."""

import asyncio
import json
import statistics
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from aiohttp import web
from asyncpg import Record

from hermes.core.sites.input import SiteInput
from hermes_base.reasons import Reason
from hermes_fleet import hermes_api
from hermes_fleet.host import bundled, fleet_app
from hermes_fleet.http import Limits
from tests.support import asgi
from tests.support.catalog import outputs_of
from tests.support.ports import held_port
from tests.support.room import Room
from tests.support.served import Served

KEY = "a-key-for-tests"
SLUGS = ("orchestrator", "audit_log")
PATHS = {"orchestrator": "/api/operations", "audit_log": "/api/observability"}


@dataclass
class Fleet:
    """A client of the two workers."""

    http: aiohttp.ClientSession
    base: str

    async def start(self, slug: str, **payload: Any) -> dict[str, Any]:
        body = {"mode": "smoke", **payload}
        async with self.http.post(f"{self.base}/{slug}/start", json=body) as response:
            return await response.json()

    async def outputs(self, slug: str, **payload: Any) -> dict[str, Any]:
        answer = await self.start(slug, **payload)
        assert answer["status"] == "completed", answer
        assert set(answer["result"]["provenance"].values()) == {"measured"}
        return answer["result"]["outputs"]

    async def error(self, slug: str) -> dict[str, str]:
        answer = await self.start(slug)
        assert answer["status"] == "failed", answer
        return answer["error"]

    async def health(self, slug: str) -> dict[str, Any]:
        async with self.http.get(f"{self.base}/{slug}/health") as response:
            return await response.json()

    def secret(self, slug: str) -> str:
        return json.dumps({"base_url": f"{self.base}/{slug}", "api_key": KEY})


@pytest.fixture
async def fleet(tmp_path: Path) -> AsyncGenerator[Fleet]:
    workers = bundled(SLUGS)
    app = fleet_app(workers, KEY, tmp_path)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with AsyncExitStack() as stack:
        for worker in workers:
            await stack.enter_async_context(worker.running(tmp_path))
        url = await stack.enter_async_context(asgi.serving(app, "off", log_level="error"))
        http = await stack.enter_async_context(aiohttp.ClientSession(headers=headers))
        yield Fleet(http, url)


Setting = Callable[[str, str], None]


@pytest.fixture
def access(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Setting:
    """Gives the workers an address of Hermes and a file with the token."""

    def give(url: str, token: str) -> None:
        file = tmp_path / "token"
        file.write_text(token + "\n")
        monkeypatch.setenv("HERMES_URL", url)
        monkeypatch.setenv("HERMES_TOKEN_FILE", str(file))

    return give


@pytest.fixture
def hermes(served: Served, access: Setting) -> Served:
    """Hermes over real HTTP, which the workers may read."""
    served.room.clock.now = datetime.now(UTC)  # the change audit is dated by the database
    access(served.url, served.token)
    return served


async def make_history(room: Room) -> None:
    """One success, one partial, two failures, one cancelled, one still running, one queued."""
    room.register("crawl_render", "seo_kbase", "content_qa", "serp_intel")
    for slug in ("crawl_render", "content_qa"):
        service = room.catalog.service(slug)
        left_out = service.expected_outputs[:1] if slug == "content_qa" else ()
        delivered = outputs_of(service, *left_out)
        room.worker.script(slug).final = {"status": "completed", "result": {"outputs": delivered}}
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "the disk is full"}
    room.worker.script("serp_intel").polls = 99
    for slug in ("crawl_render", "content_qa", "seo_kbase", "seo_kbase"):
        await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
        await room.runner().drain()
        room.clock.forward(7)
    cancelled = await room.hermes.jobs.start_smoke(room.site.id, "ann", "crawl_render")
    await room.hermes.jobs.cancel(cancelled.job_id, "ann")
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    await room.runner().drain()
    room.clock.forward(1)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")


async def rows_of(room: Room) -> list[Record]:
    """Every run there is, newest first."""
    return await room.hermes.pool.fetch(
        "select * from service_runs order by created_at desc, id desc"
    )


async def test_the_orchestrator_reports_what_the_rows_say(hermes: Served, fleet: Fleet) -> None:
    await make_history(hermes.room)
    outputs = await fleet.outputs("orchestrator")
    jobs = await hermes.room.hermes.pool.fetch("select status from test_jobs")
    rows = await rows_of(hermes.room)
    assert +Counter(outputs["job_status"]) == Counter(job["status"] for job in jobs)
    assert set(outputs["job_status"]) == {"queued", "running", "done", "failed", "cancelled"}
    told = [(run["runId"], run["status"], run["reason"]) for run in outputs["run_history"]]
    assert told == [(str(row["id"]), row["status"], row["reason"]) for row in rows]
    assert {run["status"] for run in outputs["run_history"]} >= {"success", "partial", "failed"}
    ended = [row for row in rows if row["status"] in ("success", "partial", "failed")]
    assert set(outputs["error_rates"]) == {row["service_slug"] for row in ended}
    for slug, rate in outputs["error_rates"].items():
        assert rate == rate_of([row for row in ended if row["service_slug"] == slug])


def rate_of(rows: list[Record]) -> dict[str, float]:
    """Failures of a service, counted here from its ended runs."""
    statuses = Counter(row["status"] for row in rows)
    seconds = [(row["finished_at"] - row["started_at"]).total_seconds() for row in rows]
    return {
        "runs": len(rows),
        "failed": statuses["failed"],
        "partial": statuses["partial"],
        "rate": round(statuses["failed"] / len(rows), 4),
        "medianSeconds": round(statistics.median(seconds), 3),
    }


async def test_the_audit_log_reports_what_the_rows_say(hermes: Served, fleet: Fleet) -> None:
    await make_history(hermes.room)
    outputs = await fleet.outputs("audit_log")
    rows = await rows_of(hermes.room)
    ended = [str(row["id"]) for row in rows if row["finished_at"]]
    assert [run["runId"] for run in outputs["run_logs"]] == ended
    now = Counter(row["status"] for row in rows if row["due_at"])
    metrics = outputs["health_metrics"]
    assert (metrics["runs_queued"], metrics["runs_running"]) == (now["queued"], now["running"])
    assert (now["queued"], now["running"]) == (1, 1)
    assert {alert["service"]: alert["status"] for alert in outputs["alerts"]} == {
        "content_qa": "partial",
        "seo_kbase": "failed",
    }
    events = await hermes.room.hermes.pool.fetch("select * from audit_events order by id desc")
    told = [(event["actor"], event["action"]) for event in outputs["change_audit"]]
    assert told == [(event["actor"], event["action"]) for event in events]
    assert ("ann", "job_cancelled") in told


async def test_figures_are_those_of_the_site_that_is_named(hermes: Served, fleet: Fleet) -> None:
    room = hermes.room
    await make_history(room)
    other = SiteInput(base_url="https://other.example", name="Other")
    added = await room.hermes.sites.add(other, "bob")
    await room.hermes.jobs.start_smoke(added.id, "bob", "seo_kbase")
    of_other = await fleet.outputs("orchestrator", site_id=str(added.id))
    of_all = await fleet.outputs("orchestrator")
    assert +Counter(of_other["job_status"]) == {"queued": 1}
    assert [run["service"] for run in of_other["run_history"]] == ["seo_kbase"]
    assert of_other["error_rates"] == {}
    assert len(of_all["run_history"]) == 1 + len(await runs_of(room, room.site.id))
    logged = await fleet.outputs("audit_log", site_id=str(added.id))
    assert (logged["run_logs"], logged["alerts"]) == ([], [])
    assert {event["actor"] for event in logged["change_audit"]} == {"bob"}


async def runs_of(room: Room, site_id: UUID) -> list[Record]:
    return await room.hermes.pool.fetch("select id from service_runs where site_id = $1", site_id)


async def test_window_and_limit_reach_hermes(hermes: Served, fleet: Fleet) -> None:
    await make_history(hermes.room)
    rows = await rows_of(hermes.room)
    newest = await fleet.outputs("orchestrator", limit=2)
    assert [run["runId"] for run in newest["run_history"]] == [str(row["id"]) for row in rows[:2]]
    logged = await fleet.outputs("audit_log", limit=1)
    assert len(logged["change_audit"]) == 1
    hermes.room.clock.forward(5 * 3600)
    later = await fleet.outputs("orchestrator", window_hours=4.5)
    assert (later["run_history"], later["error_rates"]) == ([], {})
    assert not +Counter(later["job_status"])
    assert (await fleet.outputs("orchestrator", window_hours=5.5))["run_history"]


@pytest.mark.parametrize("slug", SLUGS)
async def test_hermes_smoke_tests_the_worker_and_finds_every_output(
    hermes: Served, fleet: Fleet, slug: str
) -> None:
    room = hermes.room
    service = room.catalog.service(slug)
    room.variables[service.secret] = fleet.secret(slug)
    await room.hermes.jobs.start_connections(room.site.id, "tests", slug)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
    await room.runner().drain()
    rows = {row["run_type"]: row for row in await rows_of(room)}
    connection, smoke = rows["connection"], rows["smoke"]
    assert connection["status"] == "success", connection["detail"]
    assert smoke["status"] == "success", smoke["detail"]
    assert smoke["outputs_json"]["actualOutputs"] == list(service.expected_outputs)
    assert smoke["polls"] == 0, "the worker answers at once"


@pytest.mark.parametrize("slug", SLUGS)
async def test_a_token_that_hermes_refuses_is_auth_401_and_is_not_repeated(
    hermes: Served, fleet: Fleet, access: Setting, slug: str
) -> None:
    access(hermes.url, "a-wrong-token-9876543210")
    error = await fleet.error(slug)
    assert error["code"] == Reason.AUTH_401
    assert hermes.url in error["message"]
    assert "a-wrong-token" not in error["message"]


async def test_a_token_that_is_replaced_in_its_file_is_used_at_once(
    hermes: Served, fleet: Fleet, access: Setting
) -> None:
    access(hermes.url, "old")
    assert (await fleet.error("orchestrator"))["code"] == Reason.AUTH_401
    access(hermes.url, hermes.token)
    assert (await fleet.outputs("orchestrator"))["run_history"] == []


async def test_what_hermes_says_of_a_wrong_site_is_in_the_message(
    hermes: Served, fleet: Fleet
) -> None:
    answer = await fleet.start("orchestrator", site_id="nowhere")
    assert answer["error"]["code"] == Reason.WORKER_FAILED
    assert "422: site_id: " in answer["error"]["message"]


async def test_a_path_below_which_hermes_is_not_is_wrong_endpoint_404(
    hermes: Served, fleet: Fleet, access: Setting
) -> None:
    access(f"{hermes.url}/elsewhere/", hermes.token)
    error = await fleet.error("audit_log")
    assert error["code"] == Reason.WRONG_ENDPOINT_404
    assert f"{hermes.url}/elsewhere/api/observability: 404" in error["message"]


@pytest.mark.parametrize("slug", SLUGS)
async def test_without_settings_the_worker_is_not_ready_and_says_what_lacks(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    monkeypatch.delenv("HERMES_URL", raising=False)
    monkeypatch.delenv("HERMES_TOKEN_FILE", raising=False)
    health = await fleet.health(slug)
    assert health["status"] == "not_ready"
    assert set(health["not_ready"]) == {"hermes_url", "hermes_token_file"}
    error = await fleet.error(slug)
    assert error["code"] == Reason.MISSING_CONFIG
    assert "HERMES_URL" in error["message"]
    assert "HERMES_TOKEN_FILE" in error["message"]


async def test_with_settings_the_worker_is_ready(fleet: Fleet, access: Setting) -> None:
    access("http://127.0.0.1:8400", "a-token")
    health = await fleet.health("orchestrator")
    assert (health["status"], health["not_ready"]) == ("ok", {})


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8400", "ftp://h", "http://", "http://[::1", "http://h:99999", "http://u:pass@h"],
)
async def test_an_address_that_is_none_is_missing_config_and_is_not_repeated(
    fleet: Fleet, access: Setting, url: str
) -> None:
    access(url, "a-token")
    error = await fleet.error("orchestrator")
    assert error["code"] == Reason.MISSING_CONFIG
    assert error["message"].startswith("HERMES_URL is not a plain http(s) address")
    assert "pass" not in error["message"]


@pytest.mark.parametrize("text", ["", "two\nlines", "schl\u00fcssel"])
async def test_a_file_that_holds_no_token_is_missing_config(
    fleet: Fleet, access: Setting, text: str
) -> None:
    access("http://127.0.0.1:8400", text)
    error = await fleet.error("orchestrator")
    assert error["code"] == Reason.MISSING_CONFIG
    assert error["message"] == "The file set in HERMES_TOKEN_FILE contains no token."


async def test_a_token_file_that_is_gone_is_missing_config(
    fleet: Fleet, access: Setting, tmp_path: Path
) -> None:
    access("http://127.0.0.1:8400", "a-token")
    (tmp_path / "token").unlink()
    assert (await fleet.error("orchestrator"))["code"] == Reason.MISSING_CONFIG
    assert "No such file" in (await fleet.health("orchestrator"))["not_ready"]["hermes_token_file"]


async def test_hermes_that_is_not_running_is_connect_refused(fleet: Fleet, access: Setting) -> None:
    with held_port() as port:
        access(f"http://127.0.0.1:{port}", "a-token")
        error = await fleet.error("orchestrator")
    assert error["code"] == Reason.CONNECT_REFUSED
    assert f"http://127.0.0.1:{port}" in error["message"]


async def test_a_host_name_that_does_not_resolve_is_dns(fleet: Fleet, access: Setting) -> None:
    access("http://hermes.invalid", "a-token")
    assert (await fleet.error("orchestrator"))["code"] == Reason.DNS


Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def stranger(answering: Answering) -> AsyncGenerator[str]:
    """The address of a server that is not Hermes."""
    app = web.Application()
    app.router.add_get("/{path:.*}", answering)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


FIGURES = {"jobStatus": {"done": "3"}, "runHistory": [], "errorRates": {}}


def text(body: str, status: int = 200, kind: str = "application/json", **headers: str) -> Answering:
    async def answering(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, content_type=kind, headers=headers)

    return answering


@pytest.mark.parametrize(
    ("answering", "reason"),
    [
        (text("<html></html>", kind="text/html"), Reason.HTML_APP_SHELL),
        (text("not json"), Reason.NOT_JSON),
        (text("[1]"), Reason.MALFORMED_REPLY),
        (text('{"jobStatus": {"done": 3}, "runHistory": []}'), Reason.MALFORMED_REPLY),
        (text(json.dumps(FIGURES)), Reason.MALFORMED_REPLY),
        (text("", 403), Reason.FORBIDDEN_403),
        (text("", 429), Reason.RATE_LIMITED),
        (text("no", 503), Reason.SERVER_ERROR_5XX),
        (text(" " * (hermes_api.LIMITS.size + 1)), Reason.REPLY_TOO_LARGE),
    ],
)
async def test_an_answer_without_figures_has_a_reason_of_its_own(
    fleet: Fleet, access: Setting, answering: Answering, reason: Reason
) -> None:
    async with stranger(answering) as url:
        access(url, "a-token")
        assert (await fleet.error("orchestrator"))["code"] == reason


async def test_a_redirect_is_not_followed_with_the_token(fleet: Fleet, access: Setting) -> None:
    seen: list[str] = []

    async def answering(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        raise web.HTTPFound("/elsewhere")

    async with stranger(answering) as url:
        access(url, "a-token")
        assert (await fleet.error("orchestrator"))["code"] == Reason.REDIRECT
    assert seen == [PATHS["orchestrator"]]


async def test_a_token_that_is_echoed_is_hidden(fleet: Fleet, access: Setting) -> None:
    async def answering(request: web.Request) -> web.StreamResponse:
        said = f"No entry with {request.headers['Authorization'].split()[1]}."
        return web.json_response({"message": said}, status=401)

    async with stranger(answering) as url:
        access(url, "tok-123-abc")
        error = await fleet.error("audit_log")
    assert error["message"].endswith("401: No entry with [hidden].")


async def test_silence_is_read_timeout(
    fleet: Fleet, access: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()

    async def answering(_: web.Request) -> web.StreamResponse:
        await over.wait()
        return web.Response()

    monkeypatch.setattr(hermes_api, "LIMITS", Limits(seconds=0.3))
    async with stranger(answering) as url:
        access(url, "a-token")
        assert (await fleet.error("orchestrator"))["code"] == Reason.READ_TIMEOUT
        over.set()


async def test_an_answer_that_breaks_off_is_malformed(fleet: Fleet, access: Setting) -> None:
    async def answering(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"{")
        assert request.transport is not None
        request.transport.close()
        return response

    async with stranger(answering) as url:
        access(url, "a-token")
        assert (await fleet.error("orchestrator"))["code"] == Reason.MALFORMED_REPLY


@pytest.mark.parametrize("payload", [{"window_hours": 0}, {"limit": 0}, {"limit": 1001}])
async def test_a_window_or_limit_out_of_range_is_refused_before_hermes_is_asked(
    fleet: Fleet, payload: dict[str, Any]
) -> None:
    for slug in SLUGS:
        answer = await fleet.start(slug, **payload)
        assert answer["error"]["code"] == "invalid_payload"
        assert answer["error"]["field"] in payload
