"""The pytest plugin, in a pytest of its own."""

import re
from pathlib import Path

import pytest

from hermes_worker.conformance import assert_conforms

from .conftest import Ended, Program
from .faults import OnlyOneHeader, StartIsOpen
from .scripted import KEY, Sound

TEST = """
def test_my_worker_keeps_the_contract(worker_conformance):
    assert worker_conformance.passed, worker_conformance.reason
"""


UNUSED = ("-p", "no:anyio", "-p", "no:schemathesis")
"""Plugins of libraries that cost seconds before the first test; pyproject.toml leaves them out, too."""


async def checked(python: Program, folder: Path, *words: str) -> tuple[Ended, dict[str, int]]:
    file = folder / "test_my_worker.py"
    file.write_text(TEST)
    plugin = () if registered() else ("-p", "hermes_worker.conformance.plugin")
    ended = await python(
        "-m",
        "pytest",
        "-c",
        "/dev/null",
        "--rootdir",
        str(folder),
        "-q",
        *UNUSED,
        *plugin,
        str(file),
        *words,
    )
    counts = re.findall(r"(\d+) (passed|failed|skipped|xfailed)", ended.out.splitlines()[-1])
    return ended, {word: int(count) for count, word in counts}


def registered() -> bool:
    """Whether the installed package announces the plugin."""
    from importlib.metadata import entry_points

    return any(
        point.value == "hermes_worker.conformance.plugin"
        for point in entry_points(group="pytest11")
    )


async def test_each_requirement_is_an_item(python: Program, tmp_path: Path) -> None:
    async with Sound().serving() as worker:
        ended, counts = await checked(
            python, tmp_path, "--worker-url", worker.url, "--worker-key", KEY
        )
    assert (ended.code, counts) == (0, {"passed": 45, "skipped": 1}), ended.out


async def test_a_broken_must_fails_its_item_alone(python: Program, tmp_path: Path) -> None:
    async with StartIsOpen().serving() as worker:
        options = ("--worker-url", worker.url, "--worker-key", KEY, "--worker-level", "connection")
        ended, counts = await checked(python, tmp_path, *options)
    assert (ended.code, counts["failed"]) == (1, 1), ended.out
    assert "test_my_worker_keeps_the_contract[CON-6]" in ended.out


async def test_a_broken_should_is_an_xfail(python: Program, tmp_path: Path) -> None:
    async with OnlyOneHeader().serving() as worker:
        options = ("--worker-url", worker.url, "--worker-key", KEY, "--worker-level", "connection")
        ended, counts = await checked(python, tmp_path, *options)
    assert (ended.code, counts["xfailed"]) == (0, 1), ended.out


async def test_without_an_address_every_item_is_skipped(python: Program, tmp_path: Path) -> None:
    ended, counts = await checked(python, tmp_path)
    assert (ended.code, counts) == (0, {"skipped": 46}), ended.out


async def test_assert_conforms_tells_what_is_broken(python: Program) -> None:
    program = "import sys; from hermes_worker.conformance import *; assert_conforms(*sys.argv[1:])"
    async with StartIsOpen().serving() as worker:
        broken = await python("-c", program, worker.url, KEY)
    async with Sound().serving() as worker:
        sound = await python("-c", program, worker.url, KEY)
    assert (broken.code, sound.code) == (1, 0)
    assert "AssertionError" in broken.err
    assert "✗ CON-6" in broken.err


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'best' is no level"):
        assert_conforms("http://127.0.0.1:9", KEY, level="best")
