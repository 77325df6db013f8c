"""A runner that is told to stop hears out the starts that it sent, and hands the rest back."""

import asyncio
from typing import Any

from aiohttp import web

from hermes.core.views import RunView
from hermes_base.postgres.listening import Listener
from tests.support.catalog import outputs_of
from tests.support.room import Room

SLUG = "serp_intel"


async def started(room: Room, **options: Any) -> tuple[asyncio.Event, asyncio.Task[None]]:
    """A runner at work on a smoke run of one service; `stop`, and the task of the runner."""
    room.register(SLUG)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    stop = asyncio.Event()
    listener = Listener("")  # nobody has to wake this runner
    return stop, asyncio.create_task(room.runner(**options).run(stop, listener))


async def latest(room: Room) -> RunView:
    run = (await room.hermes.integrations.service(room.site.id, SLUG)).smoke.run
    assert run is not None
    return run


def slow_start(room: Room, released: asyncio.Event) -> asyncio.Event:
    """The worker's answer to a start waits for `released`; an event says that the start has come."""
    arrived = asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        arrived.set()
        await released.wait()
        outputs = outputs_of(room.catalog.service(SLUG))
        return web.json_response({"result": {"outputs": outputs}})

    room.worker.script(SLUG).on_start = slow
    return arrived


async def test_a_start_that_may_not_be_repeated_is_heard_out(room: Room) -> None:
    service = room.catalog.service(SLUG)
    room.catalog.by_name[SLUG] = service.model_copy(update={"honours_idempotency": False})
    released = asyncio.Event()
    arrived = slow_start(room, released)
    stop, running = await started(room)
    await asyncio.wait_for(arrived.wait(), 10)
    stop.set()
    await asyncio.wait({running}, timeout=0.2)
    assert not running.done()
    released.set()
    await asyncio.wait_for(running, 10)
    assert (await latest(room)).status == "success"
    assert room.worker.starts[SLUG] == 1


async def test_a_start_that_is_never_answered_does_not_hold_the_end_up_beyond_the_grace(
    room: Room,
) -> None:
    never = asyncio.Event()
    arrived = slow_start(room, never)
    stop, running = await started(room, grace=0.2)
    await asyncio.wait_for(arrived.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    never.set()
    await room.finish()
    assert (await latest(room)).status == "success"
    assert set(room.worker.keys.values()) == {2}, "asked again under the same key"


async def test_a_poll_is_not_waited_for_and_asked_again_by_the_next_runner(room: Room) -> None:
    polled, released = asyncio.Event(), asyncio.Event()
    outputs = outputs_of(room.catalog.service(SLUG))

    async def slow(request: web.Request) -> web.StreamResponse:
        polled.set()
        await released.wait()
        told = {"jobId": request.query["jobId"], "status": "completed"}
        return web.json_response({**told, "result": {"outputs": outputs}})

    script = room.worker.script(SLUG)
    script.polls, script.on_status = 1, slow
    room.register(SLUG)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.runner().drain()
    room.clock.forward(60)
    stop = asyncio.Event()
    running = asyncio.create_task(room.runner().run(stop, Listener("")))
    await asyncio.wait_for(polled.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 5)
    released.set()
    await room.finish()
    assert (await latest(room)).status == "success"
    assert room.worker.starts[SLUG] == 1
