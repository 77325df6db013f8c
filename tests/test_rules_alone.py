"""Rules, and the tests of rules, do without database, browser, HTTP and web framework: they answer at once."""

import json
import subprocess
import sys

import pytest

from tests import ROOT

HEAVY = {
    "aiohttp", "argon2", "asyncpg", "boto3", "fastapi", "jinja2", "playwright", "prefect", "pycurl",
    "rich", "schemathesis", "starlette", "stripe", "structlog", "typer", "uvicorn",
}  # fmt: skip
IMPORT_ALL = """
import importlib, json, pkgutil, sys
seen, told = set(), {}
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(found.name)
    told[found.name] = sorted({name.partition(".")[0] for name in sys.modules} - seen)
    seen.update(told[found.name])
print(json.dumps(told))
"""
COLLECT = """
import json, pytest, sys
seen, told = set(), {}
class Watch:
    def pytest_collectreport(self, report):
        told[report.nodeid] = sorted({name.partition(".")[0] for name in sys.modules} - seen)
        seen.update(told[report.nodeid])
assert pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", sys.argv[1]], [Watch()]) == 0
print(json.dumps(told))
"""


def imported(program: str, argument: str) -> dict[str, set[str]]:
    """What each module, or file of tests, was the first to import, in a process of its own."""
    command = [sys.executable, "-c", program, argument]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return {where: set(found) for where, found in json.loads(ended.stdout.splitlines()[-1]).items()}


def heavy(found: dict[str, set[str]]) -> dict[str, set[str]]:
    return {where: new & HEAVY for where, new in found.items() if new & HEAVY}


@pytest.mark.parametrize("package", ["hermes.core", "directory_bolt.core"])
def test_rules_import_nothing_heavy(package: str) -> None:
    found = imported(IMPORT_ALL, package)
    assert len(found) > 20
    assert heavy(found) == {}


@pytest.mark.parametrize("folder", ["tests/hermes/core", "tests/directory_bolt/core"])
def test_tests_of_rules_are_collected_without_anything_heavy(folder: str) -> None:
    found = imported(COLLECT, folder)
    assert len([where for where in found if where.endswith(".py")]) > 5
    assert heavy(found) == {}


def test_a_heavy_import_is_seen_where_it_stands() -> None:
    found = heavy(imported(IMPORT_ALL, "hermes_base.people"))
    assert "argon2" in found["hermes_base.people.known_browsers"]  # the first that needs passwords
