"""Keeping child processes alive: start, watch, restart with a growing pause, stop in order."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import structlog

log = structlog.get_logger()

LONGEST_PAUSE = 10.0
STEADY_SECONDS = 30.0
STOP_SECONDS = 25.0  # above the 20 s that runner and flow worker give to what is under way
LAST_SECONDS = 3.0  # for those that were asked until then


@dataclass
class Child:
    """One process to be kept alive. `command` follows the Python interpreter."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """All that it gets: nothing is inherited."""
    log_file: Path | None = None
    asked: bool = False
    """Others wait for its answers: it is stopped after them."""
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    restarts: int = 0

    @property
    def alive(self) -> bool:
        """Whether the child process is running."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the child process; its output is appended to its log file."""
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(_log_of(self.log_file)) if self.log_file else None
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches the supervisor, which stops in order
            )
        self.started_at = time.monotonic()


def _log_of(file: Path) -> BinaryIO:
    """A log to append to, which other users cannot read: it names customers and addresses."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


class Supervisor:
    """Runs children until told to stop; `chores` are called at every look (twice a second)."""

    def __init__(
        self, children: Sequence[Child], chores: Sequence[Callable[[], None]] = ()
    ) -> None:
        self.children = list(children)
        self._chores = chores

    async def run(self, stop: asyncio.Event) -> None:
        """Keep all children alive until `stop`, then stop them, those that others ask last."""
        try:
            while not stop.is_set():
                for chore in self._chores:
                    chore()
                for child in self.children:
                    self._look(child)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), 0.5)
        finally:
            await self._stop_all()

    def _look(self, child: Child) -> None:
        """Start what is not running, once its pause is over."""
        if child.alive:
            return
        now = time.monotonic()
        if child.process is not None:
            self._note_death(child, now)
        if now >= child.start_after:
            child.start()

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None  # noqa: S101  # the caller looked
        code, lived = child.process.returncode, now - child.started_at
        child.restarts = 0 if lived > STEADY_SECONDS else child.restarts + 1
        pause = min(LONGEST_PAUSE, 0.2 * 2**child.restarts)
        child.start_after, child.process = now + pause, None
        log.warning(
            "process ended, starting it again", process=child.name, code=code, pause=round(pause, 1)
        )

    async def _stop_all(self) -> None:
        running = [child for child in reversed(self.children) if child.alive]
        await _stop([child for child in running if not child.asked], STOP_SECONDS)
        await _stop([child for child in running if child.asked], LAST_SECONDS)


async def _stop(children: Sequence[Child], seconds: float) -> None:
    """SIGTERM to all at once, kill -9 to what is left after so long."""
    processes = [child.process for child in children if child.process]
    for process in processes:
        process.send_signal(signal.SIGTERM)
    until = time.monotonic() + seconds
    for process in processes:
        while process.poll() is None and time.monotonic() < until:
            await asyncio.sleep(0.02)
        if process.poll() is None:
            process.kill()
            process.wait()


async def end_with_parent(parent: int, stop: asyncio.Event) -> None:
    """Set `stop` when the process that started us is gone, however it died."""
    while os.getppid() == parent:
        await asyncio.sleep(1.0)
    stop.set()
