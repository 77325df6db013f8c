"""How the pages of one site are built: length, headings, titles, structured data, templates."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from hermes_fleet.crawling.addresses import shape
from hermes_fleet.searching.document import Document
from hermes_fleet.searching.site_reader import Reading

SEPARATORS = (" | ", " - ", " \u2013 ", " \u2014 ", " \u00b7 ", ": ")
MOST_HEADINGS = 20


def structure(reading: Reading) -> dict[str, Any]:
    """Figures over the pages that were read, which may be fewer than the site has."""
    pages = reading.documents
    return {
        "site": reading.home,
        "pages": len(pages),
        "not_visited": reading.left,
        "words": _spread([page.words for page in pages]),
        "headings_a_page": _spread([len(page.headings) for page in pages]),
        "h1": _first_headings(pages),
        "title": _titles([page.title for page in pages]),
        "common_headings": _common(pages),
        "pages_with_questions": sum(_asks(page) for page in pages),
        "schema_types": schema_types(pages),
        "pages_with_broken_data": sum(page.broken_data > 0 for page in pages),
    }


def templates(reading: Reading, own: Reading | None) -> list[dict[str, Any]]:
    """Kinds of page by the shape of their addresses, the most frequent first."""
    examples = dict[str, str]()
    for page in reading.documents:
        examples.setdefault(shape(page.url), page.url)
    counts = Counter(shape(page.url) for page in reading.documents)
    return [
        {
            "site": reading.home,
            "template": name,
            "pages": count,
            "example": examples[name],
            "yours": name in own.templates if own else None,
        }
        for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def schema_types(pages: Iterable[Document]) -> dict[str, int]:
    """schema.org types in JSON-LD, and on how many pages each stands."""
    return dict(sorted(Counter(kind for page in pages for kind in page.types).items()))


def _spread(figures: Sequence[int]) -> dict[str, float]:
    return {"least": min(figures), "median": median(figures), "most": max(figures)}


def _first_headings(pages: Sequence[Document]) -> dict[str, int]:
    counts = [sum(level == 1 for level, _text in page.headings) for page in pages]
    return {
        "none": counts.count(0),
        "one": counts.count(1),
        "several": sum(count > 1 for count in counts),
        "same_as_title": sum(_names_itself(page) for page in pages),
    }


def _names_itself(page: Document) -> bool:
    """Whether an h1 is the title, but for what the site adds to every title."""
    firsts = {text.casefold() for level, text in page.headings if level == 1}
    cuts = {page.title, *(page.title.rpartition(mark)[0] for mark in SEPARATORS)}
    return not firsts.isdisjoint({cut.casefold() for cut in cuts if cut})


def _titles(titles: Sequence[str]) -> dict[str, Any]:
    """`ending` is what most titles end with, such as the site's name; None when there is no such thing."""
    ends = Counter(
        mark + title.rpartition(mark)[2] for title in titles for mark in SEPARATORS if mark in title
    )
    ending, count = ends.most_common(1)[0] if ends else ("", 0)
    usual = count > len(titles) / 2
    return {
        "characters": _spread([len(title) for title in titles]),
        "ending": ending if usual else None,
        "pages_with_ending": count if usual else 0,
        "missing": sum(not title for title in titles),
    }


def _common(pages: Sequence[Document]) -> list[dict[str, Any]]:
    """Headings that several pages share: the site's usual sections."""
    counts = Counter(text for page in pages for text in {text for _level, text in page.headings})
    shared = [(text, count) for text, count in counts.items() if count > 1]
    ordered = sorted(shared, key=lambda each: (-each[1], each[0]))
    return [{"heading": text, "pages": count} for text, count in ordered[:MOST_HEADINGS]]


def _asks(page: Document) -> bool:
    return any(text.endswith("?") for _level, text in page.headings)
