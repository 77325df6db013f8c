"""The acceptance list, each line with a test named after it."""

import asyncio

import pytest
import structlog

from hermes.core.catalog import Catalog
from tests.support.catalog import all_built, outputs_of
from tests.support.room import Room, open_room
from tests.support.worker import KEY


async def test_a1_test_connections_answers_at_once_and_checks_every_built_service(
    room: Room,
) -> None:
    room.all_succeed()
    started = await room.hermes.jobs.start_connections(room.site.id, "tests")
    assert room.worker.requests == 0, "a worker was called before the answer"
    assert started.status == "queued"
    assert len(started.services) == 13
    await room.runner().drain()
    job = await room.hermes.jobs.one(started.job_id)
    assert job.status == "done"
    assert job.summary == "Connection Test complete: 13/13 checked, 13 connected"
    table = await room.hermes.integrations.table(room.site.id)
    built = [row for row in table.services if row.readiness != "blocked"]
    assert [row.connection.state for row in built] == ["success"] * 13
    assert {row.missing.state for row in table.services} == {"not_tested"}


async def test_a2_smoke_tests_create_their_runs_at_once_and_end_with_the_sentence(
    room: Room,
) -> None:
    room.all_succeed()
    for slug in ("crawl_render", "content_qa"):
        service = room.catalog.service(slug)
        left_out = service.expected_outputs[0]
        room.worker.script(slug).final = {"result": {"outputs": outputs_of(service, left_out)}}
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "the disk is full"}
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    queued = await room.hermes.jobs.one(started.job_id)
    assert queued.summary == "Smoke Test started: 0/13 completed"
    assert {s.status for s in queued.services} == {"queued"}
    await room.finish()
    job = await room.hermes.jobs.one(started.job_id)
    assert job.summary == "Smoke Test complete: 10 passed, 2 partial, 1 failed"
    assert job.progress["total"] == job.progress["completed"] == job.progress["started"] == 13
    assert job.progress["failed"] == 1


async def test_a3_async_workers_stay_pending_until_done_over_a_change_of_runner(room: Room) -> None:
    room.register("serp_intel")
    service = room.catalog.service("serp_intel")
    script = room.worker.script("serp_intel")
    script.polls, script.final = (
        3,
        {"status": "completed", "result": {"outputs": outputs_of(service)}},
    )
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    await room.runner().drain()
    rows = (await room.hermes.integrations.table(room.site.id)).services
    (row,) = [each for each in rows if each.slug == "serp_intel"]
    assert (row.smoke.state, row.missing.text) == ("running", "Pending")
    assert row.smoke.run is not None
    assert row.smoke.run.metrics["jobId"] == "serp_intel-1"
    assert row.smoke.run.outputs.actual_outputs == ["job_started"]
    assert row.smoke.run.outputs.missing_outputs == "pending"
    await room.finish(step=5)  # another runner, as after a restart
    job = await room.hermes.jobs.one(started.job_id)
    assert job.summary == "Smoke Test complete: 1 passed"
    assert room.worker.keys.total() == 1


async def test_a5_connection_takes_built_and_configured_services_and_smoke_the_ready_ones(
    room: Room,
) -> None:
    room.register("crawl_render", "content_qa")
    connections = await room.hermes.jobs.start_connections(room.site.id, "tests")
    smoke = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    assert [s["slug"] for s in connections.services] == ["crawl_render", "content_qa"]
    assert [s["slug"] for s in smoke.services] == ["crawl_render", "content_qa"]
    left = {s["slug"]: s["state"] for s in smoke.left_out}
    assert len(left) == 14
    assert (left["serp_intel"], left["site_executor"]) == ("needs_config", "blocked")


async def test_a5_a_service_without_a_smoke_mode_is_left_out_with_that_reason(
    database_url: str,
) -> None:
    shipped = all_built()
    services = tuple(
        s.model_copy(update={"smoke": None}) if s.slug == "content_qa" else s
        for s in shipped.services
    )
    async with open_room(database_url, Catalog(version=1, services=services)) as room:
        room.register("content_qa", "crawl_render")
        smoke = await room.hermes.jobs.start_smoke(room.site.id, "tests")
        reasons = {s["slug"]: s["reason"] for s in smoke.left_out}
        assert reasons["content_qa"] == "This service has no smoke mode."
        connections = await room.hermes.jobs.start_connections(room.site.id, "tests", "content_qa")
        assert len(connections.services) == 1


async def test_a6_each_press_logs_the_site_the_number_and_the_slugs(room: Room) -> None:
    room.register("crawl_render", "content_qa")
    with structlog.testing.capture_logs() as logs:
        await room.hermes.jobs.start_smoke(room.site.id, "tests")
    (entry,) = [entry for entry in logs if entry["event"] == "test asked"]
    assert entry["siteId"] == str(room.site.id)
    assert entry["services"] == 2
    assert entry["slugs"] == ["crawl_render", "content_qa"]


async def test_a7_a_smoke_run_of_the_crawler_asks_for_ten_pages_and_never_for_a_full_crawl(
    room: Room,
) -> None:
    room.all_succeed()
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "crawl_render")
    await room.finish()
    (body,) = room.worker.bodies
    assert (body["mode"], body["max_urls"]) == ("smoke", 10)
    assert body["site"] == "https://site.example"
    assert body["site_id"] == str(room.site.id)


async def test_a7_a_full_run_is_its_own_action_with_progress_and_leaves_the_smoke_result_alone(
    room: Room,
) -> None:
    room.register("crawl_render")
    service = room.catalog.service("crawl_render")
    script = room.worker.script("crawl_render")
    script.polls, script.final = (
        2,
        {"status": "completed", "result": {"outputs": outputs_of(service)}},
    )
    started = await room.hermes.jobs.start_full(room.site.id, "tests", "crawl_render")
    runner = room.runner()
    await runner.drain()
    room.clock.forward(2)
    await room.runner().drain()
    (run,) = await room.hermes.runs.of_job(started.job_id)
    assert run.metrics["progress"] == {"done": 1, "total": 2, "unit": "steps"}
    assert room.worker.bodies[0]["mode"] == "full"
    assert room.worker.bodies[0]["max_urls"] == 900
    await room.finish(step=5)
    row = await room.hermes.integrations.service(room.site.id, "crawl_render")
    assert (row.full.state, row.smoke.state, row.missing.state) == (
        "success",
        "not_tested",
        "not_tested",
    )


async def test_a8_a_connection_run_expects_worker_health_and_misses_no_business_output(
    room: Room,
) -> None:
    room.register("crawl_render", "content_qa")
    room.worker.script("content_qa").health_status = 401
    await room.hermes.jobs.start_connections(room.site.id, "tests")
    await room.finish()
    well = (await room.hermes.integrations.service(room.site.id, "crawl_render")).connection.run
    ill = (await room.hermes.integrations.service(room.site.id, "content_qa")).connection.run
    assert well is not None
    assert ill is not None
    assert well.outputs.expected_outputs == ill.outputs.expected_outputs == ["worker_health"]
    assert (well.outputs.actual_outputs, ill.outputs.actual_outputs) == (["worker_health"], [])
    assert well.outputs.missing_outputs == ill.outputs.missing_outputs == []
    assert (ill.status, ill.reason) == ("failed", "auth_401")


@pytest.mark.parametrize(
    ("left_out", "status", "reason"),
    [
        ((), "success", None),
        (("qa_score",), "partial", "outputs_missing"),
        (("qa_score", "violations", "compliance_status", "fix_list"), "failed", "no_outputs"),
    ],
)
async def test_a9_the_verdict_follows_from_what_is_missing(
    room: Room, left_out: tuple[str, ...], status: str, reason: str | None
) -> None:
    room.register("content_qa")
    service = room.catalog.service("content_qa")
    room.worker.script("content_qa").final = {"result": {"outputs": outputs_of(service, *left_out)}}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    run = (await room.hermes.integrations.service(room.site.id, "content_qa")).smoke.run
    assert run is not None
    assert (run.status, run.reason) == (status, reason)
    assert run.outputs.missing_outputs == list(left_out)


async def test_a12_secrets_come_through_one_resolver_and_none_is_ever_stored(room: Room) -> None:
    room.all_succeed()
    service = room.catalog.service("content_qa")
    room.worker.script("content_qa").final = {
        "result": {"outputs": {**outputs_of(service), "compliance_status": f"your key is {KEY}"}}
    }
    await room.hermes.jobs.start_connections(room.site.id, "tests")
    await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    assert any(headers.get("authorization") == f"Bearer {KEY}" for headers in room.worker.headers)
    assert any(headers.get("x-api-key") == KEY for headers in room.worker.headers)
    for table in ("test_jobs", "service_runs", "run_evidence", "audit_events", "sites"):
        dump = await room.hermes.pool.fetchval(f"select json_agg(t)::text from {table} t")
        assert KEY not in dump, table


async def test_a_second_press_finds_the_open_job(room: Room) -> None:
    room.all_succeed()
    first = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    second = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    assert second.job_id == first.job_id
    assert (first.already_running, second.already_running) == (False, True)
    await room.finish()
    third = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    assert third.job_id != first.job_id


async def test_a_hundred_presses_at_once_make_one_job(room: Room) -> None:
    room.all_succeed()
    presses = [room.hermes.jobs.start_smoke(room.site.id, "tests") for _ in range(100)]
    started = await asyncio.gather(*presses)
    assert len({one.job_id for one in started}) == 1
    await room.finish()
    assert room.worker.starts.total() == 13
