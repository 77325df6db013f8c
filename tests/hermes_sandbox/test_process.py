"""`python -m hermes_sandbox` as a process: its address, its end, its one complaint."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import pytest

from tests.support.waiting import until

START_SECONDS = 60
END_SECONDS = 60
PARENT = """
import os, subprocess, sys
subprocess.Popen([sys.executable, *sys.argv[1:], "--parent-pid", str(os.getpid())]).wait()
"""
Process = asyncio.subprocess.Process
Start = Callable[..., Coroutine[Any, Any, Process]]


@pytest.fixture
async def start() -> AsyncGenerator[Start]:
    """Starts a Python; whatever still runs after the test is killed."""
    started = list[Process]()

    async def one(*arguments: str) -> Process:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdout=pipe, stderr=pipe
        )
        started.append(process)
        return process

    yield one
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def announced(file: Path) -> dict[str, Any]:
    """What the process says of itself, once it is listening."""
    return await until(lambda: _said(file), "the sandbox is announced", START_SECONDS)


def _said(file: Path) -> dict[str, Any]:
    """Never half a message: the file is written whole or not at all."""
    return json.loads(file.read_text()) if file.exists() else {}


def _files(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def test_it_announces_an_address_that_answers(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    process = await start("-m", "hermes_sandbox", "--port", "0", "--announce", str(file))
    said = await announced(file)
    assert said["pid"] == process.pid
    async with aiohttp.ClientSession() as client, client.get(said["site"]) as answer:
        assert f'<link rel="canonical" href="{said["site"]}/">' in await answer.text()
    assert _files(tmp_path) == ["demo.json"]


async def test_sigterm_ends_it_though_a_client_hangs_on(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    process = await start("-m", "hermes_sandbox", "--port", "0", "--announce", str(file))
    site = (await announced(file))["site"]
    async with aiohttp.ClientSession() as client, client.get(site):
        process.terminate()
        async with asyncio.timeout(END_SECONDS):
            assert await process.wait() == 0


async def test_it_ends_when_its_parent_is_gone(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    serve = ["-m", "hermes_sandbox", "--port", "0", "--announce", str(file)]
    parent = await start("-c", PARENT, *serve)
    said = await announced(file)
    parent.kill()
    try:
        async with asyncio.timeout(END_SECONDS):
            await parent.communicate()  # its output ends when the last process holding it has
    except TimeoutError:
        os.kill(said["pid"], signal.SIGKILL)
        raise


async def test_a_taken_port_is_one_sentence_and_exit_code_1(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = await start("-m", "hermes_sandbox", "--port", port)
        async with asyncio.timeout(START_SECONDS):
            _out, complaint = await process.communicate()
    assert process.returncode == 1
    assert complaint.decode().count("\n") == 1
    assert port in complaint.decode()


async def test_latency_delays_every_answer(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    serve = ["-m", "hermes_sandbox", "--port", "0", "--announce", str(file)]
    await start(*serve, "--latency-ms", "300")
    site = (await announced(file))["site"]
    async with aiohttp.ClientSession() as client:
        begun = monotonic()
        async with client.get(f"{site}/robots.txt") as answer:
            assert answer.status == 200
    assert monotonic() - begun >= 0.3
