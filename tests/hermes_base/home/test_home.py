"""The home of an installation: one owner at a time, closed to others, its secrets whole (S1, S2, S18)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hermes_base.home import hold_home, make_home
from hermes_base.home.announcements import Announcement
from hermes_base.home.lock import Lock
from hermes_base.problems import Problem
from hermes_base.secret_files import read_key, read_secret, write_secret, write_whole
from hermes_base.settings import Settings, load

HOLDS = """
import sys, time
from pathlib import Path
from hermes_base.home.lock import hold
lock = hold(Path(sys.argv[1]).parent, Path(sys.argv[1]), "hermes up")
lock.listens_at("http://127.0.0.1:8400")
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"HERMES_HOME": str(tmp_path / "home")})


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_home_that_somebody_has_is_refused_by_name_and_left_untouched(settings: Settings) -> None:
    """S2, F2: refused before anything is touched; the refusal names who has it and where it listens."""
    settings.home.mkdir()
    command = [sys.executable, "-c", HOLDS, str(settings.lock_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        before = content(settings.home)
        with pytest.raises(Problem) as refused:
            hold_home(settings, "hermes up")
        assert refused.value.code == "home_taken"
        assert f"hermes up (process {first.pid})" in refused.value.message
        assert "http://127.0.0.1:8400" in refused.value.message
        assert content(settings.home) == before
        first.send_signal(signal.SIGKILL)
    with hold_home(settings, "hermes up") as lock:  # however the first one ended
        assert lock.holder() is not None


def test_a_lock_is_left_to_the_program_that_a_process_becomes(tmp_path: Path) -> None:
    """F2: `hermes fleet` becomes the fleet, which still is the only one of its home."""
    code = (
        "import os, sys; from pathlib import Path; from hermes_base.home.lock import Lock;"
        "lock = Lock(Path(sys.argv[1])); assert lock.take('hermes fleet'); lock.keep_over_exec();"
        "os.execv('/bin/sh', ['sh', '-c', 'echo became; read forever'])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as fleet:
        assert fleet.stdout is not None
        assert fleet.stdout.readline() == b"became\n"
        assert not Lock(tmp_path / "lock").take("hermes up")
        fleet.kill()
    assert Lock(tmp_path / "lock").take("hermes up")


def test_the_first_process_that_lives_says_where_it_stands_and_says_it_again(
    tmp_path: Path,
) -> None:
    """S2: a second web server or brain leaves the file alone until the first one has ended."""
    file = tmp_path / "address"
    first, second = Announcement(file, "http://first"), Announcement(file, "http://second")
    assert (first.say(), second.say()) == (True, False)
    assert file.read_text() == "http://first"
    file.unlink()
    assert (second.say(), first.say()) == (False, True)
    assert file.read_text() == "http://first"
    first.end()
    assert second.say()
    assert file.read_text() == "http://second"


@pytest.mark.parametrize("text", ["", "\n", "short", "z" * 31, "two words of more than 32 letters"])
def test_a_secret_that_is_not_whole_is_refused_at_start_with_the_way_out(
    settings: Settings, text: str
) -> None:
    """S1: an empty token file made everybody an admin, an empty key signed anybody's links."""
    make_home(settings)
    for file in settings.secret_files:
        file.write_text(text)
        with pytest.raises(Problem) as refused:
            make_home(settings)
        assert refused.value.code == "secret_file_unusable"
        assert str(file) in refused.value.message
        assert "remove it" in refused.value.hint
        assert not text.strip() or text not in refused.value.message
        file.unlink()
        make_home(settings)  # what the hint says


def test_a_key_of_links_that_is_no_key_is_refused_at_start(settings: Settings) -> None:
    """S1: with `zz` in it every customer link answered 500."""
    make_home(settings)
    settings.customer_link_file.write_text("zz" * 32)
    with pytest.raises(Problem, match="not hexadecimal"):
        make_home(settings)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a file that not even we can read")
def test_a_secret_that_is_a_folder_or_not_text_is_refused(tmp_path: Path) -> None:
    """S1: unreadable is not empty, and neither is taken for a secret."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff" * 40)
    for name in ("folder", "bytes", "absent"):
        with pytest.raises(Problem) as refused:
            read_secret(tmp_path / name)
        assert refused.value.code == "secret_file_unusable"


def test_an_empty_mounted_secret_is_a_fault_and_no_missing_setting(tmp_path: Path) -> None:
    """S1: an orchestrator that mounts an empty file must not open or close anything by it."""
    (tmp_path / "mounted").write_text("\n")
    with pytest.raises(Problem, match=r"HERMES_BRAIN_TOKEN_FILE: .* is empty"):
        load({"HERMES_BRAIN_TOKEN_FILE": str(tmp_path / "mounted")})


def test_a_secret_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S1: a loss of power between the two left an empty file, which opened everything."""
    order: list[str] = []
    link, fsync = Path.hardlink_to, os.fsync

    def syncing(handle: int) -> None:
        order.append("fsync")
        fsync(handle)

    def linking(path: Path, to: Path) -> None:
        order.append("name")
        link(path, to)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(Path, "hardlink_to", linking)
    write_secret(tmp_path / "token")
    assert order == ["fsync", "name", "fsync"]
    assert len(read_secret(tmp_path / "token")) >= 32
    assert mode(tmp_path / "token") == 0o600


def test_a_secret_that_is_there_stays_and_no_scratch_file_is_left(tmp_path: Path) -> None:
    write_secret(tmp_path / "key", "ab" * 32)
    write_secret(tmp_path / "key")
    write_whole(tmp_path / "address", "http://old")
    write_whole(tmp_path / "address", "http://new")
    assert read_key(tmp_path / "key") == bytes.fromhex("ab" * 32)
    assert content(tmp_path).keys() == {str(tmp_path / "key"), str(tmp_path / "address")}
    assert (tmp_path / "address").read_text() == "http://new"


def test_what_others_could_read_of_a_home_is_closed_at_the_next_start(settings: Settings) -> None:
    """S18: a home of mode 755 with logs of 644, as a backup or an older version leaves them."""
    for folder in (settings.home, settings.home / "logs", settings.home / "secrets"):
        folder.mkdir(mode=0o755)
    files = [
        settings.token_file,
        settings.home / "logs" / "web.log",
        settings.home / "secrets" / "A",
    ]
    for file in files:
        file.write_text("s" * 40)
        file.chmod(0o644)
    make_home(settings)
    assert [mode(file) for file in files] == [0o600] * 3
    assert [mode(file.parent) for file in files] == [0o700] * 3


def test_the_lock_says_nothing_secret(settings: Settings) -> None:
    with hold_home(settings, "hermes up") as lock:
        lock.listens_at("http://127.0.0.1:8400")
        assert json.loads(settings.lock_file.read_text()).keys() == {"command", "pid", "url"}
