"""How near two names of one thing are: 1 the same, 0 nothing in common."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Protocol, cast

import snowballstemmer

from directory_bolt.core.filling.trades import trade_of
from directory_bolt.core.forms.words import words_of

SMALL = frozenset(
    words_of("and the of a an or for in & und der die das de la le les el los y et e i il di")
)
GROUP = " > "
LANGUAGES = ("english", "german", "french", "spanish", "italian", "dutch", "portuguese")
ALIKE = 2  # letters at the beginning of a word that no stemmer touches
FEWEST = 4  # letters of a stem, unless only one or two letters were taken off: "bars"
SHARED = 0.9  # what all words in common are worth, when the two are not the same
SPELLED = 0.8  # what a like spelling is worth: it orders what is far, and makes nothing near
KEPT = 32_768  # stems: a directory offers some hundred categories, again for every order


def nearness(wanted: str, offered: str) -> float:
    """0-1, of two categories: names of one trade, or the same words but for the endings of a language."""
    return _of_groups(_near_trades, wanted, offered)


def name_nearness(wanted: str, offered: str) -> float:
    """0-1, of two proper names: their words as they are. By its ending "Bayern" would be a bay."""
    return _of_groups(_near_names, wanted, offered)


def _of_groups(near: Callable[[str, str], float], wanted: str, offered: str) -> float:
    """An option of a group is as near as the option itself, or a little less than its group."""
    whole, _, leaf = offered.rpartition(GROUP)
    return max(near(wanted, leaf), 0.6 * near(wanted, whole)) if whole else near(wanted, offered)


def _near_trades(wanted: str, offered: str) -> float:
    known = trade_of(wanted)
    if known is not None and known == trade_of(offered):
        return 1.0
    ours, theirs = _telling_words(wanted), _telling_words(offered)
    in_languages = (
        _shared(_stems(ours, language), _stems(theirs, language))
        for language in _languages(ours, theirs)
    )
    return max(*in_languages, _spelled_alike(ours, theirs))


def _near_names(wanted: str, offered: str) -> float:
    ours, theirs = _telling_words(wanted), _telling_words(offered)
    return max(_shared(ours, theirs), _spelled_alike(ours, theirs))


def _telling_words(text: str) -> frozenset[str]:
    return frozenset(words_of(text)) - SMALL


def _languages(ours: frozenset[str], theirs: frozenset[str]) -> Sequence[str]:
    """All of them where two words begin alike, else one: endings cannot make the others equal."""
    begin_alike = {word[:ALIKE] for word in ours} & {word[:ALIKE] for word in theirs}
    return LANGUAGES if begin_alike else LANGUAGES[:1]


def _shared(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """What the words are worth that both have; 0 where one has none at all."""
    shared = ours & theirs
    if not shared:
        return 0.0
    if ours == theirs:
        return 1.0
    if shared in (ours, theirs):  # "Bakery" and "Bakeries & cafés"
        return 0.8 + 0.15 * len(shared) / max(len(ours), len(theirs))
    return SHARED * 2 * len(shared) / (len(ours) + len(theirs))


def _spelled_alike(ours: frozenset[str], theirs: frozenset[str]) -> float:
    if not ours or not theirs:
        return 0.0
    one, other = " ".join(sorted(ours)), " ".join(sorted(theirs))
    return SPELLED * SequenceMatcher(None, one, other).ratio()


def _stems(words: frozenset[str], language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in words)


@lru_cache(maxsize=KEPT)
def stem(word: str, language: str) -> str:
    """A word without the endings of its language: "bakeries" and "bakery" are both "bakeri".

    A word of which too little would be left stays whole.
    """
    found = _stemmer(language).stemWord(word)
    return found if len(found) >= FEWEST or len(word) - len(found) < FEWEST - 1 else word


class Stemmer(Protocol):
    """What snowballstemmer makes; the package ships no types."""

    def stemWord(self, word: str) -> str: ...  # noqa: N802  their name


@cache
def _stemmer(language: str) -> Stemmer:
    made = snowballstemmer.stemmer(language)  # pyright: ignore[reportUnknownMemberType]  see Stemmer
    return cast("Stemmer", made)
