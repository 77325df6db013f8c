"""A page of the site as material: its sentences, each with its address, and its own questions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes_fleet.content_generator.text import count, sentences
from hermes_fleet.crawling.walk import Seen

SILENT = ["script", "style", "noscript", "template", "svg"]
AROUND = ["nav", "header", "footer", "aside", "form"]
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"})
BLOCKS = "h1, h2, h3, h4, h5, h6, dt, summary, p, li, dd, td, figcaption"
LEAST_WORDS, MOST_WORDS = 6, 45  # of a sentence that can stand by itself
FIRST_WORDS_THAT_LEAN = """
he she it they this that these those his her its their but and or so however then there such otherwise
both none here also
"""
LEANING = frozenset(FIRST_WORDS_THAT_LEAN.split())
"""They lean on a sentence before: alone it would not be understood."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, the page it stands on and the heading above it."""

    text: str
    url: str
    heading: str = ""


@dataclass(frozen=True)
class Source:
    """One page. `parts` are (heading, paragraphs below it) in reading order."""

    url: str
    title: str
    description: str
    subject: str
    """Its first main heading, else its title."""
    language: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    indexable: bool = True

    @cached_property
    def text(self) -> str:
        """Everything that it says."""
        texts = [self.title, self.description, self.subject]
        for heading, paragraphs in self.parts:
            texts += [heading, *paragraphs]
        return "\n".join(texts)

    @cached_property
    def lines(self) -> list[Line]:
        """The sentences that can stand by themselves."""
        return [
            Line(text, self.url, heading)
            for heading, paragraphs in self.parts
            for paragraph in paragraphs
            for text in sentences(paragraph)
            if stands_alone(text)
        ]


def stands_alone(text: str) -> bool:
    """Whether a sentence is whole, of a usable length, and leans on none before it."""
    if not LEAST_WORDS <= count(text) <= MOST_WORDS or not text.endswith(
        (".", "!", ".\u201d", '."')
    ):
        return False
    first = text.split(maxsplit=1)[0].lower().strip("\"'\u201c\u2018(,")
    return (text[0].isupper() or text[0].isdigit()) and first not in LEANING


def read(seen: Seen) -> Source:
    """Read a page that answered 200; ValueError for anything else."""
    page = seen.record.good_page
    if page is None:
        raise ValueError(f"{seen.url} is no page.")
    tree = LexborHTMLParser(seen.html)
    tree.strip_tags(SILENT)
    return Source(
        url=seen.url,
        title=page.title,
        description=page.description,
        subject=next(iter(page.h1), page.title.partition(" | ")[0]),
        language=_language(tree),
        parts=tuple(_parts(_main(tree))),
        indexable=not seen.record.noindex,
    )


def without_refrains(sources: Iterable[Source]) -> list[Line]:
    """All lines, each once; what most pages repeat says nothing about any of them."""
    pages = list(sources)
    where = dict[str, set[str]]()
    for line in (line for page in pages for line in page.lines):
        where.setdefault(line.text.casefold(), set()).add(line.url)
    most, seen = max(2, len(pages) // 2), set[str]()
    found = list[Line]()
    for line in (line for page in pages for line in page.lines):
        key = line.text.casefold()
        if key not in seen and len(where[key]) <= most:
            found.append(line)
        seen.add(key)
    return found


def _language(tree: LexborHTMLParser) -> str:
    node = tree.css_first("html")
    declared = (node.attributes.get("lang") if node else None) or ""
    return declared.strip().lower().partition("-")[0]


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """<main>, else the body without what stands around the text."""
    if main := tree.css_first("main, [role=main]"):
        return main
    for node in tree.css(", ".join(AROUND)):
        node.decompose()
    return tree.body


def _parts(main: LexborNode | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Blocks under their headings; of nested blocks the innermost."""
    heading, below = "", list[str]()
    for node in main.css(BLOCKS) if main else []:
        text = " ".join(node.text(separator=" ").split())
        if node.tag in HEADINGS:
            yield heading, tuple(below)
            heading, below = text, []
        elif text and len(node.css(BLOCKS)) == 1:  # a node finds itself
            below.append(text)
    yield heading, tuple(below)
