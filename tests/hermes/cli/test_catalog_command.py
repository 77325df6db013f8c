"""The files of an installation above the shipped catalog: read again when they change, and `hermes catalog`."""

import contextlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hermes.catalog_files import CatalogFiles
from hermes.wiring import program as cli
from hermes_base.problems import Problem
from tests.support.catalog import shipped_catalog

TWO = '[[services]]\nslug = "crawl_render"\nmax_concurrency = 2\n'
Run = Callable[..., tuple[int, str, str]]


class Home:
    """A folder of layers, and a catalog above it whose clock is moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, 0.0
        folder.mkdir()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def files(self) -> CatalogFiles:
        return CatalogFiles([self.folder], now=lambda: self.clock)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "catalog.d")


def concurrency(files: CatalogFiles) -> int:
    return files().service("crawl_render").max_concurrency


def test_a_file_that_changes_is_in_force_without_a_restart(home: Home) -> None:
    files, shipped = home.files(), shipped_catalog().service("crawl_render").max_concurrency
    assert concurrency(files) == shipped
    home.write("a.toml", TWO)
    assert concurrency(files) == shipped, "it looks once a second"
    home.clock += 1
    assert concurrency(files) == 2
    (home.folder / "a.toml").unlink()
    home.clock += 1
    assert concurrency(files) == shipped


def test_a_broken_file_leaves_the_old_catalog_in_force_and_says_why(home: Home) -> None:
    home.write("a.toml", TWO)
    files = home.files()
    home.write("b.toml", '[[services]]\nslug = "crawl_render"\nmax_concurrency = "many"\n')
    home.write("a.toml", TWO.replace("2", "30"))
    home.clock += 1
    assert concurrency(files) == 2
    assert files.fault is not None
    assert "catalog.d/b.toml" in files.fault.says
    assert "field max_concurrency" in files.fault.says
    (home.folder / "b.toml").unlink()
    home.clock += 1
    assert (concurrency(files), files.fault) == (30, None)


def test_at_the_start_only_the_broken_file_is_left_out(home: Home) -> None:
    home.write("a.toml", "off = 3")
    home.write("b.toml", TWO)
    files = home.files()
    assert concurrency(files) == 2
    assert files.fault is not None
    assert "a.toml" in files.fault.says


def test_later_folders_and_later_names_win(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "more")
    home.write("b.toml", TWO.replace("2", "4"))
    home.write("a.toml", TWO)
    assert concurrency(home.files()) == 4
    other.write("a.toml", TWO.replace("2", "5"))
    assert concurrency(CatalogFiles([home.folder, other.folder])) == 5


def test_a_base_that_is_none_is_a_reason_not_to_start(home: Home, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        CatalogFiles([home.folder], tmp_path / "nothing.toml")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command in a home of its own: (code, standard output, standard error)."""
    monkeypatch.setenv("HERMES_HOME", str(tmp_path))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hermes", "catalog", *arguments])
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                cli.main()
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
        return code, out.getvalue(), err.getvalue()

    return run


def test_a_service_of_ones_own_is_begun_checked_shown_and_told_apart(
    command: Run, tmp_path: Path
) -> None:
    code, out, err = command("new", "price_watch")
    assert (code, err) == (0, "")
    assert "HERMES_WORKER_PRICE_WATCH" in out
    assert command("new", "price_watch")[0] == 4
    assert command("new", "crawl_render")[0] == 4
    assert command("new", "../evil")[0] == 4
    assert "1 change from your files" in command("check")[1]
    shown: dict[str, Any] = json.loads(command("show", "price_watch", "--json")[1])
    assert shown["expected_outputs"] == ["pages_checked", "problems"]
    assert "pages_checked" in command("show", "price_watch")[1]
    (tmp_path / "catalog.d" / "z.toml").write_text(TWO, "utf-8")
    changes = json.loads(command("diff", "--json")[1])
    assert [(c["service"], c["field"], c["after"]) for c in changes] == [
        ("price_watch", "", "added"),
        ("crawl_render", "max_concurrency", 2),
    ]


def test_a_faulty_file_is_named_by_check_show_and_diff(command: Run, tmp_path: Path) -> None:
    (tmp_path / "catalog.d").mkdir()
    (tmp_path / "catalog.d" / "bad.toml").write_text("servics = []", "utf-8")
    for words in (["check"], ["show"], ["diff"]):
        code, _, err = command(*words)
        assert code == 4
        assert "bad.toml" in err
        assert "field servics" in err
