"""Which known phrases a text holds."""

from dataclasses import dataclass
from functools import cache

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.words import words_of
from directory_bolt.core.mapping.field_words import field_words

LONGEST = 7  # words of a phrase
SHORTEST_PART = 4  # letters by which a longer word of code may begin or end: "usercity"
PART_STRENGTH = 0.75


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: from word `start`, `length` words."""

    kind: Kind
    words: str
    start: int
    length: int
    strength: float = 1.0


@cache
def phrases() -> dict[tuple[str, ...], Kind]:
    """Every phrase, and every phrase of several words also written together."""
    found = dict[tuple[str, ...], Kind]()
    for kind, languages in field_words().phrases.items():
        for phrase in (phrase for listed in languages.values() for phrase in listed):
            words = words_of(phrase)
            found.setdefault(words, kind)
            if len(words) > 1:
                found.setdefault(("".join(words),), kind)
    return found


def hits(words: tuple[str, ...]) -> list[Hit]:
    """Known phrases from left to right, the longest first where they overlap."""
    found = list[Hit]()
    start = 0
    while start < len(words):
        for length in range(min(LONGEST, len(words) - start), 0, -1):
            part = words[start : start + length]
            if kind := phrases().get(part):
                found.append(Hit(kind, " ".join(part), start, length))
                break
        start += found[-1].length if found and found[-1].start == start else 1
    return found


def parts(words: tuple[str, ...]) -> list[Hit]:
    """Known words at the beginning or end of longer ones: "usercity"."""
    found = list[Hit]()
    for at, word in enumerate(words):
        ends = [
            (len(known[0]), known[0], kind)
            for known, kind in phrases().items()
            if len(known) == 1
            and SHORTEST_PART <= len(known[0]) < len(word)
            and (word.endswith(known[0]) or word.startswith(known[0]))
            and not word.endswith(field_words().misleading)
        ]
        if ends:
            _, part, kind = max(ends, key=lambda end: end[0])
            found.append(Hit(kind, part, at, 1, PART_STRENGTH))
    return found
