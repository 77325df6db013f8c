"""A Prefect server on loopback that tells nobody of itself."""

import os
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests import ROOT
from tests.support.ports import held_port

SERVER = ROOT / ".venv-engines" / "server" / "bin" / "python"
QUIET = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
PATIENCE = 200.0  # seconds; the first start makes its database


@contextmanager
def prefect_server(home: Path) -> Generator[str]:
    """The address of its API. This process, too, keeps Prefect's files below `home` meanwhile."""
    with held_port() as port:
        yield from _served(home, port)


def _served(home: Path, port: int) -> Generator[str]:
    url = f"http://127.0.0.1:{port}/api"
    before = dict(os.environ)
    os.environ.update({**QUIET, "PREFECT_HOME": str(home)})
    command = [str(SERVER), "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
        try:
            _await_health(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            os.environ.clear()
            os.environ.update(before)


def _await_health(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the Prefect server ended"
        try:
            with urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310  # loopback
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the Prefect server does not answer")
