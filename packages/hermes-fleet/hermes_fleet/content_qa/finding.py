"""What a check says: findings on a page, nothing found, or that it does not apply."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborNode

from hermes_fleet.content_qa import place
from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.place import Place
from hermes_fleet.content_qa.rulebook import Rule

WHOLE_PAGE = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken. `message` is what was found there, in words."""

    message: str
    place: Place = WHOLE_PAGE


@dataclass(frozen=True)
class Site:
    """All pages under review, for rules that compare pages."""

    documents: Sequence[Document]

    @cached_property
    def titles(self) -> dict[str, list[str]]:
        """Addresses by title."""
        return _grouped((each.page.title, each.url) for each in self.documents)

    @cached_property
    def descriptions(self) -> dict[str, list[str]]:
        """Addresses by description."""
        return _grouped((each.page.description, each.url) for each in self.documents)

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """Addresses by main text."""
        return _grouped((each.text, each.url) for each in self.documents)


Check = Callable[[Document, Site, Rule], list[Finding] | None]
"""None where the rule does not apply to the page; an empty list where the page keeps it."""


def at(node: LexborNode, message: str, excerpt: str = "") -> Finding:
    """A finding at a node; the excerpt is its text unless another is given."""
    return Finding(message, place.place(node, excerpt))


def when(broken: bool, message: str, excerpt: str = "") -> list[Finding]:
    """One finding about the page as a whole, if the rule is broken."""
    return [Finding(message, Place(excerpt=place.short(excerpt)))] if broken else []


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for key, url in pairs:
        if key:
            found[key].append(url)
    return dict(found)
