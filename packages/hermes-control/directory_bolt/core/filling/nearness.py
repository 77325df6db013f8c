"""How near two names of one thing are: 1 the same, 0 nothing in common."""

from difflib import SequenceMatcher

from directory_bolt.core.filling.trades import trade_of
from directory_bolt.core.forms.words import words_of

SMALL = frozenset(
    words_of("and the of a an or for in & und der die das de la le les el los y et e i il di")
)
GROUP = " > "


def nearness(wanted: str, offered: str) -> float:
    """0-1. An option of a group is as near as the option itself, or a little less than its group."""
    whole, _, leaf = offered.rpartition(GROUP)
    return max(_near(wanted, leaf), 0.6 * _near(wanted, whole)) if whole else _near(wanted, offered)


def _near(wanted: str, offered: str) -> float:
    known = trade_of(wanted)
    if known is not None and known == trade_of(offered):
        return 1.0
    ours, theirs = _stems(wanted), _stems(offered)
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 1.0
    shared = ours & theirs
    if shared in (ours, theirs):  # "Bakery" and "Bakeries & cafés"
        return 0.8 + 0.15 * len(shared) / max(len(ours), len(theirs))
    overlap = 2 * len(shared) / (len(ours) + len(theirs))
    alike = SequenceMatcher(None, " ".join(sorted(ours)), " ".join(sorted(theirs))).ratio()
    return max(overlap * 0.9, alike * 0.8)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words_of(text) if word not in SMALL)


def stem(word: str) -> str:
    """A word without the endings of its plural and its trade: bakeries, bakery -> baker."""
    for ending, instead in (
        ("ies", "y"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("sses", "ss"),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word
