"""Listings: made from the books, found by name, shown on a page each."""

import re
from dataclasses import dataclass
from html import escape

from hermes_sandbox.directories.books import LISTED, Books, Entry
from hermes_sandbox.directories.frames import page, text
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.words import PHRASES

SHOWN = ("website", "phone", "street", "city", "postal_code", "description")


@dataclass(frozen=True, slots=True)
class Listing:
    """`place` is its address below the directory."""

    number: int
    business: str
    facts: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands."""
        return (
            f"listing/{self.number}-{re.sub(r'[^a-z0-9]+', '-', self.business.lower()).strip('-')}"
        )


def listings(directory: Directory, books: Books) -> list[Listing]:
    """All listings of a directory, the oldest first."""
    entries = enumerate(books.entries(directory.slug), 1)
    return [listing(directory, n, each) for n, each in entries if each.outcome == LISTED]


def listing(directory: Directory, number: int, entry: Entry) -> Listing:
    """The listing that an entry of this number makes."""
    facts = (asked(directory, entry.fields, asks) for asks in SHOWN)
    business = asked(directory, entry.fields, "business_name")
    return Listing(number, business, tuple(fact for fact in facts if fact))


def asked(directory: Directory, fields: dict[str, list[str]], asks: str) -> str:
    """What was sent for something that the form asks; "" when nothing was."""
    names = (field.name for field in directory.fields if field.asks == asks)
    return next((value for name in names for value in fields.get(name, ())), "").strip()


def earlier(directory: Directory, name: str) -> list[Listing]:
    """Of a directory that knows every business already: the listing of the one that is asked for."""
    known = directory.ending in ("conflict", "duplicate") and name.strip()
    return [Listing(0, name.strip())] if known else []


def results_page(directory: Directory, found: list[Listing], name: str) -> str:
    """What a search by name found."""
    phrases, slug = PHRASES[directory.language], directory.slug
    lines = "".join(
        f'<li><a href="/{slug}/{each.place}">{escape(each.business)}</a></li>' for each in found
    )
    search = (
        f'<form method="get" action="/{slug}/listings"><input type="search" name="name"'
        f' value="{escape(name)}" aria-label="{phrases["search"]}">'
        f"<button>{phrases['search']}</button></form>"
    )
    results = f'<ul class="results">{lines}</ul>' if lines else text(phrases["none"])
    return page(directory, phrases["search_title"], search, results)


def listing_page(directory: Directory, shown: Listing) -> str:
    """The page of one business."""
    facts = "".join(f"<p>{escape(fact)}</p>" for fact in shown.facts)
    return page(directory, shown.business, f'<article class="listing">{facts}</article>')
