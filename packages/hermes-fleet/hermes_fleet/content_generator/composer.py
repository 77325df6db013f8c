"""A draft without a language model: sentences of the site itself, chosen by rank, under its own headings."""

from collections import Counter
from collections.abc import Sequence
from statistics import mode

from hermes_fleet.content_generator.draft import Draft, Section, Sentence
from hermes_fleet.content_generator.faq import questions
from hermes_fleet.content_generator.rank import Ranked, likeness
from hermes_fleet.content_generator.source import Source
from hermes_fleet.content_generator.text import count, cut, grams
from hermes_worker import WorkerError

ENGINE = "template-extractive"
TOO_ALIKE = 0.55  # cosine of two sentences that say the same
SAME_BEGINNING = 5  # words: sentences that begin alike come from one template
LEAST_NEARNESS = 0.3  # of the nearest sentence's: what is farther off is about something else
LEAST_SENTENCES = 3
MOST_SECTIONS = 6
LONGEST_TITLE, LONGEST_DESCRIPTION, SHORTEST_DESCRIPTION = 60, 158, 60
MOST_QUESTIONS = 5
BETWEEN = (" | ", " - ", " \u2013 ", " \u2014 ", " :: ")


def compose(
    topic: str, ranked: Sequence[Ranked], sources: Sequence[Source], most_words: int
) -> Draft:
    """WorkerError `outputs_missing` when the pages hold too little that is near the topic."""
    chosen = choose(ranked, most_words)
    if len(chosen) < LEAST_SENTENCES:
        message = f"The {len(sources)} pages read hold {len(chosen)} usable sentences about {topic!r}; a draft needs {LEAST_SENTENCES}. Choose a topic that the site covers."
        raise WorkerError("outputs_missing", message)
    return Draft(
        title=title(topic, sources),
        description=_description(chosen),
        sections=_sections(topic, chosen, sources),
        questions=questions(topic, sources)[:MOST_QUESTIONS],
        links=[],
    )


def choose(ranked: Sequence[Ranked], most_words: int) -> list[Ranked]:
    """The best sentences near the topic from few pages, none like another, within the limit of words."""
    floor = LEAST_NEARNESS * max((each.nearness for each in ranked), default=0)
    chosen, left = list[Ranked](), most_words
    for each in ranked:
        if each.nearness == 0 or each.nearness < floor or count(each.line.text) > left:
            continue
        pages = {other.line.url for other in chosen}
        fits = each.line.url in pages or len(pages) < MOST_SECTIONS
        if fits and not any(_says_again(each, other) for other in chosen):
            chosen.append(each)
            left -= count(each.line.text)
    return chosen


def _says_again(one: Ranked, other: Ranked) -> bool:
    begin, same = (next(grams(each.line.text, SAME_BEGINNING), ()) for each in (one, other))
    return likeness(one.vector, other.vector) > TOO_ALIKE or begin == same


def title(topic: str, sources: Sequence[Source]) -> str:
    """The topic, and the name of the site where its titles end with one."""
    subject = topic[:1].upper() + topic[1:]
    named = f"{subject} | {brand}" if (brand := _brand(sources)) else subject
    return named if len(named) <= LONGEST_TITLE else cut(subject, LONGEST_TITLE)


def _brand(sources: Sequence[Source]) -> str:
    """What at least half of the titles end with, behind a separator; empty when nothing."""
    ends = Counter(
        source.title.rpartition(between)[2].strip()
        for source in sources
        for between in BETWEEN
        if between in source.title
    )
    brand, number = next(iter(ends.most_common(1)), ("", 0))
    return brand if number >= 2 and number * 2 >= len(sources) else ""


def _description(chosen: Sequence[Ranked]) -> str:
    texts = [each.line.text for each in chosen]
    fits = (t for t in texts if SHORTEST_DESCRIPTION <= len(t) <= LONGEST_DESCRIPTION)
    return next(fits, cut(texts[0], LONGEST_DESCRIPTION))


def _sections(topic: str, chosen: Sequence[Ranked], sources: Sequence[Source]) -> list[Section]:
    """One for each page, the best page first; sentences stand in the order of their page."""
    lines = {each.line for each in chosen}
    pages = {page.url: page for page in sources}
    found = list[Section]()
    for url in dict.fromkeys(each.line.url for each in chosen):
        page = pages[url]
        own = [line for line in page.lines if line in lines]
        heading = page.subject
        if heading.casefold() == topic.casefold():  # the draft's own heading says that already
            heading = mode(line.heading for line in own) or heading
        sentences_of_page = [Sentence(text=line.text, source=url) for line in own]
        found.append(Section(heading=heading or page.title or topic, sentences=sentences_of_page))
    return found
