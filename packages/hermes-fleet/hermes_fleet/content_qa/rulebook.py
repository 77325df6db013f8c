"""The rules as they stand in rules.toml."""

import re
import tomllib
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("rules.toml")
Severity = Literal["critical", "major", "minor"]
Area = Literal["metadata", "structure", "substance", "trust", "accessibility"]


class Rule(BaseModel):
    """One rule. `least`, `most`, `patterns`, `sources` and `language` are what its check needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    area: Area
    severity: Severity
    what: str
    why: str
    fix: str
    source: str
    least: int = 0
    most: int = 0
    patterns: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    language: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of its patterns, in either case."""
        return _any_of(self.patterns)

    @cached_property
    def source_pattern(self) -> re.Pattern[str]:
        """What counts as naming a source in the text; here capitals matter."""
        return re.compile("|".join(self.sources))


class Rulebook(BaseModel):
    """All rules, and what a rule of each severity weighs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[Severity, float]
    rules: tuple[Rule, ...]

    def weight(self, rule: Rule) -> float:
        """The points that one page earns by keeping this rule."""
        return self.weights[rule.severity]


@cache
def rulebook() -> Rulebook:
    """The rules that ship with the worker."""
    return Rulebook.model_validate(tomllib.loads(FILE.read_text("utf-8")))


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)
