"""Who cannot see the page as it was drawn: language, images, links."""

from selectolax.lexbor import LexborNode

from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.finding import Finding, Site, at, when
from hermes_fleet.content_qa.place import words
from hermes_fleet.content_qa.rulebook import Rule

NAMING = ("aria-label", "aria-labelledby", "title")


def language_missing(document: Document, _site: Site, _rule: Rule) -> list[Finding]:
    """<html> without lang."""
    return when(not document.language, "<html> has no lang.")


def image_alt_missing(document: Document, _site: Site, _rule: Rule) -> list[Finding] | None:
    """Each image without alt; an empty alt says that the image only decorates."""
    images = [node for node in document.tree.css("img") if not _hidden(node)]
    found = [
        at(node, "It has no alt.", node.attributes.get("src") or "")
        for node in images
        if _bare(node)
    ]
    return found if images else None


def link_empty(document: Document, _site: Site, _rule: Rule) -> list[Finding] | None:
    """Each link that a screen reader cannot name."""
    links = [node for node in document.links if not _hidden(node)]
    nameless = [node for node in links if not _name(node, document)]
    found = [at(node, "It has no text.", node.attributes.get("href") or "") for node in nameless]
    return found if links else None


def link_vague(document: Document, _site: Site, rule: Rule) -> list[Finding] | None:
    """Each link whose text says nothing of its target."""
    links = [node for node in document.links if not node.attributes.get("aria-label")]
    vague = [node for node in links if rule.pattern.search(words(node))]
    return [at(node, f"It says only {words(node)!r}.") for node in vague] if links else None


def _bare(node: LexborNode) -> bool:
    return "alt" not in node.attributes and not any(node.attributes.get(name) for name in NAMING)


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        attributes.get("aria-hidden") == "true"
        or attributes.get("role") in {"presentation", "none"}
        or "hidden" in attributes
    )


def _name(link: LexborNode, document: Document) -> str:
    """What a link is called: its text, a label, the alt of its image, or the title of its drawing."""
    given = next((value for name in NAMING if (value := link.attributes.get(name))), "")
    alts = [node.attributes.get("alt") or "" for node in link.css("img[alt]")]
    return words(link) or given or "".join(alts)
