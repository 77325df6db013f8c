"""Locks of the home: held for life, and let go by the kernel when the process ends, however it ends."""

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from hermes_base.problems import Problem


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: which command, its process id, and the address it listens at ("" until known)."""

    command: str
    pid: int
    url: str = ""

    def __str__(self) -> str:
        where = f", which listens at {self.url}" if self.url else ""
        return f"{self.command} (process {self.pid}){where}"


class Lock:
    """An flock on a file whose text says who holds it. The file stays; what counts is the flock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle: int | None = None
        self._holder = Holder("", os.getpid())

    def take(self, command: str) -> bool:
        """Take the lock unless another process has it. Raises OSError where the file cannot be written."""
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle, self._holder = handle, Holder(command, os.getpid())
        self._say()
        return True

    def listens_at(self, url: str) -> None:
        """Say where the holder listens, for who comes later."""
        self._holder = replace(self._holder, url=url)
        self._say()

    def keep_over_exec(self) -> None:
        """Leave the lock to the program that this process becomes."""
        if self._handle is not None:
            os.set_inheritable(self._handle, True)

    def holder(self) -> Holder | None:
        """Who holds the lock, as they said; None where nothing readable stands in the file."""
        with suppress(OSError, ValueError, TypeError):
            return Holder(**json.loads(self.file.read_text("utf-8")))
        return None

    def release(self) -> None:
        """Let go; also what the end of the process does."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _say(self) -> None:
        assert self._handle is not None  # noqa: S101  # only a holder says anything
        text = json.dumps(asdict(self._holder)).encode()
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def hold(home: Path, file: Path, command: str) -> Lock:
    """Take a lock of the home. Raises `home_taken`, naming who has it."""
    lock = Lock(file)
    if lock.take(command):
        return lock
    holder = lock.holder() or "another Hermes"
    message = f"{home} is the home of {holder}."
    hint = "Open that one, or stop it; or set HERMES_HOME to another folder for a second Hermes."
    raise Problem("home_taken", message, hint)
