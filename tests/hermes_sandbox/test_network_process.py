"""`python -m hermes_sandbox` as a process: four sites, and a file that tells what stands where."""

import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.ports import held_port
from tests.support.waiting import until


async def test_it_announces_four_sites_that_answer_and_the_settings_of_the_demo(
    tmp_path: Path,
) -> None:
    said = await _announced(tmp_path / "sandbox.json", "--port", "0", answers=True)
    assert said["settings"]["competitors"] == said["competitors"]
    assert len({said["site"], *said["competitors"]}) == 4
    assert said["titles"] == [
        "Gentle dentistry around the corner",
        "The dentist that compares",
        "Seen on the same day",
        "Find a dentist",
    ]


async def test_competitors_stand_behind_the_demo_site_or_elsewhere_where_that_is_taken(
    tmp_path: Path,
) -> None:
    with _four_in_a_row() as port, socket.create_server(("127.0.0.1", port + 2)):
        said = await _announced(tmp_path / "sandbox.json", "--port", str(port))
    ports = [int(url.rpartition(":")[2]) for url in said["competitors"]]
    assert said["site"] == f"http://127.0.0.1:{port}"
    assert (ports[0], ports[2]) == (port + 1, port + 3)
    assert ports[1] != port + 2


@contextlib.contextmanager
def _four_in_a_row() -> Generator[int]:
    """The first of four ports held for this test, below those that are handed out unasked."""
    for port in range(20_000, 30_000, 4):
        with contextlib.ExitStack() as held:
            try:
                for each in range(port, port + 4):
                    held.enter_context(held_port(each))
            except OSError:
                continue
            yield port
            return
    raise OSError("no four ports in a row are free")


async def _announced(file: Path, *arguments: str, answers: bool = False) -> dict[str, Any]:
    """What the process said; with `answers` also the h1 of every site's home page."""
    serve = ["-m", "hermes_sandbox", *arguments, "--announce", str(file)]
    process = await asyncio.create_subprocess_exec(sys.executable, *serve)
    try:
        said = await until(lambda: _said(file), "the sandbox is announced")
        homes = [said["site"], *said["competitors"]] if answers else []
        said["titles"] = [await _heading(each) for each in homes]
        return said
    finally:
        process.terminate()
        await process.wait()


def _said(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text()) if file.exists() else {}


async def _heading(url: str) -> str:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return (await answer.text()).partition("<h1>")[2].partition("</h1>")[0]
