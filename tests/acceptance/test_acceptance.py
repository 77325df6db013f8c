"""The acceptance list, each line with a test named after it."""

from support.room import Room, outputs_of


async def test_a1_test_connections_answers_at_once_and_checks_every_built_service(
    room: Room,
) -> None:
    room.all_succeed()
    started = await room.hermes.start_connections(room.site.id, "tests")
    assert room.worker.requests == 0, "a worker was called before the answer"
    assert started.status == "queued"
    assert len(started.services) == 13
    await room.runner().drain()
    job = await room.hermes.job(started.job_id)
    assert job.status == "done"
    assert job.summary == "Connection Test complete: 13/13 checked, 13 connected"
    table = await room.hermes.integrations(room.site.id)
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
    started = await room.hermes.start_smoke(room.site.id, "tests")
    queued = await room.hermes.job(started.job_id)
    assert queued.summary == "Smoke Test started: 0/13 completed"
    assert {s.status for s in queued.services} == {"queued"}
    await room.finish()
    job = await room.hermes.job(started.job_id)
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
    started = await room.hermes.start_smoke(room.site.id, "tests", "serp_intel")
    await room.runner().drain()
    row = (await room.hermes.integrations(room.site.id)).services[1]
    assert (row.smoke.state, row.missing.text) == ("running", "Pending")
    assert row.smoke.run is not None
    assert row.smoke.run.metrics["jobId"] == "serp_intel-1"
    assert row.smoke.run.outputs.actual_outputs == ["job_started"]
    assert row.smoke.run.outputs.missing_outputs == "pending"
    await room.finish(step=5)  # another runner, as after a restart
    job = await room.hermes.job(started.job_id)
    assert job.summary == "Smoke Test complete: 1 passed"
    assert room.worker.keys.total() == 1
