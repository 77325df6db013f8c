"""`pytest tests/world -p tests.world.marking`: takes the marks out of the rows that hold now.

It never sets a mark: what a row does not do, and which issue will close it, is written by hand.
"""

import os
import re
from pathlib import Path

from tests.world import rows

MARK = r"(?:holds = false\n|issue = \d+\n|seen = [^\n]*\n)"
_held = rows.hold


def hold(mark: rows.Marked, seen: str, *broken: str) -> None:
    """Hold a row as ever, but for one that holds although it is marked: its mark goes."""
    if not mark.holds and not broken:
        for file in files():
            lift(file, mark)
        return
    _held(mark, seen, *broken)


def files() -> list[Path]:
    """The files in which the row of the test that runs may stand."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    shape = re.search(r"\[(\w+)-\w+\]", test)
    if "test_foreign_apis" in test and shape:
        return [rows.HERE / "foreign_apis" / f"{shape[1]}.toml"]
    return [file for file in rows.HERE.rglob("*.toml") if file.parent.name != "foreign_apis"]


def lift(file: Path, mark: rows.Marked) -> None:
    """Take the mark out of the row in this file, where it is there."""
    text = file.read_text("utf-8")
    for name in ("id", "name", "trial"):
        head = re.escape(f'{name} = "{getattr(mark, name, None)}"\n')
        text = re.sub(f"({head}){MARK}{{3}}", r"\1", text)
    file.write_text(text, "utf-8")


rows.hold = hold
