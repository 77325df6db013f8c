"""How near two names of one thing are: 1 the same, 0 nothing in common."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache

import snowballstemmer

from directory_bolt.core.filling.trades import trade_of
from directory_bolt.core.forms.words import words_of

SMALL = frozenset(
    words_of("and the of a an or for in & und der die das de la le les el los y et e i il di")
)
GROUP = " > "
LANGUAGES = ("english", "german", "french", "spanish", "italian", "dutch", "portuguese")
ALIKE = 2  # letters at the beginning of a word that no stemmer touches
SHARED = 0.9  # what all words in common are worth, when the two are not the same
SPELLED = 0.8  # what a like spelling is worth: it orders what is far, and makes nothing near
KEPT = 32_768  # stems: a directory offers some hundred categories, again for every order


def nearness(wanted: str, offered: str) -> float:
    """0-1. An option of a group is as near as the option itself, or a little less than its group."""
    whole, _, leaf = offered.rpartition(GROUP)
    return max(_near(wanted, leaf), 0.6 * _near(wanted, whole)) if whole else _near(wanted, offered)


def _near(wanted: str, offered: str) -> float:
    """1 for names of one trade; else the nearest that they are in any of the languages."""
    known = trade_of(wanted)
    if known is not None and known == trade_of(offered):
        return 1.0
    ours, theirs = _telling_words(wanted), _telling_words(offered)
    if not ours or not theirs:
        return 0.0
    alike = SequenceMatcher(None, " ".join(sorted(ours)), " ".join(sorted(theirs))).ratio()
    found = max(_shared_in(language, ours, theirs) for language in _languages(ours, theirs))
    return max(found, alike * SPELLED)


def _telling_words(text: str) -> frozenset[str]:
    return frozenset(words_of(text)) - SMALL


def _languages(ours: frozenset[str], theirs: frozenset[str]) -> Sequence[str]:
    """All of them where two words begin alike, else one: endings cannot make the others equal."""
    begin_alike = {word[:ALIKE] for word in ours} & {word[:ALIKE] for word in theirs}
    return LANGUAGES if begin_alike else LANGUAGES[:1]


def _shared_in(language: str, wanted: frozenset[str], offered: frozenset[str]) -> float:
    """What the words are worth that both have when the language's endings are left out."""
    ours = frozenset(stem(word, language) for word in wanted)
    theirs = frozenset(stem(word, language) for word in offered)
    if ours == theirs:
        return 1.0
    shared = ours & theirs
    if shared in (ours, theirs):  # "Bakery" and "Bakeries & cafés"
        return 0.8 + 0.15 * len(shared) / max(len(ours), len(theirs))
    return SHARED * 2 * len(shared) / (len(ours) + len(theirs))


@lru_cache(maxsize=KEPT)
def stem(word: str, language: str) -> str:
    """A word without the endings of its language: "bakeries" and "bakery" are both "bakeri"."""
    return _stemmer(language).stemWord(word)


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)
