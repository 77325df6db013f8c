"""Which sections of a competitor's page have no counterpart on the own page for the same keyword."""

from collections.abc import Iterable

from hermes_fleet.searching.document import Document
from hermes_fleet.searching.nearest import alike, words

SILENT = (
    "a an and are as at be by can do does for from how i in is it its my of on or our should that the "
    "their them they this to we what when where which who why will with you your"
)
STOPWORDS = frozenset(SILENT.split())
LEAST_SHARE = 0.5  # of the shorter heading's words that two headings about the same thing share
METHOD = (
    "a heading counts as missing when it shares fewer than half of its telling words with every heading "
    "of the own page; the words of the keyword do not count"
)


def missing_sections(theirs: Document, ours: Document, keyword: str) -> list[str]:
    """Headings below h1, in reading order."""
    own = [telling(text, keyword) for _level, text in ours.headings]
    found = (text for level, text in theirs.headings if level > 1)
    missing = (text for text in found if not _has(own, telling(text, keyword)))
    return list(dict.fromkeys(missing))


def telling(heading: str, keyword: str) -> list[str]:
    """The words of a heading that tell it from others; all of them when none is left."""
    found = words(heading)
    known = words(keyword)
    kept = [
        word
        for word in found
        if word not in STOPWORDS and not any(alike(word, other) for other in known)
    ]
    return kept or found


def _has(own: Iterable[list[str]], wanted: list[str]) -> bool:
    return any(_similar(heading, wanted) for heading in own)


def _similar(one: list[str], other: list[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return False
    shared = sum(any(alike(word, each) for each in longer) for word in shorter)
    return shared / len(shorter) >= LEAST_SHARE
