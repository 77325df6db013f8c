"""Titles and descriptions: there, long enough, and each page's own."""

from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.finding import Finding, Site, when
from hermes_fleet.content_qa.rulebook import Rule


def title_missing(document: Document, _site: Site, _rule: Rule) -> list[Finding]:
    """No title, or an empty one."""
    return when(not document.page.title, "There is no title.")


def title_length(document: Document, _site: Site, rule: Rule) -> list[Finding] | None:
    """A title outside the rule's bounds, in characters."""
    return _length(document.page.title, rule)


def title_duplicate(document: Document, site: Site, _rule: Rule) -> list[Finding] | None:
    """Another page has the same title."""
    return _shared(document.page.title, document.url, site.titles)


def description_missing(document: Document, _site: Site, _rule: Rule) -> list[Finding]:
    """No description, or an empty one."""
    return when(not document.page.description, "There is no description.")


def description_length(document: Document, _site: Site, rule: Rule) -> list[Finding] | None:
    """A description outside the rule's bounds, in characters."""
    return _length(document.page.description, rule)


def description_duplicate(document: Document, site: Site, _rule: Rule) -> list[Finding] | None:
    """Another page has the same description."""
    return _shared(document.page.description, document.url, site.descriptions)


def _length(text: str, rule: Rule) -> list[Finding] | None:
    """Judged only where there is a text; that there is none is another rule's business."""
    if not text:
        return None
    message = f"It has {len(text)} characters; the rule asks for {rule.least} to {rule.most}."
    return when(not rule.least <= len(text) <= rule.most, message, text)


def _shared(text: str, url: str, known: dict[str, list[str]]) -> list[Finding] | None:
    if not text:
        return None
    others = [other for other in known[text] if other != url]
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return when(bool(others), f"Shared with {others[0]}{more}." if others else "", text)
