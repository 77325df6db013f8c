"""A worker that is killed in the middle of a job and started again keeps the contract."""

import asyncio
import os
import shlex
import signal
import sys
from pathlib import Path

from hermes_worker.conformance import verify
from hermes_worker.serving import listen

KEY = "a-key-for-a-restart"
PROGRAM = Path(__file__).with_name("restarted_program.py")


def free_port() -> int:
    with listen("127.0.0.1", 0) as listener:
        return listener.getsockname()[1]


async def test_a_job_survives_the_death_of_its_worker(tmp_path: Path) -> None:
    port, pid = free_port(), tmp_path / "pid"
    command = [sys.executable, str(PROGRAM), str(port), str(tmp_path), KEY]
    first = await asyncio.create_subprocess_exec(*command)
    restart = f"kill -9 $(cat {shlex.quote(str(pid))}); {shlex.join(command)} &"
    try:
        report = await verify(
            f"http://127.0.0.1:{port}", KEY, level="cancellable", restart_command=restart, wait=30
        )
    finally:
        os.kill(int(pid.read_text()), signal.SIGKILL)
    assert await first.wait() == -signal.SIGKILL
    assert [found.as_json() for found in report.results if not found.passed] == []
