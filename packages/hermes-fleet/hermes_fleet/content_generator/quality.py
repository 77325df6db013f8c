"""What can be checked of a draft without an opinion, whoever wrote it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hermes_fleet.content_generator import faq
from hermes_fleet.content_generator.draft import Draft
from hermes_fleet.content_generator.readability import reading_ease
from hermes_fleet.content_generator.source import Source
from hermes_fleet.content_generator.text import grams, sentences, terms

TITLE, DESCRIPTION = (10, 65), (50, 160)  # characters
LEAST_EASE = 30.0
GRAM = 5
MOST_COPIED = 0.3
LEAST_SHARE_OF_WORDS = 0.3  # of the words asked for
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` None: reported and not judged; `expected` says why, or what would be right."""

    ok: bool | None
    value: Any
    expected: str

    def payload(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def checks(
    draft: Draft, sources: Sequence[Source], topic: str, most_words: int, *, copies: bool
) -> dict[str, Check]:
    """All checks by name. `copies`: the engine copies sentences of the site, as it should."""
    return {
        "words": _words(draft, most_words),
        "title_length": _length(draft.title, TITLE),
        "description_length": _length(draft.description, DESCRIPTION),
        "keyword_coverage": _coverage(draft, topic),
        "heading_order": _headings(draft),
        "sentences_without_source": _unsourced(draft, sources),
        "unsupported_numbers": _numbers(draft, sources),
        "copied_share": _copied(draft, sources, copies=copies),
        "reading_ease": _ease(draft, sources),
        "faq_valid": _faq(draft),
    }


def _words(draft: Draft, most: int) -> Check:
    least = round(most * LEAST_SHARE_OF_WORDS)
    ok = least <= draft.words <= most
    return Check(ok, draft.words, f"{least} to {most} words")


def _length(text: str, limits: tuple[int, int]) -> Check:
    least, most = limits
    return Check(least <= len(text) <= most, len(text), f"{least} to {most} characters")


def _coverage(draft: Draft, topic: str) -> Check:
    """Whether every word of the topic is in the title, the description, and the first 100 words."""
    wanted = set(terms(topic))
    opening = " ".join(draft.text.split()[:100])
    places = {"title": draft.title, "description": draft.description, "opening": opening}
    shares = {name: _share(wanted, text) for name, text in places.items()}
    ok = shares["title"] == 1 and shares["opening"] == 1 if wanted else None
    return Check(ok, shares, "1 in title and opening: the share of the topic's words found there")


def _share(wanted: set[str], text: str) -> float:
    return round(len(wanted & set(terms(text))) / len(wanted), 2) if wanted else 0.0


def _headings(draft: Draft) -> Check:
    """Sections stand one level below the title, so what is left to go wrong is a heading twice."""
    found = [section.heading for section in draft.sections]
    twice = sorted({each for each in found if found.count(each) > 1})
    return Check(
        not twice, {"levels": [1, *(2 for _ in found)], "twice": twice}, "no heading twice"
    )


def _unsourced(draft: Draft, sources: Sequence[Source]) -> Check:
    known = {source.url for source in sources}
    found = [each.text for each in draft.sentences if each.source not in known]
    found += [each.question for each in draft.questions if each.source not in known]
    return Check(not found, found, "none: every sentence names a page that was read")


def _numbers(draft: Draft, sources: Sequence[Source]) -> Check:
    """Numbers that do not stand on the page that a sentence names (else on any page that was read)."""
    held = {source.url: numbers(source.text) for source in sources}
    everywhere = set[str]().union(*held.values())
    statements = [(each.text, each.source) for each in draft.sentences]
    statements += [(each.answer, each.source) for each in draft.questions]
    statements += [(each, "") for each in (draft.title, draft.description)]
    statements += [(each.heading, "") for each in draft.sections]
    found = {n for text, url in statements for n in numbers(text) - held.get(url, everywhere)}
    return Check(not found, sorted(found), "none: every number stands in its source")


def numbers(text: str) -> set[str]:
    """The numbers in a text, thousands written in one way."""
    return {re.sub(r",(?=\d{3}\b)", "", found) for found in NUMBER.findall(text)}


def _copied(draft: Draft, sources: Sequence[Source], *, copies: bool) -> Check:
    """The share of runs of five words that stand on the site already."""
    known = {gram for source in sources for gram in grams(source.text, GRAM)}
    own = [gram for text in sentences(draft.text) for gram in grams(text, GRAM)]
    share = round(sum(gram in known for gram in own) / len(own), 3) if own else None
    if copies:
        return Check(None, share, "not judged: this engine copies sentences of the site")
    return Check(None if share is None else share <= MOST_COPIED, share, f"at most {MOST_COPIED}")


def _ease(draft: Draft, sources: Sequence[Source]) -> Check:
    """Flesch, where the site says that it is in English or does not say anything."""
    languages = {source.language for source in sources} - {"", "en"}
    if languages:
        return Check(None, None, "not judged: the formula is for English")
    ease = reading_ease(draft.text)
    return Check(None if ease is None else ease >= LEAST_EASE, ease, f"at least {LEAST_EASE:g}")


def _faq(draft: Draft) -> Check:
    if not draft.questions:
        return Check(None, [], "not judged: there is no question")
    found = faq.faults(faq.markup(draft.questions))
    return Check(not found, found, "no fault in the FAQPage markup")
