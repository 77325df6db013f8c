"""A worker that is killed in the middle of a job and started again keeps the contract."""

import asyncio
import os
import shlex
import signal
import sys
from pathlib import Path

from hermes_worker.conformance import verify
from tests.support.ports import held_port

KEY = "a-key-for-a-restart"
PROGRAM = Path(__file__).with_name("restarted_program.py")


async def test_a_job_survives_the_death_of_its_worker(tmp_path: Path) -> None:
    with held_port() as port:
        await killed_and_started_again(tmp_path, port)


async def killed_and_started_again(tmp_path: Path, port: int) -> None:
    pid = tmp_path / "pid"
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
