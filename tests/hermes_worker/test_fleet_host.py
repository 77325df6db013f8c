"""`python -m hermes_fleet` as a real process: announcing, stopping, refusing to start."""

import asyncio
import signal
import socket
import stat
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from hermes_worker.serving import SECONDS_TO_EXIT
from tests.support.waiting import until

from .conftest import Client, RunFleet, fleet_command


async def test_the_fleet_serves_every_worker_below_its_slug(run_fleet: RunFleet) -> None:
    async with run_fleet() as fleet:
        outside = Client(fleet.session, fleet.news["base_url"])
        listing = (await outside.ask("GET", "/", headers={})).body["services"]
        healths = [
            (await fleet.client(slug).ask("GET", "/health")).body for slug in fleet.news["services"]
        ]
        refused = await outside.ask("GET", "/stepper/status", headers={})
        async with fleet.session.get(f"{outside.base}/nobody/health") as nowhere:
            pass
    assert [service["service"] for service in listing] == ["stepper", "single", "stubborn"]
    assert [service["base"] for service in listing] == ["/stepper", "/single", "/stubborn"]
    assert [health["service"] for health in healths] == fleet.news["services"]
    assert (refused.status, nowhere.status) == (401, 404)


async def test_the_announcement_is_private_and_true_and_goes_with_the_fleet(
    run_fleet: RunFleet,
) -> None:
    async with run_fleet() as fleet:
        assert fleet.news["pid"] == fleet.process.pid
        assert fleet.news["services"] == ["stepper", "single", "stubborn"]
        assert fleet.news["base_url"].startswith("http://127.0.0.1:")
        assert stat.S_IMODE(fleet.announcement.stat().st_mode) == 0o600
        kept = fleet.state.iterdir()
        assert {stat.S_IMODE(file.stat().st_mode) for file in kept if file.is_file()} == {0o600}
        assert await fleet.end(signal.SIGTERM) == 0
        assert not fleet.announcement.exists()


async def test_a_missing_key_is_made_once_and_only_for_its_owner(
    run_fleet: RunFleet, tmp_path: Path
) -> None:
    async with run_fleet() as fleet:
        first = fleet.key
        assert (await fleet.client("single").ask("GET", "/health")).status == 200
    async with run_fleet() as fleet:
        assert fleet.key == first
    assert len(first) >= 43
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


@pytest.mark.parametrize("block", [False, True])
async def test_the_fleet_stops_by_itself_whatever_a_worker_does(
    run_fleet: RunFleet, tmp_path: Path, block: bool
) -> None:
    async with run_fleet() as fleet:
        begun = tmp_path / "begun"
        client = fleet.client("stubborn")
        start = asyncio.create_task(client.start(begun=str(begun), block=block))
        await until(begun.exists, "the worker is at work")
        assert await fleet.end(signal.SIGTERM) == 1, "what does not end is left behind"
        await asyncio.wait([start])  # with an answer or without: the loop may have been blocked


def test_what_does_not_end_is_left_behind_before_a_supervisor_would_kill() -> None:
    assert SECONDS_TO_EXIT < 5


async def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = await refusal(tmp_path, "--port", str(port))
    assert code == 1
    assert said.startswith(f"Cannot serve on 127.0.0.1:{port}: ")
    assert "in use" in said
    assert said.count("\n") == 1


async def refusal(folder: Path, *more: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(*fleet_command(folder, *more), stderr=PIPE)
    _, said = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, said.decode()


async def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    code, said = await refusal(tmp_path)
    assert (code, "is empty" in said, said.count("\n")) == (1, True, 1)


async def test_a_second_fleet_on_the_same_state_is_refused(
    run_fleet: RunFleet, tmp_path: Path
) -> None:
    async with run_fleet():
        code, said = await refusal(tmp_path, "--announce", str(tmp_path / "second.json"))
    assert (code, "another process" in said, said.count("\n")) == (1, True, 1)
    assert not (tmp_path / "second.json").exists()


async def test_an_announcement_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, said = await refusal(tmp_path, "--announce", str(tmp_path / "file" / "news.json"))
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("Cannot write the fleet's address to ")


async def test_an_announcement_may_lie_in_a_folder_yet_to_be_made(run_fleet: RunFleet) -> None:
    async with run_fleet() as fleet:
        assert fleet.announcement.parent.name == "run"


async def test_an_unknown_slug_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "hermes_fleet",
        *fleet_command(tmp_path)[4:],
        "--only",
        "nobody",
    ]
    process = await asyncio.create_subprocess_exec(*command, stderr=PIPE)
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert "no bundled worker 'nobody'. Bundled workers: crawl_render" in said.decode()


async def test_the_fleet_leaves_when_its_parent_dies(tmp_path: Path) -> None:
    parent = """
import os, subprocess, sys, time
subprocess.Popen([*sys.argv[1:], "--parent-pid", str(os.getpid())])
time.sleep(600)
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent, *fleet_command(tmp_path)
    )
    announcement = tmp_path / "run" / "announce.json"
    await until(announcement.exists, "the fleet is announced")
    process.kill()
    await process.wait()
    await until(lambda: not announcement.exists(), "the announcement goes")
