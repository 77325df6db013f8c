"""Titles, descriptions and headings: what each page says, and what is missing or double."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from hermes_fleet.crawl_render.canonicals import effective
from hermes_fleet.crawling.page import Page
from hermes_fleet.crawling.record import Record

LONGEST_TITLE = 60  # characters that a results page shows
LONGEST_DESCRIPTION = 160


def counts(pages: Iterable[Page]) -> dict[str, int]:
    """How many pages have each fault. Duplicates count every page that shares its text."""
    pages = list(pages)
    return {
        "missing_title": sum(not page.title for page in pages),
        "missing_description": sum(not page.description for page in pages),
        "missing_h1": sum(not page.h1 for page in pages),
        "multiple_h1": sum(len(page.h1) > 1 for page in pages),
        "long_title": sum(len(page.title) > LONGEST_TITLE for page in pages),
        "long_description": sum(len(page.description) > LONGEST_DESCRIPTION for page in pages),
        "duplicate_titles": _sharing(page.title for page in pages),
        "duplicate_descriptions": _sharing(page.description for page in pages),
    }


def item(record: Record, page: Page) -> dict[str, Any]:
    """What one page says of itself."""
    return {
        "url": record.url,
        "title": page.title,
        "description": page.description,
        "robots": ", ".join((*page.robots, *record.robots)),
        "canonical": next(iter(effective(record)), None),
        "h1": list(page.h1),
        "hreflang": [{"lang": lang, "href": href} for lang, href in page.hreflang],
        "og": page.og,
    }


def _sharing(texts: Iterable[str]) -> int:
    repeats = Counter(text for text in texts if text)
    return sum(count for count in repeats.values() if count > 1)
