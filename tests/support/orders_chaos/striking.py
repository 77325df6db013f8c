"""kill -9 of one process of a running `hermes up`, or of the flow worker's browser, or of PostgreSQL."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.support.system import System

TARGETS = ("serve", "subscriber", "flow-worker", "browser", "brain", "monitor", "database")


def strike(system: System, target: str, database: int | None) -> bool:
    """kill -9; False when the target was not running."""
    with suppress(LookupError, ProcessLookupError):
        if target == "database":
            if database is None:
                return False
            os.kill(database, signal.SIGKILL)
        elif target == "browser":
            os.kill(browser_of(system.pid_of("hermes flow-worker")), signal.SIGKILL)
        else:
            system.kill(f"hermes {target}")
        return True
    return False


def browser_of(worker: int) -> int:
    """The first process of the flow worker's Chromium. Raises `LookupError` while it has none."""
    parents = dict(told for folder in Path("/proc").iterdir() if (told := parent_of(folder)))
    for pid in sorted(parents):
        command, above = Path(f"/proc/{pid}/cmdline"), parents[pid]
        while above not in (0, worker):
            above = parents.get(above, 0)
        with suppress(OSError):
            if above == worker and b"chrom" in command.read_bytes().split(b"\0", 1)[0]:
                return pid
    raise LookupError("the flow worker has no browser just now")


def parent_of(folder: Path) -> tuple[int, int] | None:
    """(pid, pid of the parent) by a folder of /proc; None for what is no process, or none any more."""
    with suppress(OSError, ValueError):
        pid = int(folder.name)
        return pid, int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    return None
