"""What the model found, each as a story of its own."""

import pytest
from aiohttp import web

from hermes.core.views import RunView
from tests.support.room import Room

SLUG = "serp_intel"


async def start(room: Room, **changes: object) -> None:
    service = room.catalog.service(SLUG)
    room.catalog.by_name[SLUG] = service.model_copy(update=changes)
    room.register(SLUG)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)


async def latest(room: Room) -> RunView:
    run = (await room.hermes.integrations.service(room.site.id, SLUG)).smoke.run
    assert run is not None
    return run


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("warm_up", [None, 20.0])
async def test_a_start_that_a_gateway_gave_up_on_is_not_repeated_where_it_could_run_twice(
    room: Room, status: int, warm_up: float | None
) -> None:
    async def give_up(request: web.Request) -> web.StreamResponse:
        return web.json_response({"error": "upstream"}, status=status)

    room.worker.script(SLUG).on_start = give_up
    await start(room, honours_idempotency=False, warm_up_seconds=warm_up)
    await room.finish(step=2)
    assert room.worker.starts[SLUG] == 1
    run = await latest(room)
    assert (run.status, run.reason) == ("failed", "start_outcome_unknown")
    assert str(status) in (run.detail or "")


async def test_a_broken_start_is_not_taken_for_a_sleeping_host_where_it_could_run_twice(
    room: Room,
) -> None:
    room.worker.script(SLUG).status = 500
    await start(room, honours_idempotency=False, warm_up_seconds=20.0)
    await room.finish(step=2)
    assert room.worker.starts[SLUG] == 1
    assert (await latest(room)).reason == "server_error_5xx"


async def test_a_run_cancelled_before_the_worker_had_it_asks_about_no_job_after_its_deadline(
    room: Room,
) -> None:
    async def busy(request: web.Request) -> web.StreamResponse:
        return web.json_response({"error": "busy"}, status=429, headers={"Retry-After": "7"})

    room.worker.script(SLUG).on_start = busy
    await start(room)
    await room.runner().drain()
    await room.hermes.runs.cancel((await latest(room)).id, "tests")
    room.clock.forward(4000)
    await room.runner().drain()
    assert (await latest(room)).status == "cancelled"
    assert not room.worker.polled
    assert not room.worker.cancels
    assert await room.hermes.pool.fetchval("select holds_slot from service_runs") is False
