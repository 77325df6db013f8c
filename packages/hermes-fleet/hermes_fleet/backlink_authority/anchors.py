"""The links of one page as its author wrote them: target, text and rel, nofollow ones too."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes_fleet.crawling.addresses import normalise
from hermes_fleet.crawling.walk import Seen

NOT_FOLLOWED = frozenset({"nofollow", "sponsored", "ugc"})
"""Words of `rel` with which a page says that a link is no recommendation."""
NO_LINKS = frozenset({"nofollow", "none"})
MOST_LINKS = 5_000
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link. `text` is what stands in it, else the alternative text of its picture."""

    target: str
    text: str
    rel: str
    followed: bool


def anchors(seen: Seen) -> list[Anchor]:
    """The links of a page that answered 200, the first to each target."""
    page = seen.record.good_page
    if page is None:
        return []
    closed = any(_closed(value) for value in (*page.robots, *seen.record.robots))
    found: dict[str, Anchor] = {}
    for node in LexborHTMLParser(seen.html).css("a[href], area[href]")[:MOST_LINKS]:
        if target := normalise(node.attributes.get("href") or "", page.base or seen.url):
            found.setdefault(target, _anchor(node, target, closed=closed))
    return list(found.values())


def _closed(directives: str) -> bool:
    """Whether a robots meta or header says that no link of the page counts."""
    return not NO_LINKS.isdisjoint(each.strip().lower() for each in directives.split(","))


def _anchor(node: LexborNode, target: str, *, closed: bool) -> Anchor:
    rel = " ".join((node.attributes.get("rel") or "").lower().split())
    followed = not closed and NOT_FOLLOWED.isdisjoint(rel.split())
    return Anchor(target, _text(node)[:LONGEST_TEXT], rel, followed)


def _text(node: LexborNode) -> str:
    picture = node.css_first("img[alt]")
    alternative = (picture or node).attributes.get("alt") or ""
    return " ".join(node.text().split()) or " ".join(alternative.split())
