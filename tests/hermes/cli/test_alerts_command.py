"""`hermes alerts`: from a terminal, through the same API as the pages."""

import asyncio
import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from hermes.wiring import program as cli
from tests.hermes.web.test_settings_pages import fail_twice
from tests.support.served import Served


@pytest.fixture
def command(served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run the command against the served room: (code, standard output, standard error)."""
    monkeypatch.setenv("HERMES_URL", served.url)
    monkeypatch.setenv("HERMES_TOKEN", served.token)
    monkeypatch.setenv("HERMES_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "240")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hermes", "alerts", *arguments])
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


async def test_an_alert_is_listed_taken_and_snoozed(served: Served, command: Any) -> None:
    assert (await command("list"))[:2] == (0, "No open alerts.\n")
    await fail_twice(served)
    code, out, _ = await command("list", "--json")
    (found,) = json.loads(out)
    assert (code, found["service"], found["acknowledgedBy"]) == (0, "seo_kbase", None)
    code, out, _ = await command("ack", found["id"], "--note", "The key was renamed.")
    assert (code, out.strip()) == (
        0, "SEO Knowledge Base failed 2 smoke tests in a row: taken by api token",
    )  # fmt: skip
    _, out, _ = await command("snooze", found["id"], "2")
    assert "snoozed until 2026-11-21T11:0" in out
    _, out, _ = await command("list")
    assert "nobody" not in out
    assert found["id"] in out
    code, _, err = await command("ack", "00000000-0000-4000-8000-000000000000")
    assert code == 4
    assert "hermes alerts list" in err or "no alert" in err.lower()
