import os
import pwd
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

import hermes_browser


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing set, nothing downloaded, nothing on PATH."""
    monkeypatch.delenv("HERMES_BROWSER", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def test_a_machine_without_a_browser_has_none() -> None:
    assert hermes_browser.find() is None


def test_the_operators_choice_decides_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(tmp_path / "bin" / "chromium")
    monkeypatch.setenv("HERMES_BROWSER", str(program(tmp_path / "mine")))
    assert hermes_browser.find() == tmp_path / "mine"
    monkeypatch.setenv("HERMES_BROWSER", str(tmp_path / "absent"))
    assert hermes_browser.find() is None


def test_playwrights_newest_download_comes_before_the_path(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium")
    downloads = tmp_path / "downloads"
    program(downloads / "chromium-1300" / "chrome-linux" / "chrome")
    program(downloads / "chromium_headless_shell-999" / "chrome-linux" / "headless_shell")
    newest = program(downloads / "chromium_headless_shell-1208" / "chrome-linux" / "headless_shell")
    assert hermes_browser.find() == newest


def test_the_headless_shell_comes_first_on_the_path(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "google-chrome")
    assert hermes_browser.find() == tmp_path / "bin" / "google-chrome"
    shell = program(tmp_path / "bin" / "chromium-headless-shell")
    assert hermes_browser.find() == shell


def test_a_file_that_cannot_be_run_is_no_browser(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium").chmod(0o644)
    assert hermes_browser.find() is None


def test_the_sandbox_is_given_up_only_by_root() -> None:
    assert ("--no-sandbox" in hermes_browser.arguments()) == (os.geteuid() == 0)


@contextmanager
def nobody() -> Generator[None]:
    """Somebody who is not root: root becomes nobody for a moment, all others are that already."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_whoever_is_not_root_keeps_the_sandbox() -> None:
    with nobody():
        kept = hermes_browser.arguments()
    assert "--no-sandbox" not in kept


async def test_starting_without_a_browser_says_how_to_get_one() -> None:
    with pytest.raises(hermes_browser.NoBrowserError, match="hermes browser install"):
        async with hermes_browser.browser():
            pass


def test_installing_where_one_is_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path / "bin" / "chromium")
    assert hermes_browser.install() == 0
    assert "Already installed" in capsys.readouterr().out


def test_installing_beside_a_wrong_choice_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HERMES_BROWSER", "/no/such/browser")
    assert hermes_browser.install() == 1
    assert "HERMES_BROWSER" in capsys.readouterr().out


def test_an_install_that_fails_says_what_to_do_by_hand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = (str(program(tmp_path / "download")),)
    monkeypatch.setattr("hermes_browser.installing.DOWNLOAD", failing)
    assert hermes_browser.install() == 1
    said = capsys.readouterr().out
    assert "apt-get is not available" in said.lower()
    assert "apt-get install chromium-headless-shell" in said


def test_an_install_that_hangs_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hanging = program(tmp_path / "download")
    hanging.write_text("#!/bin/sh\n/bin/sleep 60\n")
    monkeypatch.setattr("hermes_browser.installing.DOWNLOAD", (str(hanging),))
    monkeypatch.setattr("hermes_browser.installing.DOWNLOAD_SECONDS", 0.2)
    assert hermes_browser.install() == 1
    assert "gave up" in capsys.readouterr().out


@pytest.mark.browser
async def test_a_browser_opens_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    async with hermes_browser.browser() as browser:
        page = await browser.new_page()
        await page.set_content("<title>Hello</title>")
        assert await page.title() == "Hello"
