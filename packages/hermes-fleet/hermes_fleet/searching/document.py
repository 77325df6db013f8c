"""A page as a reader sees it: headings, text and structured data, without menus and footers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes_fleet.crawling.addresses import normalise
from hermes_fleet.crawling.walk import Seen

SILENT = ["script", "style", "noscript", "template", "svg"]
AROUND = ["nav", "header", "footer", "aside"]
HEADINGS = "h1, h2, h3, h4, h5, h6"
DEEPEST = 20  # levels of nested JSON-LD


@dataclass(frozen=True, slots=True)
class Document:
    """One page. `headings` are (level, text) in reading order, `types` its schema.org types in JSON-LD."""

    url: str
    title: str
    description: str
    headings: tuple[tuple[int, str], ...]
    text: str
    types: tuple[str, ...]
    links: tuple[str, ...]
    canonical: str | None = None
    noindex: bool = False
    broken_data: int = 0  # blocks of JSON-LD that cannot be read

    @property
    def words(self) -> int:
        """Words of the main text."""
        return len(self.text.split())


def read(seen: Seen) -> Document:
    """Read a page that answered 200; ValueError for anything else."""
    page = seen.record.good_page
    if page is None:
        raise ValueError(f"{seen.url} is no page.")
    tree = LexborHTMLParser(seen.html)
    blocks = [_parsed(node.text()) for node in tree.css('script[type="application/ld+json"]')]
    tree.strip_tags(SILENT)
    main = _main(tree)
    return Document(
        url=seen.url,
        title=page.title,
        description=page.description,
        headings=tuple(_headings(main)) or tuple((1, text) for text in page.h1),
        text=_text(main),
        types=tuple(sorted({kind for block in blocks for kind in types_in(block)})),
        links=page.links,
        canonical=normalise(page.canonicals[0], page.base) if page.canonicals else None,
        noindex=seen.record.noindex,
        broken_data=blocks.count(None),
    )


def types_in(block: object, depth: int = 0) -> Iterator[str]:
    """Every @type of a block of JSON-LD, nested ones too, without the address of the vocabulary."""
    if depth > DEEPEST:
        return
    if isinstance(block, list):
        for each in cast("list[object]", block):
            yield from types_in(each, depth + 1)
    elif isinstance(block, dict):
        fields = cast("dict[str, object]", block)
        kinds = fields.get("@type")
        named = cast("list[object]", kinds) if isinstance(kinds, list) else [kinds]
        yield from (kind.rsplit("/", 1)[-1] for kind in named if isinstance(kind, str) and kind)
        for value in fields.values():
            yield from types_in(value, depth + 1)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """The <main> of a page, else its body without what stands around the text."""
    if main := tree.css_first("main, [role=main]"):
        return main
    tree.strip_tags(AROUND)
    return tree.body


def _headings(main: LexborNode | None) -> Iterator[tuple[int, str]]:
    for node in main.css(HEADINGS) if main else []:
        if text := _text(node):
            yield int((node.tag or "h1")[1]), text


def _text(node: LexborNode | None) -> str:
    return " ".join(node.text(separator=" ").split()) if node else ""
