"""The sentences of an answer that were not there before, and what each of them says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hermes.core.submissions import outcomes_sentences as words
from hermes.core.submissions.fields_words import plain
from hermes.core.submissions.profile import BusinessProfile

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SHORTENED = re.compile(r"\b(no|nr|ref|num|n|nº)\.\s", re.IGNORECASE)
FEWEST_OWN = 15  # letters from which on a sentence is known to be ours
FEWEST_DIGITS = 3
NO_REFERENCE = re.compile(r"(19|20)\d\d|\d+/\d+")  # years, "24/7"
OURSELVES = "␟"
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: as it stands there, and in plain letters with ␟ for the name of the business."""

    text: str
    plain: str

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether it states this; a question states nothing, and what costs nothing is no payment."""
        if self.text.rstrip().endswith("?"):
            return False
        if pattern is words.PAYMENT and words.FREE.search(self.plain):
            return False
        return pattern.search(self.plain) is not None


def new_sentences(before: str, after: str, profile: BusinessProfile) -> list[Said]:
    """What the page says now and did not say before, without what we ourselves had filled in."""
    known = {" ".join(plain(sentence).split()) for sentence in _sentences(before)}
    own = [plain(text) for text in _own_texts(profile)]
    found = list[Said]()
    for sentence in _sentences(after):
        text = " ".join(sentence.split())[:LONGEST]
        bare = plain(text)
        if bare and bare not in known and not _ours(bare, own):
            found.append(Said(text, bare.replace(plain(profile.business_name), OURSELVES)))
    return found


def _sentences(text: str) -> list[str]:
    return SENTENCE.split(SHORTENED.sub(r"\1 ", text))


def _ours(sentence: str, own: Sequence[str]) -> bool:
    return len(sentence) >= FEWEST_OWN and any(sentence in text for text in own)


def _own_texts(profile: BusinessProfile) -> list[str]:
    texts = [profile.description, profile.short_description, ", ".join(profile.keywords)]
    return [text for text in texts if text]


def first(said: Sequence[Said], states: Callable[[Said], bool]) -> str:
    """The first sentence that states this; "" without any."""
    return next((each.text for each in said if states(each)), "")


def duplicate(said: Said) -> bool:
    """Whether it says that the business is there already."""
    return said.says(words.DUPLICATE)


def refused(said: Said) -> bool:
    """Whether it says no; what only puts off is none."""
    return said.says(words.REFUSAL) and not words.NOT_YET.search(said.plain)


def accepted(said: Said) -> bool:
    """Whether it says in so many words that this very submission was taken."""
    if (
        said.text.rstrip().endswith("?")
        or words.MANY.search(said.plain)
        or words.REFUSAL.search(said.plain)
    ):
        return False
    for pattern in words.ACCEPTED:
        found = pattern.search(said.plain)
        if found and not words.CONDITION.search(said.plain[: found.start()]):
            return True
    return False


def reference(said: Said) -> str:
    """The number under which the submission is kept; "" when the sentence holds none."""
    found = words.REFERENCE.search(said.text)
    code = found["code"] if found else ""
    if sum(c.isdigit() for c in code) < FEWEST_DIGITS or NO_REFERENCE.fullmatch(code):
        return ""
    return code


def asks_for_login(text: str) -> bool:
    """Whether a page says that one must sign in first."""
    return any(words.LOGIN.search(plain(sentence)) for sentence in _sentences(text))
