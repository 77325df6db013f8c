"""The sentences of an answer that were not there before, and what each of them says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from directory_bolt.core.forms.words import plain
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.outcomes.sentences import REFERENCE_CODE, sentences

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SHORTENED = re.compile(r"\b(no|nr|ref|num|n|nº)\.\s", re.IGNORECASE)
FEWEST_OWN = 15  # letters from which on a sentence is known to be ours
FEWEST_DIGITS = 3
NO_REFERENCE = re.compile(r"(19|20)\d\d([-/]\d\d){0,2}|\d+/\d+(/\d+)?")  # years, dates, "24/7"
OURSELVES = "␟"
LONGEST = 400
NEARBY = 20  # letters behind a phrase that still belong to it


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence: as it stands there, and in plain letters with ␟ for the name of the business."""

    text: str
    plain: str

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether it states this; a question states nothing, and what costs nothing is no payment."""
        if self.text.rstrip().endswith("?"):
            return False
        known = sentences()
        if pattern is known.payment and known.free.search(self.plain):
            return False
        if pattern is known.trouble and known.no_trouble.search(self.plain):
            return False
        return pattern.search(self.plain) is not None


def new_sentences(before: str, after: str, profile: BusinessProfile) -> list[Statement]:
    """What the page says now and did not say before, without what we ourselves had filled in."""
    known = {" ".join(plain(sentence).split()) for sentence in _sentences(before)}
    own, name = _own_sentences(profile), " ".join(plain(profile.business_name).split())
    found = list[Statement]()
    for sentence in _sentences(after):
        text = " ".join(sentence.split())[:LONGEST]
        bare = plain(text)
        if bare and bare not in known and not _ours(bare, own):
            found.append(Statement(text, _without(bare, own).replace(name, OURSELVES)))
    return found


def _sentences(text: str) -> list[str]:
    return SENTENCE.split(SHORTENED.sub(r"\1 ", text))


def _ours(sentence: str, own: Sequence[str]) -> bool:
    return len(sentence) >= FEWEST_OWN and any(sentence in text for text in own)


def _without(sentence: str, own: Sequence[str]) -> str:
    """What is left beside our own sentences: "Description: ..." of a page that repeats them."""
    for text in own:
        sentence = sentence.replace(text, " ")
    return sentence


def _own_sentences(profile: BusinessProfile) -> list[str]:
    texts = [profile.description, profile.short_description, ", ".join(profile.keywords)]
    found = [" ".join(plain(part).split()) for text in texts for part in (text, *_sentences(text))]
    return sorted({text for text in found if len(text) >= FEWEST_OWN}, key=len, reverse=True)


def first(statements: Sequence[Statement], states: Callable[[Statement], bool]) -> str:
    """The first sentence that states this; "" without any."""
    return next((each.text for each in statements if states(each)), "")


def duplicate(statement: Statement) -> bool:
    """Whether it says that the business is there already, and not only what would be if it were."""
    found = sentences().duplicate.search(statement.plain)
    return (
        statement.says(sentences().duplicate)
        and found is not None
        and not sentences().condition.search(statement.plain[: found.start()])
    )


def refused(statement: Statement) -> bool:
    """Whether it says no; what only puts off is none."""
    found = sentences().refusal.search(statement.plain)
    if found is None or sentences().condition.search(statement.plain[: found.start()]):
        return False
    about = re.split("[,;]", found[0] + statement.plain[found.end() :][:NEARBY])[0]
    puts_off = sentences().not_yet.search(statement.plain) or sentences().again.search(about)
    return statement.says(sentences().refusal) and not puts_off


def accepted(statement: Statement) -> bool:
    """Whether it says in so many words that this very submission was taken."""
    if (
        statement.text.rstrip().endswith("?")
        or sentences().many.search(statement.plain)
        or sentences().refusal.search(statement.plain)
    ):
        return False
    found = (pattern.search(statement.plain) for pattern in sentences().accepted)
    return any(match and _of_the_entry(statement.plain, match) for match in found)


def _of_the_entry(sentence: str, found: re.Match[str]) -> bool:
    """Whether it has happened, and to the entry: no condition, draft, account or newsletter."""
    before, after = sentence[: found.start()], sentence[found.end() :]
    if sentences().condition.search(before) or sentences().only_when.match(after):
        return False
    about = sentence[: found.end() + NEARBY]
    return not sentences().underway.search(about) and not sentences().elsewhere.search(about)


def reference(statement: Statement) -> str:
    """The number under which the submission is kept; "" when the sentence holds none."""
    found = sentences().reference.search(statement.text)
    code = found[REFERENCE_CODE] if found else ""
    if sum(c.isdigit() for c in code) < FEWEST_DIGITS or NO_REFERENCE.fullmatch(code):
        return ""
    return code


def asks_for_login(text: str) -> bool:
    """Whether a page says that one must sign in first."""
    return any(sentences().login.search(plain(sentence)) for sentence in _sentences(text))
