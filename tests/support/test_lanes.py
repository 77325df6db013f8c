"""Whole systems run in two lanes, whatever the number of processes."""

import asyncio
import json
import sys
from pathlib import Path

from tests import ROOT
from tests.support.lanes import LANES, in_order, unit_of

CONFTEST = """
from tests.support.lanes import Lanes

def pytest_xdist_make_scheduler(config, log):
    return Lanes(config, log)
"""
TESTS = """
import json, os, pytest

@pytest.mark.parametrize("number", range({count}))
def test_it(number):
    with open(os.environ["RAN"], "a") as file:
        file.write(json.dumps([__name__, os.environ["PYTEST_XDIST_WORKER"]]) + "\\n")
    {pause}
"""
PAUSE = "__import__('time').sleep(0.1)"


def test_a_whole_system_is_a_unit_and_elsewhere_a_file_is_one() -> None:
    assert unit_of("tests/acceptance/test_a.py::test_x[1::2]") == "tests/acceptance/test_a.py::test_x[1::2]"  # fmt: skip
    assert unit_of("tests/acceptance/screens/test_a.py::test_x") == "tests/acceptance/screens/test_a.py"  # fmt: skip
    assert unit_of("tests/hermes/core/test_a.py::test_x[y]") == "tests/hermes/core/test_a.py"


def test_whole_systems_begin_and_rules_end() -> None:
    units = ["tests/directory_bolt/core/a", "tests/directory_bolt/web/b", "tests/acceptance/c"]
    assert in_order(units) == units[::-1]


async def test_two_processes_take_the_whole_systems_while_the_others_have_files(tmp_path: Path) -> None:  # fmt: skip
    for folder, count in {"acceptance": 8, "elsewhere": 40}.items():
        for number in range(1 if folder == "acceptance" else 6):
            file = tmp_path / "tests" / folder / f"test_{folder}_{number}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(
                TESTS.format(count=count, pause=PAUSE if folder == "acceptance" else "")
            )
    (tmp_path / "tests" / "conftest.py").write_text(CONFTEST)
    ran = tmp_path / "ran"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", str(tmp_path), "-n", "4", "-q",
        "-p", "no:anyio", "-p", "no:schemathesis", "-p", "no:hermes_worker",
        str(tmp_path), cwd=ROOT, env={"RAN": str(ran), "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
    lines = [json.loads(line) for line in ran.read_text().splitlines()]
    assert len(lines) == 8 + 6 * 40
    first = {worker for name, worker in lines[:48] if "acceptance" in name}
    assert len(first) <= LANES
    others = {worker for name, worker in lines if "elsewhere" in name}
    assert len(others - first) == 2
