"""Signed callbacks wake the poller; anybody else's do not, and what they say is never believed."""

import json
from uuid import uuid4

import aiohttp
import pytest

from hermes.core.webhooks import sign
from tests.support.catalog import outputs_of
from tests.support.served import Served
from tests.support.worker import KEY


async def running(served: Served) -> str:
    """A job that the worker says will take long, after its first poll."""
    room = served.room
    script = room.worker.script("serp_intel")
    script.polls = 1
    script.final = {
        "status": "completed",
        "result": {"outputs": outputs_of(room.catalog.service("serp_intel"))},
    }
    room.register("serp_intel")
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    await room.runner(callback_url=served.url).drain()
    room.clock.forward(2)
    await room.runner().drain()
    (run,) = await room.hermes.runs.of_job(started.job_id)
    return str(run.id)


async def call(
    served: Served, run_id: str, key: str = KEY, age: int = 0, body: bytes = b"{}"
) -> tuple[int, object]:
    stamp = int(served.room.clock.now.timestamp()) - age
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1,nonsense {sign(key, 'msg_1', stamp, body)}",
    }
    async with (
        aiohttp.ClientSession(served.url) as worker,
        worker.post(f"/api/callbacks/{run_id}", data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def test_the_worker_is_told_where_to_call(served: Served) -> None:
    run_id = await running(served)
    (body,) = served.room.worker.bodies
    assert body["callback_url"] == f"{served.url}/api/callbacks/{run_id}"


async def test_a_signed_callback_makes_the_run_due_and_the_result_is_polled(served: Served) -> None:
    run_id = await running(served)
    lie = json.dumps({"status": "failed", "error": "not true"}).encode()
    assert await call(served, run_id, body=lie) == (202, {"woken": True})
    await served.room.runner().drain()  # the clock has not moved: only the callback made it due
    run = await served.room.hermes.runs.one(
        (await served.room.hermes.runs.of(served.room.site.id))[0].id
    )
    assert run.status == "success"
    assert await call(served, run_id) == (202, {"woken": False})


@pytest.mark.parametrize(("key", "age"), [("another-key", 0), ("", 0), (KEY, 600), (KEY, -600)])
async def test_a_wrong_or_old_signature_is_refused_and_wakes_nobody(
    served: Served, key: str, age: int
) -> None:
    run_id = await running(served)
    status, problem = await call(served, run_id, key, age)
    assert status == 401
    assert isinstance(problem, dict)
    assert problem["code"] == "signature_wrong"
    polls = served.room.worker.polled.total()
    await served.room.runner().drain()
    assert served.room.worker.polled.total() == polls


async def test_a_callback_without_headers_or_for_an_unknown_run_is_refused(served: Served) -> None:
    run_id = await running(served)
    async with aiohttp.ClientSession(served.url) as worker:
        async with worker.post(f"/api/callbacks/{run_id}", data=b"{}") as answer:
            assert answer.status == 401
        async with worker.post(f"/api/callbacks/{uuid4()}", data=b"{}") as answer:
            assert answer.status == 404
