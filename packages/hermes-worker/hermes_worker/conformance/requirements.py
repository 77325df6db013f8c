"""The table of requirements, read from requirements.toml."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

PACKAGE = "hermes_worker.conformance"
LEVELS = ("connection", "smoke", "async", "idempotent", "cancellable")
"""Each level contains the ones before it."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence of the contract: `must` or should, how it is checked, and what it builds upon."""

    id: str
    level: str
    must: bool
    says: str
    checked: str
    needs: tuple[str, ...]

    @property
    def force(self) -> str:
        return "MUST" if self.must else "SHOULD"


def _read() -> tuple[Requirement, ...]:
    rows = tomllib.loads(files(PACKAGE).joinpath("requirements.toml").read_text("utf-8"))
    return tuple(_requirement(name, row) for name, row in rows.items())


def _requirement(name: str, row: dict[str, Any]) -> Requirement:
    needs = tuple(row.pop("needs", ()))
    return Requirement(id=name, needs=needs, **row)


REQUIREMENTS = _read()


def up_to(level: str) -> list[Requirement]:
    """The requirements of this level and the ones it contains, in the order of judgement."""
    contained = LEVELS[: LEVELS.index(level) + 1]
    return [requirement for requirement in REQUIREMENTS if requirement.level in contained]
