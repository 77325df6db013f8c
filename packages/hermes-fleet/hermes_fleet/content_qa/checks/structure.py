"""Headings: one at the top, and no level skipped."""

from itertools import pairwise

from selectolax.lexbor import LexborNode

from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.finding import Finding, Site, at, when
from hermes_fleet.content_qa.rulebook import Rule


def h1_missing(document: Document, _site: Site, _rule: Rule) -> list[Finding]:
    """No <h1> with a text."""
    return when(not _main_headings(document), "There is no <h1>.")


def h1_multiple(document: Document, _site: Site, _rule: Rule) -> list[Finding] | None:
    """Each <h1> after the first."""
    found = _main_headings(document)
    return (
        [at(node, f"The page has {len(found)} <h1> elements.") for node in found[1:]]
        if found
        else None
    )


def heading_order(document: Document, _site: Site, _rule: Rule) -> list[Finding] | None:
    """Each heading more than one level below the one before it."""
    headings = document.headings
    skips = [(one, two) for one, two in pairwise(headings) if _level(two) > _level(one) + 1]
    found = [at(after, f"<{after.tag}> follows <{before.tag}>.") for before, after in skips]
    return found if headings else None


def _main_headings(document: Document) -> list[LexborNode]:
    return [node for node in document.headings if node.tag == "h1"]


def _level(node: LexborNode) -> int:
    return int((node.tag or "h6")[1])
