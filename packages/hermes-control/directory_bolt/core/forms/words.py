"""Text of pages as plain words: no case, no accents, names of code taken apart."""

import re
import unicodedata

CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
BOUNDARY = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
WORD = re.compile(r"[^\W_]+")
FOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "\u2019": "'"}
)
"""Letters that Unicode does not take apart into a letter and an accent."""


def plain(text: str) -> str:
    """Small letters without accents: "Straße" -> "strasse"."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(FOLDED))
    return "".join(c for c in bare if not unicodedata.combining(c))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a sentence: "Straße & Nr." -> ("strasse", "nr")."""
    return tuple(WORD.findall(plain(text)))


def words_of_name(name: str) -> tuple[str, ...]:
    """The words of a name in code: "txtZipCode2" -> ("txt", "zip", "code", "2")."""
    apart = BOUNDARY.sub(" ", CAMEL.sub(" ", name))
    return words_of(apart.replace("_", " "))
