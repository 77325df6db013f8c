"""Passwords that are tried first: common words, keys in a row and digits in a row, and nothing else."""

import re
from functools import cache

from hermes_base.data_files import Data, Entries, load

LEAST_OWN = 5
"""Characters that belong to none of them, which a password needs."""
SHORTEST_ROW = 3
SPELLINGS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "$": "s", "@": "a", "!": "i"}
)


def is_known(password: str) -> bool:
    """Whether hardly anything is left of a password once what everybody uses is taken out of it."""
    lower = password.lower()
    return min(_own(lower), _own(lower.translate(SPELLINGS))) < LEAST_OWN


def _own(text: str) -> int:
    left = _parts().sub("", text)
    return len(set(re.sub(r"[\W\d_]", "", left)))


class KnownParts(Data):
    """The file: words, and rows of keys as they lie on keyboards."""

    words: Entries
    rows: Entries


@cache
def _parts() -> re.Pattern[str]:
    """Every word and every piece of a row of keys, forwards and backwards, the longest first."""
    found = load(__name__, "known_passwords.toml", KnownParts)
    words = set(found.words)
    for row in found.rows:
        for line in (row, row[::-1]):
            starts = range(len(line) - SHORTEST_ROW + 1)
            words |= {
                line[at : at + long] for at in starts for long in range(SHORTEST_ROW, len(line) + 1)
            }
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
