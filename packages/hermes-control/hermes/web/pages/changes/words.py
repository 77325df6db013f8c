"""The words that a change takes away and adds, for showing both in one line."""

from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Piece: TypeAlias = tuple[Literal["same", "old", "new"], str]


def differing(before: str | None, after: str) -> list[Piece]:
    """The two texts as one, word by word: what stays, what goes, what comes."""
    old, new = (before or "").split(), after.split()
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", " ".join(old[a:b])))
            continue
        if b > a:
            found.append(("old", " ".join(old[a:b])))
        if d > c:
            found.append(("new", " ".join(new[c:d])))
    return found
