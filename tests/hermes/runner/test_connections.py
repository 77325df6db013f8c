"""Connection tests: what they prove, what they tell apart, and hosts that sleep."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from hermes.core.catalog import Service
from hermes.core.sites.input import SiteInput
from hermes.core.views import RunView
from hermes.core.worker_config import fingerprint
from tests.support.room import Room
from tests.support.worker import KEY

SLUG = "content_qa"


def changed(room: Room, **changes: Any) -> Service:
    """The service under test, with other catalog fields."""
    service = room.catalog.service(SLUG).model_copy(update=changes)
    room.catalog.by_name[SLUG] = service
    return service


async def connect(room: Room) -> RunView:
    await room.hermes.jobs.start_connections(room.site.id, "tests", SLUG)
    await room.finish(step=1, seconds=200)
    run = (await room.hermes.integrations.service(room.site.id, SLUG)).connection.run
    assert run is not None
    return run


def facts(run: RunView) -> dict[str, Any]:
    return run.metrics["worker"]


def answering(status: int, body: object, content_type: str = "application/json", **headers: str):  # type: ignore[no-untyped-def]
    async def handler(request: web.Request) -> web.StreamResponse:
        del request
        if content_type == "application/json":
            return web.json_response(body, status=status, headers=headers)
        return web.Response(
            text=str(body), status=status, content_type=content_type, headers=headers
        )

    return handler


async def test_a_public_health_path_and_an_unknown_job_prove_that_the_key_was_accepted(
    room: Room,
) -> None:
    room.register(SLUG)
    run = await connect(room)
    assert run.status == "success"
    assert facts(run)["keyProof"] == "the key was accepted; a wrong key is rejected"


async def test_a_worker_with_public_health_that_refuses_our_key_is_not_connected(
    room: Room,
) -> None:
    room.register(SLUG)
    room.worker.script(SLUG).on_status = answering(401, {"error": "bad key"})
    run = await connect(room)
    assert (run.status, run.reason) == ("failed", "auth_401")


async def test_fingerprints_that_differ_are_named_before_anything_is_refused(room: Room) -> None:
    room.register(SLUG)
    room.worker.script(SLUG).health = {
        "status": "ok",
        "expected_key_fingerprint": fingerprint("another-key"),
    }
    run = await connect(room)
    assert (run.status, run.reason) == ("failed", "api_key_mismatch")
    assert fingerprint("another-key") in (run.detail or "")
    assert fingerprint(KEY) in (run.detail or "")


async def test_a_protected_path_is_asked_with_a_wrong_key_too(room: Room) -> None:
    async def guarded(request: web.Request) -> web.StreamResponse:
        known = request.headers.get("x-api-key") == KEY
        return web.json_response({"error": "unknown job"}, status=404 if known else 401)

    room.register(SLUG)
    changed(room, protected_path="/status")
    room.worker.script(SLUG).on_status = guarded
    run = await connect(room)
    assert run.status == "success"
    assert facts(run)["keyProof"] == "the key was accepted; a wrong key is rejected"


@pytest.mark.parametrize(
    ("health", "status", "words"),
    [
        ({}, (404, {"error": "unknown job"}), "A wrong key is not rejected"),
        ({}, (200, {"status": "completed", "result": {}}), "for a job that does not exist"),
        ({}, (404, {"detail": "Not Found"}), "could not check whether the key is accepted"),
        (
            {"service": "crawl_render"},
            (404, {"error": "no"}),
            "identifies itself as 'crawl_render'",
        ),
        ({"not_ready": {"browser": "none found"}}, (404, {"error": "no"}), "browser: none found"),
        ({"ready": False}, (404, {"error": "no"}), "not ready"),
    ],
)
async def test_a_worker_of_which_something_is_not_proven_is_connected_in_amber(
    room: Room, health: dict[str, Any], status: tuple[int, object], words: str
) -> None:
    room.register(SLUG)
    script = room.worker.script(SLUG)
    script.health = {"status": "ok", **health}
    script.on_status = answering(*status)
    run = await connect(room)
    assert (run.status, run.status_text, run.reason) == (
        "partial", "Connected, not proven", "not_proven",
    )  # fmt: skip
    assert words in (run.detail or "")
    assert run.outputs.actual_outputs == ["worker_health"]
    row = (await room.hermes.integrations.table(room.site.id)).services
    state = next(each.connection for each in row if each.slug == SLUG)
    assert (state.state, state.text) == ("partial", "Connected, not proven")
    job = await room.hermes.jobs.one(run.job_id)
    assert job.summary.endswith("0 connected, 1 not proven")


async def test_a_worker_that_mirrors_the_fingerprint_of_any_key_proves_nothing(room: Room) -> None:
    async def mirror(request: web.Request) -> web.StreamResponse:
        told = fingerprint(request.headers["x-api-key"])
        return web.json_response({"status": "ok", "expected_key_fingerprint": told})

    room.register(SLUG)
    room.worker.script(SLUG).on_health = mirror
    run = await connect(room)
    assert run.status == "partial"
    assert "whatever key it was sent" in (run.detail or "")


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (answering(404, {"error": "no route"}), "Reachable, wrong path"),
        (
            answering(404, "Not Found", "text/plain", **{"x-render-routing": "no-server"}),
            "Wrong host",
        ),
        (answering(404, "No such app", "text/plain"), "Wrong host"),
        (answering(404, "<!doctype html><h1>DEPLOYMENT_NOT_FOUND</h1>", "text/html"), "Wrong host"),
    ],
)
async def test_a_wrong_path_is_told_apart_from_a_wrong_host(
    room: Room, handler: Any, words: str
) -> None:
    room.register(SLUG)
    room.worker.script(SLUG).on_health = handler
    run = await connect(room)
    assert run.reason == "wrong_endpoint_404"
    assert (run.detail or "").startswith(words)


async def test_an_app_shell_is_not_health(room: Room) -> None:
    room.register(SLUG)
    room.worker.script(SLUG).on_health = answering(
        200, "<!doctype html><div id=root></div>", "text/html"
    )
    assert (await connect(room)).reason == "html_app_shell"


async def test_b8_a_sleeping_host_is_waited_for_once_and_shown_as_warming_up(room: Room) -> None:
    async def waking(request: web.Request) -> web.StreamResponse:
        del request
        if (room.clock.now - began).total_seconds() < 20:
            return web.json_response({"error": "waking"}, status=503)
        return web.json_response({"status": "ok"})

    began = room.clock.now
    room.register(SLUG)
    changed(room, warm_up_seconds=60)
    room.worker.script(SLUG).on_health = waking
    await room.hermes.jobs.start_connections(room.site.id, "tests", SLUG)
    await room.runner().drain()
    under_way = (await room.hermes.integrations.service(room.site.id, SLUG)).connection.run
    assert under_way is not None
    assert under_way.status == "running"
    assert under_way.metrics["warmUp"]["trouble"]["reason"] == "server_error_5xx"
    await room.finish(step=1, seconds=100)
    run = (await room.hermes.integrations.service(room.site.id, SLUG)).connection.run
    assert run is not None
    assert run.status == "success"
    assert 20 <= run.metrics["warmUp"]["seconds"] <= 26


async def test_b8_a_host_that_never_wakes_fails_with_its_reason_after_its_allowance(
    room: Room,
) -> None:
    changed(room, warm_up_seconds=30)
    room.variables["HERMES_WORKER_CONTENT_QA"] = (
        '{"base_url": "http://127.0.0.1:9", "api_key": "key-key"}'
    )
    began = room.clock.now
    run = await connect(room)
    assert (run.status, run.reason) == ("failed", "connect_refused")
    assert 30 <= (room.clock.now - began).total_seconds() <= 40


async def test_b8_a_smoke_run_waits_for_a_sleeping_host_and_starts_once(room: Room) -> None:
    from tests.support.catalog import outputs_of

    room.register(SLUG)
    changed(room, warm_up_seconds=60)
    good = room.variables["HERMES_WORKER_CONTENT_QA"]
    room.variables["HERMES_WORKER_CONTENT_QA"] = (
        '{"base_url": "http://127.0.0.1:9", "api_key": "key-key"}'
    )
    service = room.catalog.service(SLUG)
    room.worker.script(SLUG).final = {"result": {"outputs": outputs_of(service)}}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.runner().drain()
    room.variables["HERMES_WORKER_CONTENT_QA"] = good
    await room.finish(step=1, seconds=60)
    run = (await room.hermes.integrations.service(room.site.id, SLUG)).smoke.run
    assert run is not None
    assert (run.status, room.worker.starts.total()) == ("success", 1)
    assert run.metrics["warmUp"]["tries"] >= 1


async def test_b8_a_start_that_cannot_be_repeated_is_sent_only_to_a_host_that_is_awake(
    room: Room,
) -> None:
    from tests.support.catalog import outputs_of

    async def waking(request: web.Request) -> web.StreamResponse:
        del request
        asleep = (room.clock.now - began).total_seconds() < 20
        return web.json_response(
            {"status": "waking" if asleep else "ok"}, status=503 if asleep else 200
        )

    began = room.clock.now
    room.register(SLUG)
    service = changed(room, warm_up_seconds=60, honours_idempotency=False)
    room.worker.script(SLUG).on_health = waking
    room.worker.script(SLUG).final = {"result": {"outputs": outputs_of(service)}}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.finish(step=1, seconds=100)
    run = (await room.hermes.integrations.service(room.site.id, SLUG)).smoke.run
    assert run is not None
    assert (run.status, room.worker.starts.total()) == ("success", 1)
    assert 20 <= run.metrics["warmUp"]["seconds"] <= 26


async def test_a_dead_worker_on_this_machine_fails_at_once(room: Room) -> None:
    changed(room, warm_up_seconds=None)
    room.variables["HERMES_WORKER_CONTENT_QA"] = (
        '{"base_url": "http://127.0.0.1:9", "api_key": "key-key"}'
    )
    began = room.clock.now
    assert (await connect(room)).reason == "connect_refused"
    assert room.clock.now == began


async def test_a_thousand_connection_tests_at_once_never_crowd_one_host(room: Room) -> None:
    at_once, most = 0, 0

    async def counting(request: web.Request) -> web.StreamResponse:
        nonlocal at_once, most
        del request
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.002)
        at_once -= 1
        return web.json_response({"status": "ok"})

    room.all_succeed()
    for service in room.catalog.workers:
        room.worker.script(service.slug).on_health = counting
    for number in range(77):
        site = await room.hermes.sites.add(
            SiteInput(base_url=f"https://c{number}.example"), "tests"
        )
        await room.hermes.jobs.start_connections(site.id, "tests")
    await room.finish()
    done = await room.hermes.pool.fetchval(
        "select count(*) from service_runs where status = 'success'"
    )
    assert done == 77 * 13
    assert most <= 64, "the limit of the room's client"
