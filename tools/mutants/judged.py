"""Mutants that people have judged: no test can tell them from right code, or no promise is broken by them."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from tools.mutants.mutant import Mutant

PLACE = Path(__file__).with_name("judged.toml")
Key = tuple[str, str, str, str, str]


def judged() -> dict[Key, str]:
    """The reason for each, by what names the mutant (`Mutant.key`)."""
    entries = tomllib.loads(PLACE.read_text("utf-8")).get("mutant", [])
    names = ("path", "function", "operator", "line", "becomes")
    return {
        (
            entry[names[0]],
            entry[names[1]],
            entry[names[2]],
            entry[names[3]],
            entry[names[4]],
        ): entry["reason"]
        for entry in entries
    }


def open_ones(mutants: Iterable[Mutant]) -> list[Mutant]:
    """The mutants that nobody has judged."""
    known = judged()
    return [mutant for mutant in mutants if mutant.key not in known]
