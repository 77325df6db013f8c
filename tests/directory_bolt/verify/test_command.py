"""The command: exit code, three files, and no secret in any of them."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.directory_bolt.verify.chain import SECRET, TOKEN
from tests.directory_bolt.verify.test_verifying import running
from tests.hermes.cli.test_command_line import run_command
from tests.support.served import Served


async def test_the_command_writes_three_reports_and_ends_with_the_verdict(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(database_url, tmp_path) as found:
        for name, value in {
            "HERMES_URL": found.url, "HERMES_TOKEN": TOKEN, "HERMES_STRIPE_WEBHOOK_SECRET": SECRET,
            "HERMES_BRAIN_URL": found.brain_url, "HERMES_HOME": str(tmp_path / "home"),
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        folder = tmp_path / "reports"
        ended = await asyncio.to_thread(run_command, monkeypatch, "verify", "--output", str(folder), "--json")  # fmt: skip
    assert ended.code == 0, ended.out
    told = json.loads(ended.out)
    assert told["summary"]["failed"] == told["summary"]["skipped"] == 0
    texts = {file.suffix: file.read_text() for file in folder.iterdir()}
    assert set(texts) == {".md", ".json", ".xml"}
    assert json.loads(texts[".json"]) == told
    assert not [text for text in texts.values() if TOKEN in text or SECRET in text]


async def test_ci_gets_junit_and_a_summary_of_a_smoke_test(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.room.all_succeed()
    for name, value in {
        "HERMES_URL": served.url, "HERMES_TOKEN": served.token, "HERMES_HOME": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    file = tmp_path / "out" / "smoke.xml"
    command = asyncio.to_thread(run_command, monkeypatch, "test", "smoke", "--junit", str(file))
    running_command = asyncio.create_task(command)
    while not running_command.done():
        await served.room.runner().drain()
        await asyncio.sleep(0.05)
    assert running_command.result().code == 0, running_command.result().err
    assert 'tests="13" failures="0"' in file.read_text()
    assert "13 passed" in (tmp_path / "summary.md").read_text()
