"""A test whose tool is missing is skipped by name where somebody works, and fails in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

NEEDING = "tests/hermes_worker/conformance/test_other_language.py"


@pytest.mark.parametrize(
    ("ci", "code", "word"),
    [
        ({}, pytest.ExitCode.OK, "SKIPPED"),
        ({"CI": "true"}, pytest.ExitCode.TESTS_FAILED, "ERROR"),
    ],
)
def test_a_missing_node_is_a_skip_here_and_a_failure_in_ci(
    tmp_path: Path, ci: dict[str, str], code: pytest.ExitCode, word: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "-rsE", NEEDING]
    ended = subprocess.run(
        command, cwd=ROOT, env={**kept, **ci, "PATH": str(tmp_path)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stdout
    told = [line for line in ended.stdout.splitlines() if "no node: install Node.js" in line]
    assert [line for line in told if line.startswith(word)], ended.stdout
    assert "passed" not in ended.stdout
