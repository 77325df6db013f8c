"""The whole of Hermes as processes, started as a newcomer would: `hermes up --demo`."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import aiohttp

from hermes_base.postgres.embedded import embedded
from hermes_base.settings import load
from tests.support.waiting import patience, until


@dataclass
class System:
    """A running `hermes up`, its home, and a client of its API."""

    home: Path
    url: str
    process: asyncio.subprocess.Process
    http: aiohttp.ClientSession
    said: list[str] = field(default_factory=list[str])

    async def get(self, path: str) -> Any:
        async with self.http.get(path) as answer:
            return await answer.json()

    async def post(self, path: str, body: Any = None) -> Any:
        async with self.http.post(path, json=body) as answer:
            return await answer.json()

    async def demo_site(self) -> dict[str, Any]:
        return next(site for site in await self.get("/api/sites") if site["isDemo"])

    async def job_done(self, job_id: str, seconds: float = 90) -> dict[str, Any]:
        """The job when it is over."""

        async def over() -> dict[str, Any]:
            with suppress(aiohttp.ClientError):
                job = await self.get(f"/api/tests/{job_id}")
                if job.get("status") in ("done", "failed", "cancelled"):
                    return job
            return {}

        return await until(over, f"job {job_id} is over", seconds, every=0.2)

    async def run_of(self, job_id: str) -> dict[str, Any]:
        """The only run of a job, with its evidence; asked again while the database comes back (503)."""
        while not isinstance(found := await self.get(f"/api/tests/{job_id}/runs"), list):
            await asyncio.sleep(0.1)
        (run,) = cast("list[dict[str, Any]]", found)
        return await self.get(f"/api/runs/{run['id']}")

    def pid_of(self, part: str) -> int:
        """The pid of the child that runs this module or command."""
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == self.process.pid and part in command:
                    return int(folder.name)
        raise LookupError(part)

    def kill(self, part: str) -> None:
        """kill -9 one child of the supervisor."""
        os.kill(self.pid_of(part), signal.SIGKILL)


def is_open(port: int) -> bool:
    """Whether a process listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@asynccontextmanager
async def up(
    home: Path, *arguments: str, python: Path | str = sys.executable, **variables: str
) -> AsyncGenerator[System]:
    """`hermes up` in a home of its own, until it answers; stopped in order at the end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HERMES_")}
    opened = {} if "--demo" in arguments else {"HERMES_PRIVATE_SITES": "127.0.0.0/8"}
    environment = {**kept, "HERMES_HOME": str(home), "HERMES_PORT": "0", **opened, **variables}
    process = await asyncio.create_subprocess_exec(
        python, "-m", "hermes", "up", *arguments, env=environment, stdout=asyncio.subprocess.PIPE
    )  # fmt: skip
    assert process.stdout is not None
    said: list[str] = []
    try:
        async with patience():
            while not any("Hermes is up" in line for line in said):
                line = (await process.stdout.readline()).decode()
                assert line, f"hermes up ended: {said}"
                said.append(line)
        settings = load({"HERMES_HOME": str(home)})
        url = settings.address_file.read_text().strip()
        token = settings.token_file.read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(url, headers=headers) as http:
            yield System(home, url, process, http, said)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            async with patience():
                await process.wait()
        settings = load({"HERMES_HOME": str(home)})
        shutil.rmtree(embedded(settings.home, settings.digest).folder)  # as root it is elsewhere


@asynccontextmanager
async def sandbox(tmp: Path, latency_ms: int) -> AsyncGenerator[str]:
    """A demo site of its own that answers slowly; its address."""
    announced = tmp / "slow.json"
    command = [
        "-m",
        "hermes_sandbox",
        "--port",
        "0",
        "--announce",
        str(announced),
        "--latency-ms",
        str(latency_ms),
    ]
    process = await asyncio.create_subprocess_exec(sys.executable, *command)
    try:
        await until(announced.exists, "the sandbox is announced")
        yield json.loads(announced.read_text())["site"]
    finally:
        process.terminate()
        await process.wait()


def address_in(said: list[str]) -> str:
    """The address that was printed for people."""
    found = re.search(r"http://\S+", "".join(said))
    assert found
    return found.group()
