"""What the runner does with slow, dead and forgetful workers, cancels, and other runners."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from hermes.core.views import RunView
from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.waiting import until


async def smoke(room: Room, slug: str) -> None:
    room.register(slug)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)


async def latest(room: Room, slug: str) -> RunView:
    run = (await room.hermes.integrations.service(room.site.id, slug)).smoke.run
    assert run is not None
    return run


def finished(room: Room, slug: str) -> dict[str, object]:
    return {"status": "completed", "result": {"outputs": outputs_of(room.catalog.service(slug))}}


async def test_a_job_that_never_ends_fails_at_its_deadline_and_keeps_its_slot_until_it_has_ended(
    room: Room,
) -> None:
    async def later(request: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "cancelling"}, status=202)

    script = room.worker.script("serp_intel")
    script.polls, script.final, script.on_cancel = 10_000, finished(room, "serp_intel"), later
    await smoke(room, "serp_intel")
    await room.finish(seconds=600, step=10)
    run = await latest(room, "serp_intel")
    assert (run.status, run.reason) == ("failed", "deadline_passed")
    held = "select holds_slot from service_runs"
    room.clock.forward(60)
    await room.runner().drain()
    assert await room.hermes.pool.fetchval(held) is True, "the worker has not confirmed yet"
    assert room.worker.cancels == ["serp_intel-1"]
    room.worker.cancelled.add("serp_intel-1")
    room.clock.forward(60)
    await room.runner().drain()
    assert await room.hermes.pool.fetchval(held) is False
    assert (await latest(room, "serp_intel")).status == "failed"


async def test_a_further_start_waits_while_the_job_of_a_terminal_run_may_go_on(room: Room) -> None:
    """Two slots: both runs are over for Hermes, but the worker has not said that their jobs are."""
    from hermes.core.sites.input import SiteInput

    async def later(request: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "cancelling"}, status=202)

    script = room.worker.script("serp_intel")
    script.polls, script.final, script.on_cancel = 10_000, finished(room, "serp_intel"), later
    assert room.catalog.service("serp_intel").max_concurrency == 2
    await smoke(room, "serp_intel")
    other = await room.hermes.sites.add(SiteInput(base_url="https://b.example"), "tests")
    await room.hermes.jobs.start_smoke(other.id, "tests", "serp_intel")
    await room.finish(seconds=600, step=10)
    assert {run.status for run in await room.hermes.runs.of(other.id)} == {"failed"}
    third = await room.hermes.sites.add(SiteInput(base_url="https://c.example"), "tests")
    await room.hermes.jobs.start_smoke(third.id, "tests", "serp_intel")
    room.clock.forward(60)
    await room.runner().drain()
    assert room.worker.polled["serp_intel-1"], "the drained runner did look at the job"
    assert room.worker.starts["serp_intel"] == 2
    room.worker.cancelled.add("serp_intel-1")
    for _ in range(2):  # the slot is free once the job was looked at again
        room.clock.forward(60)
        await room.runner().drain()
    assert room.worker.starts["serp_intel"] == 3


async def test_a_second_press_of_cancel_does_not_start_the_grace_anew(room: Room) -> None:
    """60 s after the first press a worker that goes on is not waited for any longer."""

    async def later(request: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "cancelling"}, status=202)

    script = room.worker.script("serp_intel")
    script.polls, script.final, script.on_cancel = 10_000, finished(room, "serp_intel"), later
    await smoke(room, "serp_intel")
    await room.runner().drain()
    run = await latest(room, "serp_intel")
    await room.hermes.runs.cancel(run.id, "tests")
    await room.runner().drain()
    room.clock.forward(50)
    await room.runner().drain()
    assert (await latest(room, "serp_intel")).status == "running"
    await room.hermes.runs.cancel(run.id, "tests")
    await room.runner().drain()
    room.clock.forward(11)
    await room.runner().drain()
    run = await latest(room, "serp_intel")
    assert (run.status, run.detail) == ("cancelled", "The worker did not confirm the cancellation.")


async def test_a_cancelled_job_is_cancelled_at_the_worker(room: Room) -> None:
    script = room.worker.script("serp_intel")
    script.polls, script.final = 10_000, finished(room, "serp_intel")
    await smoke(room, "serp_intel")
    await room.runner().drain()
    run = await latest(room, "serp_intel")
    await room.hermes.runs.cancel(run.id, "tests")
    await room.finish(step=1, seconds=30)
    run = await latest(room, "serp_intel")
    assert (run.status, run.reason, run.missing.state) == ("cancelled", "cancelled", "cancelled")
    assert room.worker.cancels == ["serp_intel-1"]


async def test_a_cancel_during_a_poll_still_reaches_the_worker(room: Room) -> None:
    polled, released = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        job_id = request.query["jobId"]
        polled.set()
        await released.wait()
        ended = job_id in room.worker.cancelled
        return web.json_response({"jobId": job_id, "status": "cancelled" if ended else "running"})

    script = room.worker.script("serp_intel")
    script.polls, script.on_status = 10_000, slow
    await smoke(room, "serp_intel")
    await room.runner().drain()
    run = await latest(room, "serp_intel")
    room.clock.forward(5)
    runner = room.runner()
    draining = asyncio.create_task(runner.drain())
    await asyncio.wait_for(polled.wait(), 10)
    await room.hermes.runs.cancel(run.id, "tests")
    runner._noticed({"drop": [str(run.id)]})
    released.set()
    await draining
    await room.finish(step=1, seconds=30)
    assert room.worker.cancels == ["serp_intel-1"]
    assert (await latest(room, "serp_intel")).status == "cancelled"


async def test_cancelling_a_queued_job_ends_it_without_asking_any_worker(room: Room) -> None:
    room.all_succeed()
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    job = await room.hermes.jobs.cancel(started.job_id, "tests")
    assert job.status == "cancelled"
    assert job.summary == "Smoke Test cancelled: 0 passed, 13 cancelled"
    await room.finish()
    assert room.worker.requests == 0


async def test_a_start_that_was_never_answered_is_repeated_with_the_same_key_where_that_is_safe(
    room: Room,
) -> None:
    """The runner's lease lapses after the start was sent; the next runner sends it again."""
    script = room.worker.script("serp_intel")
    script.polls, script.final = 1, finished(room, "serp_intel")
    await smoke(room, "serp_intel")
    await _claim_and_forget(room)
    room.clock.forward(31)
    await room.finish(step=5)
    assert (await latest(room, "serp_intel")).status == "success"
    assert set(room.worker.keys.values()) == {1}


async def test_a_start_that_was_never_answered_is_not_repeated_where_it_could_run_twice(
    room: Room,
) -> None:
    service = room.catalog.service("serp_intel")
    room.catalog.by_name["serp_intel"] = service.model_copy(update={"honours_idempotency": False})
    await smoke(room, "serp_intel")
    await _claim_and_forget(room)
    room.clock.forward(31)
    await room.finish()
    run = await latest(room, "serp_intel")
    assert (run.status, run.reason) == ("failed", "start_outcome_unknown")
    assert room.worker.starts.total() == 0


async def _claim_and_forget(room: Room) -> None:
    """A runner that dies right after its claim."""
    from hermes.storage.runs import claiming

    caps = {s.slug: s.max_concurrency for s in room.catalog.workers}
    claimed = await claiming.claim_starts(
        room.hermes.pool, "dead", caps, 10, room.clock(), timedelta(seconds=30)
    )
    assert len(claimed) == 1


async def test_what_a_runner_says_after_its_lease_was_lost_is_not_written(room: Room) -> None:
    """A slow runner comes back after another has finished the run: its answer is dropped."""
    released = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        first = room.worker.starts["content_qa"] == 1
        if first:
            await released.wait()
        outputs = {} if first else outputs_of(room.catalog.service("content_qa"))
        return web.json_response({"result": {"outputs": outputs}})

    room.worker.script("content_qa").on_start = slow
    await smoke(room, "content_qa")
    stalled = asyncio.create_task(room.runner().drain())
    await until(lambda: room.worker.starts["content_qa"], "the worker is started")
    room.clock.forward(31)
    await room.runner().drain()
    assert (await latest(room, "content_qa")).status == "success"
    released.set()
    await stalled
    assert (await latest(room, "content_qa")).status == "success"


async def test_a_worker_that_forgot_the_job_is_said_to_have_forgotten_it(room: Room) -> None:
    room.worker.script("serp_intel").polls = 5
    await smoke(room, "serp_intel")
    await room.runner().drain()
    room.worker.jobs.clear()
    await room.finish(step=2)
    run = await latest(room, "serp_intel")
    assert (run.status, run.reason) == ("failed", "job_unknown_to_worker")


async def test_a_worker_that_is_away_for_a_while_is_waited_for(room: Room) -> None:
    script = room.worker.script("serp_intel")
    script.polls, script.final = 1, finished(room, "serp_intel")
    await smoke(room, "serp_intel")
    await room.runner().drain()
    good = room.variables["HERMES_WORKER_SERP_INTEL"]
    room.variables["HERMES_WORKER_SERP_INTEL"] = (
        '{"base_url": "http://127.0.0.1:9/x", "api_key": "k"}'
    )
    for _ in range(4):
        room.clock.forward(5)
        await room.runner().drain()
    run = await latest(room, "serp_intel")
    assert run.status == "running"
    assert run.metrics["lastTrouble"]["reason"] == "connect_refused"
    room.variables["HERMES_WORKER_SERP_INTEL"] = good
    await room.finish(step=5)
    assert (await latest(room, "serp_intel")).status == "success"


async def test_every_status_request_is_counted_the_last_one_too(room: Room) -> None:
    script = room.worker.script("serp_intel")
    script.polls, script.final = 2, finished(room, "serp_intel")
    await smoke(room, "serp_intel")
    await room.finish(step=2)
    run = await latest(room, "serp_intel")
    assert run.polls == room.worker.polled.total() == 3


async def test_a_secret_that_goes_missing_fails_the_run_with_its_name(room: Room) -> None:
    await smoke(room, "content_qa")
    room.variables.clear()
    await room.finish()
    run = await latest(room, "content_qa")
    assert (run.status, run.reason) == ("failed", "missing_secret")
    assert "HERMES_WORKER_CONTENT_QA" in (run.detail or "")


@pytest.mark.parametrize(
    ("seconds", "ending"), [(60, ("success", None)), (200, ("failed", "missing_secret"))]
)
async def test_a_secret_that_goes_missing_under_way_is_waited_for_two_minutes(
    room: Room, seconds: int, ending: tuple[str, str | None]
) -> None:
    script = room.worker.script("crawl_render")
    script.polls, script.final = 1, finished(room, "crawl_render")
    room.register("crawl_render")
    await room.hermes.jobs.start_full(room.site.id, "tests", "crawl_render")
    await room.runner().drain()
    secrets = dict(room.variables)
    room.variables.clear()
    room.clock.forward(10)
    await room.runner().drain()
    (run,) = await room.hermes.runs.of(room.site.id)
    assert (run.status, run.metrics["lastTrouble"]["reason"]) == ("running", "missing_secret")
    for _ in range(seconds // 5):
        room.clock.forward(5)
        await room.runner().drain()
    room.variables.update(secrets)
    await room.finish(step=5)
    (run,) = await room.hermes.runs.of(room.site.id)
    assert (run.status, run.reason) == ending


async def test_a_cancel_while_the_secret_is_missing_reaches_the_worker_when_it_is_back(
    room: Room,
) -> None:
    script = room.worker.script("serp_intel")
    script.polls, script.final = 10_000, finished(room, "serp_intel")
    await smoke(room, "serp_intel")
    await room.runner().drain()
    secrets = dict(room.variables)
    room.variables.clear()
    await room.hermes.runs.cancel((await latest(room, "serp_intel")).id, "tests")
    await room.runner().drain()
    assert room.worker.cancels == []
    room.variables.update(secrets)
    room.clock.forward(10)
    await room.runner().drain()
    assert room.worker.cancels == ["serp_intel-1"]


async def test_no_more_runs_of_a_service_at_once_than_its_limit_over_two_runners(
    room: Room,
) -> None:
    """Six sites, a limit of two: while two jobs run, four wait, whoever asks."""
    from hermes.core.sites.input import SiteInput

    script = room.worker.script("serp_intel")
    script.polls, script.final = 3, finished(room, "serp_intel")
    room.register("serp_intel")
    assert room.catalog.service("serp_intel").max_concurrency == 2
    for number in range(6):
        site = await room.hermes.sites.add(
            SiteInput(base_url=f"https://s{number}.example"), "tests"
        )
        await room.hermes.jobs.start_smoke(site.id, "tests", "serp_intel")
    await asyncio.gather(room.runner().drain(), room.runner().drain())
    counts = await room.hermes.pool.fetch(
        "select status, count(*) as n from service_runs group by status"
    )
    assert {r["status"]: r["n"] for r in counts} == {"running": 2, "queued": 4}
    await room.finish(step=5)
    assert len(room.worker.jobs) == 6


async def test_a_terminal_run_cannot_be_changed_by_any_statement(room: Room) -> None:
    room.all_succeed()
    await smoke(room, "content_qa")
    await room.finish()
    with pytest.raises(Exception, match="stays so"):
        await room.hermes.pool.execute(
            "update service_runs set status = 'running', finished_at = null"
        )


async def test_what_cannot_be_stored_ends_the_run_with_a_reason_and_spoils_no_other(
    room: Room,
) -> None:
    """NUL and lone surrogates are replaced; the neighbours in the batch are written as ever."""
    room.all_succeed()
    outputs = {
        **outputs_of(room.catalog.service("content_qa")),
        "violations": [{"rule": "a\u0000b\ud800c"}],
    }
    room.worker.script("content_qa").final = {"result": {"outputs": outputs}}
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    job = await room.hermes.jobs.one(started.job_id)
    assert job.summary == "Smoke Test complete: 13 passed"
    run = await latest(room, "content_qa")
    assert run.outputs.metrics["violations"] == [{"rule": "a\ufffdb?c"}]
