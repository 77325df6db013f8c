"""The text itself: enough of it, the page's own, finished, and its claims with their sources."""

import re

from selectolax.lexbor import LexborNode

from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.finding import Finding, Site, at, when
from hermes_fleet.content_qa.place import words
from hermes_fleet.content_qa.rulebook import Rule
from hermes_fleet.crawling.addresses import normalise, origin

SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]?")
DOCUMENTS = (".pdf", ".csv", ".xlsx")


def thin_content(document: Document, _site: Site, rule: Rule) -> list[Finding]:
    """Fewer words of its own than the rule asks for."""
    count = len(document.text.split())
    return when(
        count < rule.least, f"It has {count} words; the rule asks for at least {rule.least}."
    )


def duplicate_text(document: Document, site: Site, _rule: Rule) -> list[Finding] | None:
    """Another page has the same main text, word for word."""
    if not document.text:
        return None
    others = [url for url in site.texts[document.text] if url != document.url]
    return when(bool(others), f"The same text is on {others[0]}." if others else "")


def placeholder_text(document: Document, _site: Site, rule: Rule) -> list[Finding]:
    """Each block with a text that was to be replaced."""
    nodes = [*document.headings, *document.blocks]
    found = [(node, match) for node in nodes if (match := rule.pattern.search(words(node)))]
    return [at(node, f"It says {match.group()!r}.") for node, match in found]


def claim_without_source(document: Document, _site: Site, rule: Rule) -> list[Finding] | None:
    """Each sentence with a claim in a paragraph without a source; None in another language."""
    if document.language != rule.language:
        return None
    open_blocks = [node for node in document.blocks if not _sourced(node, document, rule)]
    return [
        at(node, f"The claim {claim!r} has no source.", sentence)
        for node in open_blocks
        for sentence, claim in _claims(words(node), rule)
    ]


def _claims(text: str, rule: Rule) -> list[tuple[str, str]]:
    sentences = (found.group().strip() for found in SENTENCE.finditer(text))
    return [(each, match.group()) for each in sentences if (match := rule.pattern.search(each))]


def _sourced(node: LexborNode, document: Document, rule: Rule) -> bool:
    """Whether a paragraph cites, or links to another site, a document or a footnote."""
    quoted = _inside(node, "blockquote")
    if node.css_first("cite, sup a, q[cite]") or (quoted and quoted.attributes.get("cite")):
        return True
    if rule.source_pattern.search(words(node)):
        return True
    return any(
        _is_source(link.attributes.get("href") or "", document) for link in node.css("a[href]")
    )


def _is_source(href: str, document: Document) -> bool:
    url = normalise(href, document.page.base or document.url)
    if url is None or href.startswith("#"):
        return href.startswith(("#fn", "#ref", "#cite", "#note"))
    return origin(url) != origin(document.url) or url.lower().endswith(DOCUMENTS)


def _inside(node: LexborNode, tag: str) -> LexborNode | None:
    at_node: LexborNode | None = node
    while at_node is not None and at_node.tag != tag:
        at_node = at_node.parent
    return at_node
