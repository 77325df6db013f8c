"""The embedded PostgreSQL: closed to others, started once, back after a death."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from hermes_base.postgres import binaries
from hermes_base.postgres.embedded import Embedded, embedded


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def running(home: Path) -> Generator[Embedded]:
    server = embedded(home, f"test-{uuid4().hex[:10]}")
    assert server.start() is True
    yield server
    server.stop()
    shutil.rmtree(server.folder)


def modes(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def answer(server: Embedded) -> int:
    connection = await asyncpg.connect(server.url)
    try:
        return await connection.fetchval("select 42")
    finally:
        await connection.close()


async def test_a_second_start_finds_the_server_running(running: Embedded) -> None:
    pid = running.pid()
    assert running.start() is False
    assert running.pid() == pid
    assert await answer(running) == 42


def test_nobody_else_can_reach_data_or_socket_and_the_home_stays_closed(
    running: Embedded, home: Path
) -> None:
    assert modes(running.folder) == 0o700
    assert modes(running.socket) == 0o700
    assert modes(home) == 0o700, "the home folder was opened to others"


async def test_a_killed_server_is_seen_to_be_dead_and_comes_back_with_its_data(
    running: Embedded,
) -> None:
    connection = await asyncpg.connect(running.url)
    await connection.execute("create table kept (n int); insert into kept values (7)")
    await connection.close()
    pid = running.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert running.process is not None
    running.process.wait()
    assert running.pid() is None
    running.revive()
    connection = await asyncpg.connect(running.url)
    assert await connection.fetchval("select n from kept") == 7
    await connection.close()


def test_a_zombie_does_not_count_as_a_running_server(running: Embedded) -> None:
    pid = running.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # dead, and not yet reaped
    assert Path(f"/proc/{pid}").exists()
    assert running.pid() is None


def test_a_server_that_nobody_reaps_does_not_keep_the_next_one_out(running: Embedded) -> None:
    """S17: PostgreSQL takes a zombie's lock file for a living server's, and refused to start for good."""
    pid = running.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    again = Embedded(running.folder, running.socket, running.binaries, running.user)
    assert again.start() is True  # the zombie is `running`'s child, and still not reaped
    again.stop()


def test_a_server_is_stopped_by_who_started_it_and_by_nobody_else(running: Embedded) -> None:
    """S2: a second `hermes up` stopped the database of the first; one that was killed leaves it to the next."""
    stranger = Embedded(running.folder, running.socket, running.binaries, running.user)
    stranger.start()
    stranger.own()
    assert not stranger.owned, "this one was started by a process of its own, and by no `hermes up`"
    running.own()
    assert running.owned
    after_a_kill = Embedded(running.folder, running.socket, running.binaries, running.user)
    after_a_kill.own()
    assert after_a_kill.owned


def test_copies_of_the_binaries_that_nobody_uses_are_removed(tmp_path: Path) -> None:
    """S19: each environment left another 40 MB behind."""
    for name in ("postgresql-1", "postgresql-2", "postgresql-3", "data"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 0))
    os.utime(tmp_path / "postgresql-3")
    binaries.remove_unused(tmp_path, tmp_path / "postgresql-2")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["data", "postgresql-2", "postgresql-3"]


def test_a_stale_pid_file_of_another_process_does_not_count(running: Embedded) -> None:
    assert running.pid() is not None
    running.stop()
    (running.data / "postmaster.pid").write_text(f"{os.getpid()}\n{running.data}\n")
    assert running.pid() is None
    (running.data / "postmaster.pid").unlink()


def test_ten_starters_at_once_start_one_server(home: Path) -> None:
    digest = f"test-{uuid4().hex[:10]}"
    code = f"from pathlib import Path; from hermes_base.postgres.embedded import embedded; print(embedded(Path({str(home)!r}), {digest!r}).start())"
    starters = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(10)
    ]
    said = [starter.communicate()[0].decode().strip() for starter in starters]
    server = embedded(home, digest)
    try:
        assert sorted(said) == ["False"] * 9 + ["True"]
    finally:
        server.stop()
        shutil.rmtree(server.folder)


def test_a_home_too_deep_for_a_socket_gets_one_elsewhere(tmp_path: Path) -> None:
    from hermes_base.postgres.embedded import LONGEST_SOCKET_FOLDER, _socket_folder

    deep = tmp_path / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    socket = _socket_folder(deep, "test-digest", None)
    assert len(str(socket)) <= LONGEST_SOCKET_FOLDER
    assert modes(socket) == 0o700
    socket.rmdir()
