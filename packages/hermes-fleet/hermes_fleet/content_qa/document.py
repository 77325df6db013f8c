"""One page as the rules see it: parsed once, read by many checks."""

from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes_fleet.content_qa.place import words
from hermes_fleet.crawling.page import Page
from hermes_fleet.crawling.walk import Seen

SILENT = ["script", "style", "noscript", "template", "svg"]
CHROME = "header, footer, nav, aside"  # what stands around the text where there is no <main>
BLOCKS = "p, li, td, dd, figcaption"
HEADINGS = "h1, h2, h3, h4, h5, h6"
SCRIPTED_BELOW = (
    50  # characters of text below which a page with scripts is taken to be built by them
)


@dataclass(frozen=True)
class Document:
    """`page` holds the basics; `tree` is without scripts, `raw` with them (for JSON-LD)."""

    url: str
    page: Page
    html: str
    home: bool = False

    @classmethod
    def of(cls, seen: Seen, home: str) -> "Document":
        """The document of a page that could be read."""
        return cls(seen.url, seen.record.page or Page(), seen.html, seen.url == home)

    @property
    def built_by_scripts(self) -> bool:
        """Whether its bare HTML holds no text to judge."""
        return self.page.has_script and self.page.text_length < SCRIPTED_BELOW

    @cached_property
    def raw(self) -> LexborHTMLParser:
        """The whole tree."""
        return LexborHTMLParser(self.html)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The tree without what is not shown; never changed, since all checks read it."""
        tree = LexborHTMLParser(self.html)
        tree.strip_tags(SILENT)
        return tree

    @cached_property
    def language(self) -> str:
        """The primary language, such as `en`; empty when the page does not say."""
        node = self.tree.css_first("html")
        declared = (node.attributes.get("lang") if node else None) or ""
        return declared.strip().lower().partition("-")[0]

    @cached_property
    def main(self) -> LexborNode | None:
        """<main>, else the body."""
        return self.tree.css_first("main, [role=main]") or self.tree.body

    @cached_property
    def text(self) -> str:
        """The page's own text on one line: without menu, header and footer."""
        if self.main is not None and self.main.tag != "body":
            return words(self.main, " ")
        bare = LexborHTMLParser(self.tree.html or "")
        for node in bare.css(CHROME):
            node.decompose()
        return words(bare.body, " ")

    @property
    def headings(self) -> list[LexborNode]:
        """In the order in which they stand."""
        return [node for node in self.tree.css(HEADINGS) if words(node)]

    @property
    def links(self) -> list[LexborNode]:
        """All <a> with an address."""
        return list(self.tree.css("a[href]"))

    @property
    def blocks(self) -> list[LexborNode]:
        """Paragraphs and the like of the page's own text, the innermost ones."""
        found = self.main.css(BLOCKS) if self.main else []
        return [node for node in found if len(node.css(BLOCKS)) == 1]  # a node finds itself
