"""`hermes dialects`: listed, shown, checked and tried, against an API that somebody else made."""

import asyncio
import contextlib
import io
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hermes.wiring import program as cli
from tests.world.foreign import KEY, World, serving, shapes

Run = Callable[..., Any]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command in a home of its own: (code, standard output, standard error)."""
    monkeypatch.setenv("HERMES_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hermes", "dialects", *arguments])
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                cli.main()
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
        return code, out.getvalue(), err.getvalue()

    return run


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with serving() as found:
        yield found


def test_dialects_are_listed_with_those_of_the_home(command: Run, tmp_path: Path) -> None:
    (tmp_path / "dialects").mkdir()
    (tmp_path / "dialects" / "mine.toml").write_text('name = "mine"\ntitle = "My API"\n', "utf-8")
    (tmp_path / "dialects" / "bad.toml").write_text('name = "bad"\n', "utf-8")
    code, out, _ = command("list", "--json")
    found = {each["name"]: each for each in json.loads(out)}
    assert code == 0
    assert found["mine"] == {"name": "mine", "title": "My API", "own": True}
    assert found["replicate"]["own"] is False
    assert "bad" not in found
    code, _, err = command("show", "bad")
    assert code == 4
    assert "bad.toml: title: Field required" in err


def test_a_dialect_is_shown_in_words_and_as_its_file(command: Run) -> None:
    _, out, _ = command("show", "scrapyd")
    assert "`/schedule.json?project" in out
    assert "value spider" in out
    _, file, _ = command("show", "scrapyd", "--file")
    assert file.startswith('name = "scrapyd"\n')


def test_a_file_is_checked_and_each_fault_is_named_by_its_key(command: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\ntitle = "My API"\n[poll]\nstatus = "a["\n', "utf-8")
    code, _, err = command("check", str(file))
    assert code == 4
    assert "poll.status: not JMESPath" in err
    file.write_text('name = "mine"\ntitle = "My API"\n', "utf-8")
    assert command("check", str(file))[:2] == (0, "mine is a dialect: My API.\n")


@pytest.mark.parametrize(
    ("life", "code", "says"),
    [
        ("ends_well", 0, ["job p1 accepted", "running", "finished", "pages_found"]),
        ("ends_badly", 1, ["job p1 accepted", "CUDA out of memory"]),
    ],
)
async def test_a_dialect_is_tried_at_a_worker_and_every_exchange_is_told(
    life: str, code: int, says: list[str], command: Run, world: World
) -> None:
    shape = shapes()["replicate"]
    url = world.play(life, shape, next(each for each in shape.lives if each.name == life))
    arguments = ("try", "replicate", "--url", url, "--key", KEY, "--value", "version=v1")
    ended, out, err = await asyncio.to_thread(command, *arguments)
    assert (ended, err) == (code, "")
    for text in says:
        assert text in out
    assert KEY not in out


def test_what_a_dialect_needs_is_said_before_anything_is_sent(command: Run) -> None:
    code, out, err = command("try", "replicate", "--url", "http://127.0.0.1:9")
    assert (code, out) == (4, "")
    assert "version (Id of the model's version)" in err
