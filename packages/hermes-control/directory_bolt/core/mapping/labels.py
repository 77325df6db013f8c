"""What a text is about when it holds several known phrases."""

import re
from dataclasses import dataclass, replace

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.words import words_of, words_of_name
from directory_bolt.core.mapping.field_words import field_words
from directory_bolt.core.mapping.phrases import Hit, hits, parts

CLAUSE = re.compile(r"[(\[:;*,/|!?\n]|\s[-\u2013\u2014]\s|\.\s")
EITHER = re.compile(r"(?<=name)\s*/\s*(?=e-?mail)|(?<=mail)\s*/\s*(?=user)", re.IGNORECASE)
VAGUE_STRENGTH = 0.5
ADDRESSED = frozenset({Kind.EMAIL, Kind.WEBSITE, Kind.LOGIN})
NAMED = frozenset({Kind.FIRST_NAME, Kind.NAME})
TIED = re.compile(r"[,/(&]")
PAIRS: dict[tuple[Kind, ...], Kind] = {
    (Kind.LAST_NAME, Kind.FIRST_NAME): Kind.FULL_NAME,
    (Kind.FIRST_NAME, Kind.LAST_NAME): Kind.FULL_NAME,
    (Kind.NAME, Kind.LOGIN): Kind.LOGIN,
    (Kind.LOGIN, Kind.EMAIL): Kind.EMAIL,
}
"""What two clauses mean together: "last name, first name", "login (e-mail)"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text is about; `strength` 0-1 falls with the share of other words."""

    kind: Kind
    words: str
    strength: float


def read_text(text: str) -> Reading | None:
    """What a sentence is about: the first clause with a known phrase, or what two say together."""
    clauses = [words_of(clause) for clause in CLAUSE.split(EITHER.sub(" or ", text))]
    read = [found for words in clauses if (found := _decide(words, hits(words)))]
    if not read:
        return None
    together = PAIRS.get(tuple(found.kind for found in read[:2])) if TIED.search(text) else None
    return replace(read[0], kind=together or read[0].kind)


def read_name(name: str) -> Reading | None:
    """What a name in code is about; a word may be part of a longer one."""
    words = words_of_name(name.rpartition("$")[2])
    whole = _decide(words, hits(words))
    return whole or _decide(words, parts(words))


def _decide(words: tuple[str, ...], found: list[Hit]) -> Reading | None:
    """What several phrases mean together; `strength` falls with the share of unknown words."""
    if not found:
        return None
    kind, phrase, strength = _head(words, found)
    listed = field_words()
    known = sum(hit.length for hit in found)
    meaningful = max(
        known, sum(word not in listed.fillers and not word.isdigit() for word in words)
    )
    if phrase in listed.vague and meaningful > 1:
        strength *= VAGUE_STRENGTH
    return Reading(kind, phrase, strength * (0.45 + 0.55 * known / meaningful))


def _head(words: tuple[str, ...], found: list[Hit]) -> tuple[Kind, str, float]:
    """The last word in "company website", the first in "site de la société"."""
    kinds = [hit.kind for hit in found]
    head = _first_of(Kind.HONEYPOT, found) or _main(words, found, kinds)
    if head.kind is not Kind.HONEYPOT and field_words().birth.among(words):
        return Kind.OTHER, " ".join(words), head.strength
    if _both_names(words, set(kinds)):
        return Kind.FULL_NAME, " ".join(hit.words for hit in found), head.strength
    after = words[head.start + head.length : head.start + head.length + 1]
    if head.kind is Kind.STREET and after:
        kind = field_words().after_street.get(after[0], Kind.STREET)
        return kind, f"{head.words} {after[0]}", head.strength
    return head.kind, head.words, head.strength


def _main(words: tuple[str, ...], found: list[Hit], kinds: list[Kind]) -> Hit:
    """The phrase that the others only describe."""
    if special := _first_of(Kind.SOCIAL, found):
        return special
    if {Kind.NAME, Kind.BUSINESS_NAME} <= set(kinds[:2]):
        return found[kinds.index(Kind.BUSINESS_NAME)]
    if {Kind.LOGIN, Kind.EMAIL} <= set(kinds) and field_words().either.among(words):
        return found[kinds.index(Kind.LOGIN)]
    if kinds[0] is Kind.SEARCH and kinds[-1] not in ADDRESSED:
        return found[0]
    if len(found) > 1 and _describes_the_one_before(kinds):
        return found[-2]
    of = len(found) > 1 and field_words().of.among(words[found[0].start : found[1].start + 1])
    return found[0] if of else found[-1]


def _describes_the_one_before(kinds: list[Kind]) -> bool:
    """ "E-mail address", "postcode search"."""
    if kinds[-1] is Kind.STREET:
        return kinds[-2] in ADDRESSED
    return kinds[-2:] == [Kind.POSTAL_CODE, Kind.SEARCH]


def _both_names(words: tuple[str, ...], kinds: set[Kind]) -> bool:
    """Given name and family name in one field."""
    whole = Kind.FULL_NAME in kinds and field_words().both.among(words)
    return Kind.LAST_NAME in kinds and bool(NAMED & kinds or whole)


def _first_of(kind: Kind, found: list[Hit]) -> Hit | None:
    return next((hit for hit in found if hit.kind is kind), None)
