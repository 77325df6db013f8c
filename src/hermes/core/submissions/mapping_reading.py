"""What a text is about when it holds several known phrases."""

import re
from dataclasses import dataclass

from hermes.core.submissions.fields import Kind
from hermes.core.submissions.fields_words import words_of, words_of_name
from hermes.core.submissions.mapping_phrases import Hit, hits, parts
from hermes.core.submissions.mapping_words import FILLERS, OF

CLAUSE = re.compile(r"[(\[:;*,/|!?\n]|\s[-\u2013\u2014]\s|\.\s")
EITHER = re.compile(r"(?<=name)\s*/\s*(?=e-?mail)|(?<=mail)\s*/\s*(?=user)", re.IGNORECASE)
VAGUE = frozenset(
    words_of(
        "first last web site link land text title ort via cap cp nr bus view user log nation "
        "internet domain from body line page pass fone line unit floor author owner x x1 plan "
        "contact mobile"
    )
)
"""Words that mean a field only when nothing else stands beside them."""
VAGUE_STRENGTH = 0.5
ADDRESSED = frozenset({Kind.EMAIL, Kind.WEBSITE, Kind.LOGIN})
EITHER_OR = frozenset(["or", "oder", "ou", "o", "of", "eller", "lub"])
BIRTH = frozenset(
    ["birth", "nascita", "nacimiento", "naissance", "nascimento", "geburt", "geboorte"]
)
STREET_AFTER: dict[str, Kind] = {
    "2": Kind.STREET_2,
    "3": Kind.STREET_2,
    "two": Kind.STREET_2,
    "number": Kind.HOUSE_NUMBER,
    "no": Kind.HOUSE_NUMBER,
    "nr": Kind.HOUSE_NUMBER,
    "num": Kind.HOUSE_NUMBER,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text is about; `strength` 0-1 falls with the share of other words."""

    kind: Kind
    words: str
    strength: float


def read_text(text: str) -> Reading | None:
    """What a sentence is about: the first of its clauses that holds a known phrase decides."""
    for clause in CLAUSE.split(EITHER.sub(" or ", text)):
        words = words_of(clause)
        if found := _decide(words, hits(words)):
            return found
    return None


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
    known = sum(hit.length for hit in found)
    told = max(known, sum(word not in FILLERS and not word.isdigit() for word in words))
    if phrase in VAGUE and told > 1:
        strength *= VAGUE_STRENGTH
    return Reading(kind, phrase, strength * (0.45 + 0.55 * known / told))


def _head(words: tuple[str, ...], found: list[Hit]) -> tuple[Kind, str, float]:
    """The last word in "company website", the first in "site de la société"."""
    kinds = [hit.kind for hit in found]
    head = found[-1]
    if Kind.HONEYPOT in kinds:
        head = found[kinds.index(Kind.HONEYPOT)]
    elif BIRTH & set(words):
        return Kind.OTHER, " ".join(words), head.strength
    elif Kind.SOCIAL in kinds:
        head = found[kinds.index(Kind.SOCIAL)]
    elif {Kind.NAME, Kind.BUSINESS_NAME} <= set(kinds[:2]):
        head = found[kinds.index(Kind.BUSINESS_NAME)]
    elif {Kind.LOGIN, Kind.EMAIL} <= set(kinds) and EITHER_OR & set(words):
        head = found[kinds.index(Kind.LOGIN)]
    elif len(found) > 1 and head.kind is Kind.STREET and found[-2].kind in ADDRESSED:
        head = found[-2]
    elif len(found) > 1 and OF & set(words[found[0].start : found[1].start + 1]):
        head = found[0]
    after = words[head.start + head.length : head.start + head.length + 1]
    if head.kind is Kind.STREET and after:
        return STREET_AFTER.get(after[0], Kind.STREET), f"{head.words} {after[0]}", head.strength
    return head.kind, head.words, head.strength
