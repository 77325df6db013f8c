"""One Prefect server a session with its work pool, one database, and worker processes to kill."""

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import AsyncGenerator, Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from engines.site import Site, open_site
from support.database import Server

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
SERVER = ROOT / ".venv-engines" / "server" / "bin" / "python"
QUIET = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Prefect these tests are skipped by name; in CI tools/engines.sh must have run."""
    if find_spec("prefect") is not None:
        return
    if os.environ.get("CI") == "true" and not (ROOT / ".venv-engines" / ".ready").exists():
        pytest.exit("CI must run tests/engines: run `make engines` first", returncode=1)
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="Prefect lives in .venv-engines: make engines"))


@pytest.fixture(scope="session")
def prefect_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prefect server on loopback that tells nobody of itself."""
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**QUIET, "PREFECT_HOME": str(home)}.items():
            patch.setenv(name, value)
        log = (home / "server.log").open("wb")
        command = [str(SERVER), "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
        process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
        try:
            _await_health(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
            log.close()


def _await_health(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 110
    while time.monotonic() < until:
        assert process.poll() is None, "the Prefect server ended"
        try:
            with urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310  # loopback
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the Prefect server does not answer")


@pytest.fixture(scope="session")
def lasting_database(server: Server) -> str:
    """One database for the session: a worker process keeps to one."""
    return asyncio.run(server.database())


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
async def site(prefect_url: str, lasting_database: str, home: Path) -> AsyncGenerator[Site]:
    """The pipeline of orders with Prefect as its engine; processes that it starts end with the test."""
    async with open_site(prefect_url, lasting_database, home) as found:
        try:
            yield found
        finally:
            for process in found.processes:
                end_whole(process.pid)
                process.wait(10)


def end_whole(pid: int) -> None:
    """kill -9 for a process and all that it started."""
    try:
        found = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    for each in [found, *found.children(recursive=True)]:
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
