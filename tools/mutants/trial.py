"""One run of pytest in a forked process that has the heavy libraries imported already, with a limit of time."""

import contextlib
import ctypes
import importlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn

import psutil
import pytest

from tools.mutants import probes
from tools.mutants.database import VARIABLE, Database
from tools.mutants.tree import Copy
from tools.mutants.watching import Watching

HEAVY = (
    *(
        "asyncpg",
        "structlog",
        "fastapi",
        "uvicorn",
        "jinja2",
        "pydantic",
        "pydantic_settings",
        "aiohttp",
    ),
    *(
        "hypothesis",
        "argon2",
        "typer",
        "rich",
        "orjson",
        "playwright.async_api",
        "w3lib.url",
    ),
    *("selectolax.lexbor", "phonenumbers", "stripe", "pycurl", "prometheus_client", "uvloop"),
    *("email_validator", "babel.dates", "standardwebhooks"),
)
"""What most tests import and no mutant changes; a second and a half of every run otherwise."""
PLUGINS = ("pytest_asyncio.plugin", "pytest_timeout", "_hypothesis_pytestplugin")
BECOME_SUBREAPER, END_WITH_PARENT = 36, 1  # prctl(2)

State = Literal["green", "killed", "timed out", "nothing ran"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`by` is the test that failed; `tests` is what the plugin wrote of each."""

    state: State
    by: str = ""
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)


def import_heavy() -> None:
    """Import what every fork then has; a library that is not installed is imported by nobody."""
    for name in HEAVY:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def process_option(option: int, value: int) -> None:
    """Tell Linux something about this process; elsewhere nothing, and a killed trial may leave programs."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Trials:
    """Runs tests of one copy, one run at a time; everything that a run started is ended after it."""

    copy: Copy
    database: Database

    def run(
        self,
        files: Sequence[str],
        seconds: float,
        *,
        chosen: Sequence[str] | None = None,
        calls: bool = False,
        own_database: bool = False,
    ) -> Outcome:
        """Run files of tests, or the chosen tests of them, until the first failure.

        `own_database` lets the tests start a PostgreSQL themselves: for mutants of what starts and migrates it.
        """
        place = self.copy.root.parent
        report = place / "report.json"
        report.unlink(missing_ok=True)
        (place / "tmp").mkdir(exist_ok=True)
        watching = Watching(report, chosen, calls)
        url = "" if own_database else self.database.url
        if not (pid := os.fork()):
            _become_pytest(self.copy, files, watching, url)
        try:
            code = _wait(pid, seconds)
        finally:
            self._end_rest()
            shutil.rmtree(place / "tmp", ignore_errors=True)
            shutil.rmtree(self.copy.root / ".hypothesis", ignore_errors=True)
        if code is None:
            self.database.clear()
            return Outcome("timed out")
        return _outcome(code, report)

    def _end_rest(self) -> None:
        """End what a run left: every process below this one but the database."""
        kept = psutil.Process(self.database.process.pid)
        spared = {kept, *kept.children(recursive=True)}
        left = [one for one in psutil.Process().children(recursive=True) if one not in spared]
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=10)


def _become_pytest(copy: Copy, files: Sequence[str], watching: Watching, url: str) -> NoReturn:
    code = 3
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(
                number, signal.SIG_DFL if number == signal.SIGTERM else signal.default_int_handler
            )
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(copy.root.parent / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(copy.root)
        os.environ |= {
            "PYTHONPATH": os.pathsep.join(copy.paths),
            "TMPDIR": str(copy.root.parent / "tmp"),
            VARIABLE: url,
        }
        sys.path[:] = [
            *copy.paths,
            *(path for path in sys.path if "site-packages" in path or "lib" in path),
        ]
        if watching.calls:
            probes.install(f"{copy.root}/packages/", copy.root.parent / "compiled")
        plugins = [part for name in PLUGINS for part in ("-p", name)]
        with _only_named_plugins(watching) as given:
            code = pytest.main(["-x", "-p", "no:cacheprovider", *plugins, *files], plugins=given)
    except BaseException as problem:  # noqa: BLE001  # whatever it is, this process ends here
        print(repr(problem), flush=True)
    finally:
        os._exit(int(code))


@contextlib.contextmanager
def _only_named_plugins(watching: Watching) -> Any:
    """Plugins of libraries that are imported already could not be rewritten, and pytest would warn."""
    name = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    os.environ[name] = "1"

    class Forgetting:
        def pytest_sessionstart(self) -> None:
            os.environ.pop(name, None)  # the programs of tests run a pytest of their own

    yield [watching, Forgetting()]


def _wait(pid: int, seconds: float) -> int | None:
    """The exit code of a child; None when its time was over: then it has been asked to end, and ended."""
    for limit, number in ((seconds, signal.SIGINT), (5.0, signal.SIGKILL), (5.0, None)):
        until = time.monotonic() + limit
        while time.monotonic() < until:
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                late = number is not signal.SIGINT
                return None if late else os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        if number is not None:
            os.kill(pid, number)
    return None


def _outcome(code: int, report: Path) -> Outcome:
    """Any end but 'all passed' and 'nothing collected' is one that a developer would see."""
    written = json.loads(report.read_text()) if report.exists() else {}
    tests = written.get("tests", {})
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        return Outcome("nothing ran", tests=tests)
    if code == pytest.ExitCode.OK:
        return Outcome("green", tests=tests)
    return Outcome("killed", written.get("failed") or f"pytest ended with {code}", tests)
