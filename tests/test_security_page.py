"""docs/security.md names tests that are there."""

import re

from tests import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`|`((?:hermes|directory_bolt)[\w/]*/)`")


def test_every_test_that_the_table_names_is_there() -> None:
    files = {path.name: path for path in (ROOT / "tests").rglob("test_*.py")}
    missing: list[str] = []
    for file, test, folder in NAMED.findall(PAGE):
        if folder:
            missing += [folder] * (not (ROOT / "tests" / folder).is_dir())
            continue
        if file.startswith(("tools/", "bench/")):
            missing += [file] * (not (ROOT / file).exists())
            continue
        path = ROOT / "tests" / file.removeprefix("tests/")
        path = path if path.exists() else files.get(file.rpartition("/")[2]) or path
        if not path.exists() or (test and f"def {test}(" not in path.read_text("utf-8")):
            missing.append(f"{file}::{test}")
    assert missing == []
    assert len(NAMED.findall(PAGE)) > 30
