"""The areas of which mutants are drawn, and a sample that is spread over them."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from tools.mutants.mutant import Mutant, mutants_of, stands

CONTROL = "packages/hermes-control/"
AREAS: Mapping[str, tuple[str, ...]] = {
    "rules": (f"{CONTROL}hermes/core", f"{CONTROL}directory_bolt/core"),
    "storage": (
        f"{CONTROL}hermes/storage",
        f"{CONTROL}directory_bolt/storage",
        f"{CONTROL}hermes_base/postgres",
        f"{CONTROL}hermes_base/people/storage",
        f"{CONTROL}hermes_base/alerts",
    ),
    "runner": (
        f"{CONTROL}hermes/runner",
        f"{CONTROL}hermes/upkeep",
        f"{CONTROL}hermes/operations",
        f"{CONTROL}hermes/control.py",
    ),
    "submissions": (
        f"{CONTROL}directory_bolt/processes",
        f"{CONTROL}directory_bolt/browser",
        *(
            f"{CONTROL}directory_bolt/{name}.py"
            for name in (
                "intake",
                "queueing",
                "submitting",
                "orders",
                "retries",
                "staff",
                "erasure",
            )
        ),
    ),
    "doors": (
        f"{CONTROL}hermes_base/web",
        f"{CONTROL}hermes_base/people",
        f"{CONTROL}hermes/web",
        f"{CONTROL}directory_bolt/web",
    ),
    "contact": (
        f"{CONTROL}hermes/contact",
        f"{CONTROL}hermes/vault",
        f"{CONTROL}hermes_base/curl",
        f"{CONTROL}hermes_base/http",
    ),
    "fleet": ("packages/hermes-fleet/hermes_fleet",),
    "SDK": ("packages/hermes-worker",),
}


def area_of(path: str) -> str:
    """The area of a file; of two the one that names it more closely. '' where none does."""
    fitting = [
        (len(place), area)
        for area, places in AREAS.items()
        for place in places
        if path == place or path.startswith(f"{place}/")
    ]
    return max(fitting)[1] if fitting else ""


def files_of(root: Path, areas: Iterable[str]) -> dict[str, list[str]]:
    """The modules of each area, relative to the root of the repository."""
    found: dict[str, list[str]] = {area: [] for area in areas}
    for file in sorted((root / "packages").rglob("*.py")):
        path = file.relative_to(root).as_posix()
        if (area := area_of(path)) in found:
            found[area].append(path)
    return found


def sample(root: Path, files: Mapping[str, Sequence[str]], seed: int, count: int) -> list[Mutant]:
    """`count` mutants, one of each area in turn; within an area one of each operator in turn.

    The same seed draws the same mutants from the same tree.
    """
    turns = (_shuffled(root, files[area], random.Random(f"{seed} {area}")) for area in files)  # noqa: S311
    drawn: list[Mutant] = []
    for mutant in chain.from_iterable(zip_longest(*turns)):
        if len(drawn) == count:
            break
        if mutant is not None:
            drawn.append(mutant)
    return drawn


def _shuffled(root: Path, paths: Sequence[str], dice: random.Random) -> Iterator[Mutant]:
    by_operator: dict[str, dict[tuple[str, ...], Mutant]] = {}
    for path in paths:
        for mutant in mutants_of(path, (root / path).read_bytes()):
            by_operator.setdefault(mutant.edit.operator, {})[mutant.key] = mutant
    piles = [list(by_operator[operator].values()) for operator in sorted(by_operator)]
    for pile in piles:
        dice.shuffle(pile)
    dice.shuffle(piles)
    for mutant in chain.from_iterable(zip_longest(*piles)):
        if mutant is not None and stands(mutant, (root / mutant.path).read_bytes()):
            yield mutant
