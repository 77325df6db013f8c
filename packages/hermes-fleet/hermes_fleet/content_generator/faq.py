"""Questions with answers: those the site asks itself, else plain ones that a sentence of it answers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from hermes_fleet.content_generator.draft import Question
from hermes_fleet.content_generator.source import Source
from hermes_fleet.content_generator.text import count, sentences, terms

LONGEST_ANSWER = 60  # words
MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!]")
PLAIN: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"(?i)(?:[$€£]\s?\d|\d\s?(?:dollars|euros?|pounds)\b)"),
        "How much does {} cost?",
        "How much do {} cost?",
    ),
    (
        re.compile(r"(?i)\b(?:takes?|lasts?)\b.*\b\d+\s(?:minutes?|hours?|days?|weeks?|months?)\b"),
        "How long does {} take?",
        "How long do {} take?",
    ),
    (
        re.compile(r"(?i)\b(?:\d+|a single|one|two|three|four|five|six) (?:visit|appointment|session)s?\b"),
        "How many visits does {} need?",
        "How many visits do {} need?",
    ),
    (
        re.compile(r"(?i)^(?:an? |the )?[\w' -]{3,60}? (?:is|are) (?:an?|the) \w+"),
        "What is {}?",
        "What are {}?",
    ),
)  # fmt: skip
"""A sentence that fits answers the question, of one thing or of several (English only)."""


def questions(topic: str, sources: Iterable[Source]) -> list[Question]:
    """Those about the topic: first the site's own, then plain ones; each question once."""
    pages, wanted = list(sources), set(terms(topic))
    own = [each for page in pages for each in _asked(page, wanted)]
    plain = [each for page in pages for each in _plain(topic, page, wanted)]
    found = dict[str, Question]()
    for each in (*own, *plain):
        found.setdefault(each.question.casefold(), each)
    return list(found.values())


def _asked(page: Source, wanted: set[str]) -> Iterator[Question]:
    """Headings that ask, with the text below them."""
    for heading, paragraphs in page.parts:
        answer = _short(sentences(" ".join(paragraphs)))
        about = set(terms(f"{heading} {answer} {page.subject}"))
        if heading.endswith("?") and answer and wanted <= about:
            yield Question(question=heading, answer=answer, source=page.url)


def _plain(topic: str, page: Source, wanted: set[str]) -> Iterator[Question]:
    """Questions whose answer is a sentence that names the whole topic."""
    if page.language not in ("", "en"):
        return
    several = topic.endswith("s") and not topic.endswith("ss")
    for line in page.lines:
        if not wanted <= set(terms(line.text)):
            continue
        for answers, of_one, of_several in PLAIN:
            defines = "What " not in of_one or _begins(line.text, wanted)
            if defines and answers.search(line.text):
                asked = (of_several if several else of_one).format(topic)
                yield Question(question=asked, answer=line.text, source=line.url)


def _begins(text: str, wanted: set[str]) -> bool:
    """Whether a sentence is about the topic from its first words on."""
    return wanted <= set(terms(" ".join(text.split()[: len(wanted) + 2])))


def _short(found: Sequence[str]) -> str:
    """Whole sentences, at most LONGEST_ANSWER words of them."""
    kept, left = list[str](), LONGEST_ANSWER
    for sentence in found:
        if count(sentence) > left:
            break
        kept.append(sentence)
        left -= count(sentence)
    return " ".join(kept)


def markup(found: Sequence[Question]) -> dict[str, Any]:
    """schema.org FAQPage as JSON-LD."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": each.question,
                "acceptedAnswer": {"@type": "Answer", "text": each.answer},
            }
            for each in found
        ],
    }


def faults(document: Any) -> list[str]:
    """What keeps a document from being a valid FAQPage; empty when nothing does."""
    if not isinstance(document, dict):
        return ["it is no object"]
    page = cast("dict[str, Any]", document)
    found = [] if page.get("@context") == "https://schema.org" else ["@context: https://schema.org"]
    found += [] if page.get("@type") == "FAQPage" else ["@type: FAQPage"]
    entries = page.get("mainEntity")
    if not isinstance(entries, list) or not entries:
        return [*found, "mainEntity: a list of at least one Question"]
    listed = cast("list[Any]", entries)
    names = [cast("dict[str, Any]", each).get("name") for each in listed if isinstance(each, dict)]
    twice = {name for name in names if names.count(name) > 1}
    found += [f"mainEntity: {name!r} is asked twice" for name in sorted(map(str, twice))]
    return found + [
        f"mainEntity.{at}: {fault}" for at, each in enumerate(listed) for fault in _of(each)
    ]


def _of(entry: Any) -> Iterator[str]:
    """The faults of one Question."""
    question = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    answer = question.get("acceptedAnswer")
    accepted = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    if question.get("@type") != "Question":
        yield "@type: Question"
    if accepted.get("@type") != "Answer":
        yield "acceptedAnswer.@type: Answer"
    for name, text in (("name", question.get("name")), ("text", accepted.get("text"))):
        if not isinstance(text, str) or not text.strip():
            yield f"{name}: some text"
        elif MARKUP.search(text):
            yield f"{name}: plain text without markup"
