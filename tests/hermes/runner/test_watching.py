"""Runs that somebody looks at: asked every few seconds, or as their worker wants to be asked."""

from datetime import timedelta
from uuid import UUID

import pytest
from aiohttp import web

from hermes.core.views import RunView
from tests.support.room import Room

SLUG = "crawl_render"


async def taken(room: Room, told: dict[str, object], retry_after: str = "") -> UUID:
    """A run whose worker has the job, and tells this at every look."""

    async def status(request: web.Request) -> web.StreamResponse:
        headers = {"Retry-After": retry_after} if retry_after else {}
        return web.json_response({"status": "running", **told}, headers=headers)

    script = room.worker.script(SLUG)
    script.polls, script.on_status = 1, status
    room.register(SLUG)
    started = await room.hermes.jobs.start_full(room.site.id, "tests", SLUG)
    await room.runner().drain()
    return started.job_id


async def look(room: Room, seconds: float) -> None:
    """The clock goes on, and a runner does what is due."""
    room.clock.forward(seconds)
    await room.runner().drain()


async def the_run(room: Room) -> RunView:
    (run,) = await room.hermes.runs.of(room.site.id)
    return run


async def until_due(room: Room) -> timedelta:
    due = await room.hermes.pool.fetchval("select due_at from service_runs")
    return due - room.clock()


@pytest.mark.parametrize("by", ["run", "job"])
async def test_a_run_that_somebody_looks_at_is_asked_every_three_seconds(
    room: Room, by: str
) -> None:
    job_id = await taken(room, {"progress": {"done": 4, "total": 900}})
    for seconds in (10, 60, 60):
        await look(room, seconds)
    assert await until_due(room) > timedelta(seconds=10)
    wanted = job_id if by == "job" else (await the_run(room)).id
    await room.hermes.runs.watch(wanted)
    assert await until_due(room) == timedelta(seconds=3)
    polls = (await the_run(room)).polls
    for _ in range(5):
        await look(room, 3.1)
        await room.hermes.runs.watch(wanted)
    assert (await the_run(room)).polls == polls + 5
    for _ in range(20):
        await look(room, 10)
    assert await until_due(room) > timedelta(seconds=10), "nobody looks any more"


async def test_a_worker_that_wants_a_pause_has_it_though_somebody_looks(room: Room) -> None:
    await taken(room, {}, "20")
    await look(room, 3)
    await room.hermes.runs.watch((await the_run(room)).id)
    await look(room, 3)
    polls = (await the_run(room)).polls
    assert await until_due(room) > timedelta(seconds=10)
    await look(room, 5)
    assert (await the_run(room)).polls == polls


async def test_a_run_that_is_over_is_not_looked_at_again(room: Room) -> None:
    room.all_succeed()
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.finish()
    await room.hermes.runs.watch((await the_run(room)).id)
    assert await room.hermes.pool.fetchval("select due_at from service_runs") is None


async def test_progress_stands_in_the_run_the_list_and_the_job_with_rate_and_time_left(
    room: Room,
) -> None:
    job_id = await taken(room, {"progress": {"done": 30, "total": 90, "unit": "pages"}})
    before = (await the_run(room)).progress
    assert before is not None
    assert before.text == "Hermes has not asked the worker for its progress yet."
    await look(room, 10)
    (brief,) = await room.hermes.runs.past(room.site.id, SLUG, None, 5, None)
    (service,) = (await room.hermes.jobs.one(job_id)).services
    one = await room.hermes.runs.one(brief.id)
    assert brief.progress == service.progress == one.progress
    assert one.progress is not None
    assert (one.progress.done, one.progress.total, one.progress.rate) == (30, 90, 3.0)
    assert one.progress.eta_seconds == 20
    assert one.progress.text == "30 of 90 pages, about 20 s left"


async def test_a_worker_that_was_asked_and_told_nothing_is_said_to_have_told_nothing(
    room: Room,
) -> None:
    await taken(room, {})
    await look(room, 10)
    progress = (await the_run(room)).progress
    assert progress is not None
    assert progress.text == "The worker has not reported progress yet."


async def test_what_is_in_the_way_is_shown_while_it_is_waited_out(room: Room) -> None:
    await taken(room, {"status": "marinating"})
    for _ in range(2):
        await look(room, 10)
    run = await room.hermes.runs.one((await the_run(room)).id)
    assert run.status == "running"
    assert run.trouble is not None
    assert "'marinating'" in run.trouble
    assert "looks in a row" in run.trouble
    assert "Looking again" in [moment.name for moment in run.timeline]
