"""A worker in JavaScript, which knows nothing of Hermes, is smoke-tested to the right verdict."""

import asyncio
import os
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from hermes.core.catalog import ModeSpec, Output, Service
from tests import ROOT
from tests.support.room import Room
from tests.support.waiting import patience

KEY = "a-key-for-a-worker-in-javascript"
PROGRAM = ROOT / "tests" / "hermes_worker" / "conformance" / "worker.mjs"

pytestmark = pytest.mark.node


@asynccontextmanager
async def node_worker() -> AsyncGenerator[str]:
    """Its address; it has told its port when it listens."""
    environment = {**os.environ, "WORKER_KEY": KEY, "PORT": "0"}
    process = await asyncio.create_subprocess_exec("node", PROGRAM, stdout=PIPE, env=environment)
    assert process.stdout is not None
    try:
        port = int(await asyncio.wait_for(process.stdout.readline(), 20))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.communicate()


def promising(room: Room, *outputs: str) -> Service:
    """A service of the catalog that promises these outputs, as the worker's owner would declare it."""
    service = room.catalog.service("content_qa").model_copy(
        update={
            "expected_outputs": outputs,
            "outputs": tuple(Output(slug=o, label=o, type="number") for o in outputs),
            "supports_async": True,
            "honours_idempotency": True,
            "smoke": ModeSpec(payload={"text": "how many words are these"}),
        }
    )
    room.catalog.by_name[service.slug] = service
    return service


@pytest.mark.parametrize(
    ("key", "promised", "verdict"),
    [
        (KEY, ("words",), ("success", None)),
        (KEY, ("words", "sentences"), ("partial", "outputs_missing")),
        ("another-key", ("words",), ("failed", "auth_401")),
    ],
)
async def test_a_worker_in_javascript_gets_the_right_verdict(
    room: Room, key: str, promised: tuple[str, ...], verdict: tuple[str, str | None]
) -> None:
    service = promising(room, *promised)
    async with node_worker() as url:
        room.variables[service.secret] = f'{{"base_url": "{url}", "api_key": "{key}"}}'
        await room.hermes.jobs.start_smoke(room.site.id, "tests", service.slug)
        await finish(room)
    run = (await room.hermes.integrations.service(room.site.id, service.slug)).smoke.run
    assert run is not None
    assert (run.status, run.reason) == verdict
    assert run.outputs.metrics == ({"words": 5} if run.status != "failed" else {})
    if run.status == "success":
        assert run.metrics["provenance"] == {"words": "measured"}
        assert run.polls >= 1


async def finish(room: Room) -> None:
    """The worker counts in real time, Hermes by its held clock: both go on until it is done."""
    async with patience():
        while True:
            await room.runner().drain()
            if not await room.hermes.pool.fetchval(
                "select count(*) from service_runs where status in ('queued', 'running')"
            ):
                return
            room.clock.forward(2)
            await asyncio.sleep(0.1)  # its job takes 0.4 s
