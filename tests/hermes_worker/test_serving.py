"""`worker.serve`: one worker alone in a process of its own."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

from tests.support.ports import held_port
from tests.support.waiting import until

from .conftest import KEY, Client

PROGRAM = """
import asyncio, sys
from pathlib import Path
from hermes_worker import Job, Result, Worker

worker = Worker("alone", version="1", outputs=("x",), answer_within=30)

@worker.run
async def wait(job: Job, seconds: float = 0) -> Result:
    await asyncio.sleep(seconds)
    return Result(outputs={"x": 1})

worker.serve("127.0.0.1", int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
"""


async def test_a_worker_served_alone_answers_and_stops_gracefully(tmp_path: Path) -> None:
    async with alone(tmp_path) as (client, process):
        reply = await client.start()
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 60)
    assert (reply.status, reply.body["result"]["outputs"]) == (200, {"x": 1})
    assert (process.returncode, said.decode()) == (0, "")


async def test_a_start_that_waits_for_its_result_does_not_delay_the_stop(tmp_path: Path) -> None:
    async with alone(tmp_path) as (client, process):
        waiting = asyncio.create_task(client.start(key="k", seconds=600))
        while (await client.start(key="other", seconds=0)).status != 200:
            pass
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 60)
        await asyncio.wait([waiting])
    assert waiting.exception() or waiting.result().status >= 500
    assert process.returncode == 0


@asynccontextmanager
async def alone(folder: Path) -> AsyncGenerator[tuple[Client, Process]]:
    """The worker in a process of its own that answers, and a client of it."""
    with held_port() as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-W", "error", "-c", PROGRAM, str(port), KEY, str(folder), stderr=PIPE
        )
        async with aiohttp.ClientSession() as session:
            client = Client(session, f"http://127.0.0.1:{port}")

            async def healthy() -> bool:
                with suppress(aiohttp.ClientConnectorError):
                    return (await client.ask("GET", "/health")).status == 200
                return False

            await until(healthy, "the worker answers")
            yield client, process
