"""A worker of sixty lines of JavaScript keeps the contract."""

import asyncio
import os
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hermes_worker.conformance import verify

KEY = "a-key-for-a-worker-in-javascript"
PROGRAM = Path(__file__).with_name("worker.mjs")

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


async def test_a_worker_in_javascript_keeps_the_level_it_declares() -> None:
    async with node_worker() as url:
        report = await verify(url, KEY, payload={"text": "how many words are these"})
    assert report.level == "idempotent"
    told = {found.requirement.id: found.reason for found in report.results if not found.passed}
    assert told == {"ASY-7": "no --restart-command was given"}, report.text()
    answer = report.result("SMK-7")
    assert answer is not None
    assert answer.evidence is not None
    assert '"words":5' in answer.evidence["body"]


async def test_a_level_beyond_the_declared_one_is_not_granted() -> None:
    async with node_worker() as url:
        report = await verify(url, KEY, level="cancellable")
    assert not report.conforms
    assert report.levels()["idempotent"] == "passed"
    assert report.levels()["cancellable"] == "failed"


def test_the_program_is_short() -> None:
    assert len(PROGRAM.read_text("utf-8").splitlines()) <= 60
