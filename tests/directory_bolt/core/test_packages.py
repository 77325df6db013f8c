"""The one package table: nothing of a package can be left out."""

from pathlib import Path

import pytest

from directory_bolt.core.orders import packages
from directory_bolt.core.orders.packages import PACKAGES, Package
from tests.support.copies import load_copy, replaced

CODE = Path(packages.__file__).read_text("utf-8")
GROWTH = {"name": '"Growth"', "directories": "100", "price_usd": "299", "priority": "3"}


def test_the_proof_speaks_of_the_table_as_it_is() -> None:
    assert PACKAGES["growth"] == Package("growth", "Growth", 100, 299, 3)


@pytest.mark.parametrize("part", GROWTH)
def test_a_package_without_one_of_its_parts_does_not_load(tmp_path: Path, part: str) -> None:
    kept = ", ".join(f"{name}={value}" for name, value in GROWTH.items() if name != part)
    code = replaced(r'Package\("growth"[^\n]+\n', CODE, f'Package("growth", {kept}),\n')
    with pytest.raises(TypeError, match=rf"missing 1 required positional argument: '{part}'"):
        load_copy(tmp_path, code)


@pytest.mark.parametrize("package", PACKAGES.values())
def test_every_package_can_be_sold_and_stored(package: Package) -> None:
    assert package.slug == package.slug.strip().lower(), "it is looked up in lower case"
    assert package.directories > 0
    assert package.price_usd > 0
    assert package.priority in (1, 2, 3, 4), "the table jobs takes no other"


def test_no_package_hides_another_of_its_name() -> None:
    assert len(PACKAGES) == CODE.count('        Package("')
    assert len({package.name for package in PACKAGES.values()}) == len(PACKAGES)
