"""Fitting a text to the field that takes it: length and pattern."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from directory_bolt.core.forms.page import Field

LIMIT = re.compile(
    r"(\d{2,4})\s*(?:characters|chars|letters|zeichen|caract|caratteri|tekens)", re.IGNORECASE
)
LEAST = re.compile(
    r"\bmin|at least|mindestens|au moins|al menos|almeno|minstens|pelo menos", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to write an answer, and what was done to make it fit."""

    text: str
    note: str = ""


def fitted(texts: Sequence[str], field: Field) -> list[Way]:
    """Those that fit as they are, best first; else the first, cut at a word."""
    room = room_of(field)
    whole = [Way(text) for text in texts if not room or len(text) <= room]
    suiting = [way for way in whole if suits(way.text, field)]
    if suiting or whole:
        return [*suiting, *(way for way in whole if way not in suiting)]
    return [cut(text, room) for text in texts[:1]]


def room_of(field: Field) -> int:
    """How many characters a field takes: what the markup says, else what the page tells; 0 unknown."""
    if field.max_length:
        return field.max_length
    for text in (field.hint, field.label, field.placeholder, field.after, field.complaint):
        found = LIMIT.search(text)
        if found and not LEAST.search(text):
            return int(found[1])
    return 0


def suits(text: str, field: Field) -> bool:
    """Whether the field's own pattern takes it."""
    if not field.pattern:
        return True
    try:
        return re.fullmatch(field.pattern, text) is not None
    except re.error:  # patterns of the web are not all patterns of Python
        return True


def cut(text: str, room: int) -> Way:
    """At most `room` characters, ending with a whole word."""
    short = text[: room + 1].rpartition(" ")[0] or text[:room]
    return Way(short.rstrip(" ,;:-"), f"cut from {len(text)} to {len(short)} characters")
