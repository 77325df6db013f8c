"""`hermes schedules`: from a terminal, through the same API as the pages."""

import asyncio
import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from hermes.wiring import program as cli
from tests.support.served import Served


@pytest.fixture
def command(served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run the command against the served room: (code, standard output, standard error)."""
    monkeypatch.setenv("HERMES_URL", served.url)
    monkeypatch.setenv("HERMES_TOKEN", served.token)
    monkeypatch.setenv("HERMES_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "240")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hermes", "schedules", *arguments])
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                cli.main()
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
        return code, out.getvalue(), err.getvalue()

    async def running(*arguments: str) -> tuple[int, str, str]:
        return await asyncio.to_thread(run, *arguments)

    return running


async def test_a_schedule_is_added_listed_paused_resumed_and_removed(
    served: Served, command: Any
) -> None:
    code, out, _ = await command(
        "add", "0 6 * * 1-5", "--time-zone", "Europe/Zurich", "--service", "content_qa"
    )
    assert code == 0, out
    assert "next Mon 23 Nov 2026, 06:00 (Europe/Zurich)" in out
    _, out, _ = await command("list", "--json")
    (found,) = json.loads(out)
    assert (found["service"], found["mode"], found["enabled"]) == ("content_qa", "smoke", True)
    code, out, _ = await command("pause", found["id"])
    assert (code, out.strip()) == (0, "Smoke test of Content QA / Policy Validator: paused")
    code, out, _ = await command("resume", found["id"])
    assert "next Mon 23 Nov 2026" in out
    _, out, _ = await command("list")
    assert found["id"] in out
    assert "never" in out
    assert (await command("remove", found["id"]))[:2] == (0, "Schedule deleted.\n")
    assert await served.room.hermes.schedules.all() == []
    _, out, _ = await command("list")
    assert "No schedules yet" in out


async def test_what_is_wrong_is_named_and_the_exit_code_says_configuration(command: Any) -> None:
    code, _, err = await command("add", "0 25 * * *", "--site", "Example")
    assert code == 4
    assert "cron: '25' does not fit the hour (0-23)" in err
    code, _, err = await command("remove", "nothing")
    assert code == 4
    assert "hermes schedules list" in err
