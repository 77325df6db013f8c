"""The maps of the house agree with the house: reference pages, the table of rooms, settings."""

import re
import subprocess
import sys
from typing import get_args

import pytest

from hermes_base.settings import Settings
from tests import ROOT

ROOM = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
PACKAGES = {
    path.name: path
    for path in ROOT.glob("packages/*/*")
    if path.is_dir() and (path / "__init__.py").exists()
}


def rooms() -> list[str]:
    """The first column of ARCHITECTURE's code map: one room a row."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    return ROOM.findall(text.split("| package | contents |")[1].split("\n## ")[0])


@pytest.mark.parametrize("room", rooms())
def test_every_room_of_the_map_is_there(room: str) -> None:
    package, _, rest = room.rstrip("/").partition("/")
    assert (PACKAGES[package] / rest if package in PACKAGES else ROOT / room).exists()


def test_every_room_of_the_house_is_on_the_map() -> None:
    mapped = {room.rstrip("/").removesuffix(".py") for room in rooms()}
    inner = {"hermes_base", "hermes", "directory_bolt"}  # the others are one room each
    expected = (set(PACKAGES) - inner) | {
        f"{name}/{path.name.removesuffix('.py')}"
        for name in inner
        for path in PACKAGES[name].iterdir()
        if (path / "__init__.py").exists()
        or (path.suffix == ".py" and len(path.read_text("utf-8").splitlines()) > 60)
    }
    assert sorted(expected - mapped) == [], "no row of ARCHITECTURE's code map tells of these"


def test_the_reference_is_as_the_code_says() -> None:
    command = [sys.executable, "tools/reference.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_setting_says_what_it_is() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    said = dict(re.findall(r"^\| `HERMES_(\w+)` \|[^|]*\| *(.*?) *\|$", page, re.MULTILINE))
    assert {name.upper() for name in Settings.model_fields} == {
        name for name, text in said.items() if text
    }


@pytest.mark.parametrize("queue", get_args(Settings.model_fields["queue"].annotation))
def test_every_queue_that_can_be_chosen_keeps_the_contract(queue: str) -> None:
    tests = ROOT / "tests" / "directory_bolt" / "queues" / f"test_{queue}_queue.py"
    assert tests.exists()
    assert "import *" in tests.read_text("utf-8"), "import the tests of queue_contract.py"


PATHS = re.compile(
    r"`((?:tests|bench|docs|deploy|tools|hermes|hermes_base|directory_bolt)/[\w/.-]+)`"
)


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    found = PATHS.findall((ROOT / page).read_text("utf-8"))
    named = {path for path in found if "NAME" not in path and "SLUG" not in path}
    places = (ROOT, ROOT / "packages" / "hermes-control")
    assert not {path for path in named if not any((place / path).exists() for place in places)}
