"""`make verify`: a fresh Hermes with its demo, verified from outside, stopped again.

With --engines orders go through Amazon SQS (a local server) and Prefect; run it in .venv-engines.
Exit code: that of `hermes verify`. Reports: build/verify/ or build/verify-engines/.
"""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hermes_base.postgres.embedded import embedded
from hermes_base.settings import load

ROOT = Path(__file__).parents[1]
PATIENCE = 180.0
Environment = dict[str, str]


def main() -> int:
    """Start, verify, stop."""
    engines = "--engines" in sys.argv
    folder = ROOT / "build" / ("verify-engines" if engines else "verify")
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hermes-verify-")))
        environment = _environment(home / "home")
        stack.callback(_forget_database, home / "home")
        if engines:
            environment |= stack.enter_context(_sqs()) | stack.enter_context(_prefect(home))
        stack.enter_context(_hermes(environment, engines))
        command = ["verify", "--output", str(folder), "--patience", "120" if engines else "60"]
        return _run(command, environment)


def _environment(home: Path) -> Environment:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HERMES_")}
    return {**kept, "HERMES_HOME": str(home), "HERMES_PORT": "0"}


def _forget_database(home: Path) -> None:
    """As root the embedded database stands outside its home."""
    settings = load({"HERMES_HOME": str(home)})
    shutil.rmtree(embedded(settings.home, settings.digest).folder, ignore_errors=True)


def _run(command: list[str], environment: Environment) -> int:
    return subprocess.run([sys.executable, "-m", "hermes", *command], env=environment).returncode  # noqa: PLW1510


@contextmanager
def _sqs() -> Generator[Environment]:
    """A local SQS."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  # of .venv-engines

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "HERMES_QUEUE": "sqs", "HERMES_SQS_ENDPOINT_URL": f"http://{host}:{port}",
        "HERMES_SQS_REGION": "us-east-2", "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    }  # fmt: skip
    server.stop()


@contextmanager
def _prefect(home: Path) -> Generator[Environment]:
    """A Prefect server of its own."""
    sys.path.insert(0, str(ROOT))
    from tests.directory_bolt.engines.serving import QUIET, prefect_server  # noqa: PLC0415  # as the tests of the engines run it

    folder = home / "prefect"
    folder.mkdir()
    with prefect_server(folder) as url:
        yield {
            **QUIET, "HERMES_FLOW": "prefect", "HERMES_PREFECT_API_URL": url, "PREFECT_API_URL": url,
            "PREFECT_HOME": str(folder), "PREFECT_WORKER_QUERY_SECONDS": "1",
        }  # fmt: skip


@contextmanager
def _hermes(environment: Environment, engines: bool) -> Generator[None]:
    """`hermes up --demo`, from its announcement to its end."""
    if engines:
        for command in (["queue", "create"], ["prefect", "deploy"]):
            if _run(command, environment):
                raise SystemExit(f"hermes {' '.join(command)} failed")
    log = Path(environment["HERMES_HOME"]).with_name("up.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "hermes", "up", "--demo"], env=environment, stdout=output, stderr=output
        )  # fmt: skip
        try:
            _await(process, log)
            yield
        finally:
            process.terminate()
            process.wait(60)


def _await(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while "Hermes is up" not in log.read_text("utf-8"):
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"hermes up did not come up:\n{log.read_text('utf-8')}")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
