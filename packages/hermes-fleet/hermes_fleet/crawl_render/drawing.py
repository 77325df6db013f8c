"""What scripts make of a page: the document as it was sent beside the one that people see."""

from collections.abc import Iterable
from dataclasses import replace

from hermes_fleet.crawling.page import Page
from hermes_fleet.crawling.record import Record

LEAST_TEXT = 50  # characters; a page with less, without links and with scripts is an empty shell


def differences(sent: Page, drawn: Page) -> list[str]:
    """What differs in what search engines read, each in a word or two."""
    found = [
        name
        for name in ("title", "description", "robots", "canonicals", "h1")
        if getattr(sent, name) != getattr(drawn, name)
    ]
    more, fewer = set(drawn.links) - set(sent.links), set(sent.links) - set(drawn.links)
    return [
        *found,
        *([f"{len(more)} more links"] if more else []),
        *([f"{len(fewer)} fewer links"] if fewer else []),
    ]


def together(sent: Page, drawn: Page) -> Page:
    """The page as it was sent, with what it lacked: search engines read both."""
    return replace(
        sent,
        title=sent.title or drawn.title,
        description=sent.description or drawn.description,
        robots=tuple(dict.fromkeys((*sent.robots, *drawn.robots))),
        canonicals=sent.canonicals or drawn.canonicals,
        h1=sent.h1 or drawn.h1,
        links=tuple(dict.fromkeys((*sent.links, *drawn.links))),
    )


def undrawn(records: Iterable[Record], seen: Iterable[str], drawn: dict[str, list[str]]) -> int:
    """How many pages may hold links that nobody saw.

    Where scripts added links to a page that was rendered, these are all pages with scripts that were
    not; else those that are empty shells.
    """
    known = set(seen)
    pages = [(each, each.good_page) for each in records if each.url not in known]
    scripted = [page for _record, page in pages if page and page.has_script]
    if any("more links" in each for words in drawn.values() for each in words):
        return len(scripted)
    return sum(page.text_length < LEAST_TEXT and not page.links for page in scripted)
