"""Whether a postmaster lives, and what a killed one left in the way of the next."""

import os
import time
from contextlib import suppress
from pathlib import Path

import structlog

log = structlog.get_logger()

LONGEST = 10.0
"""Seconds in which a killed server's processes end, and whoever started it notices its death."""


def lives(pid: int, data: Path) -> bool:
    """Whether this pid is a running postmaster of this data folder (not a zombie, not a stranger)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state in ("Z", "X"):
            return False
        return str(data) in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except FileNotFoundError:
        return not Path(
            "/proc/self"
        ).exists()  # no /proc on this system: the signal is what we know
    except OSError:
        return True


def bury(data: Path, socket: Path, longest: float = LONGEST) -> None:
    """Remove the lock files of a dead postmaster that PostgreSQL itself would still believe in.

    PostgreSQL asks the kernel alone whether the pid exists, and a zombie does: where nobody reaps it (a
    container whose pid 1 is no init) it would refuse to start for good. The file goes only when no
    process works in the data folder any more. To be called under the lock of the starters.
    """
    file = data / "postmaster.pid"
    pid = _pid_in(file)
    if pid is None or not _exists(pid) or lives(pid, data):
        return  # PostgreSQL sees these cases as we do
    until = time.monotonic() + longest
    while working_in(data) and time.monotonic() < until:
        time.sleep(0.05)
    if not working_in(data):
        log.warning("removed the lock files of a dead PostgreSQL", pid=pid)
        for left in (file, *socket.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)


def working_in(data: Path) -> list[int]:
    """The pids of processes whose working directory is this data folder, as every server process's is."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # ended meanwhile, a zombie, or of another user
            if (folder / "cwd").readlink() == data:
                found.append(int(folder.name))
    return found


def _pid_in(file: Path) -> int | None:
    try:
        return int(file.read_text().split("\n")[0])
    except (OSError, ValueError):
        return None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
