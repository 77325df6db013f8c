"""Where tags and their attributes stand in the source of an HTML file."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

from hermes_fleet.site_executor.splices import Splice

ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
NAME = re.compile(r"<[A-Za-z][^\s/>]*")


@dataclass(frozen=True, slots=True)
class Attribute:
    """`start` and `end`: the value with its quotes, in the file; `value` is decoded."""

    value: str
    start: int
    end: int
    quote: str

    def becoming(self, value: str) -> Splice:
        """The value replaced; what had no quotes gets them."""
        quote = self.quote or '"'
        return Splice(self.start, self.end, f"{quote}{escape(value)}{quote}")


@dataclass(frozen=True, slots=True)
class Tag:
    """One start or end tag (`closing`) from `start` to before `end`; the first of equal attributes counts."""

    name: str
    start: int
    end: int
    attributes: dict[str, Attribute]
    closing: bool = False

    def value(self, name: str) -> str | None:
        """The decoded value of an attribute; None where it has none."""
        found = self.attributes.get(name)
        return found.value if found else None

    def words(self, name: str) -> list[str]:
        """A value that is a list of words, in small letters."""
        return (self.value(name) or "").lower().split()


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.tags: list[Tag] = []
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.feed(text)
        self.close()

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start, raw = self._place(), self.get_starttag_text() or ""
        self.tags.append(Tag(tag, start, start + len(raw), dict(_attributes(raw, start))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        start = self._place()
        end = self._text.find(">", start) + 1 or len(self._text)
        self.tags.append(Tag(tag, start, end, {}, closing=True))


def tags_of(text: str) -> list[Tag]:
    """All tags of a document in the order of the file; none from comments and scripts."""
    return _Reader(text).tags


def _attributes(raw: str, start: int) -> Iterator[tuple[str, Attribute]]:
    name = NAME.match(raw)
    seen = set[str]()
    for found in ATTRIBUTE.finditer(raw, name.end() if name else 0):
        key = found[1].lower()
        if key in seen:
            continue
        seen.add(key)
        given = found[3] or ""
        quote = given[:1] if given[:1] in ("'", '"') else ""
        value = unescape(given[1:-1] if quote else given)
        if given:
            yield key, Attribute(value, start + found.start(3), start + found.end(3), quote)
        else:
            yield key, Attribute("", start + found.end(1), start + found.end(1), "")


def indent_of(text: str, place: int) -> str:
    """A line break as the file has them, and the blanks before the tag at `place`."""
    begin = text.rfind("\n", 0, place) + 1
    before = text[begin:place]
    if before.strip() or not begin:
        return ""
    return ("\r\n" if text[begin - 2 : begin] == "\r\n" else "\n") + before


def line_of(text: str, place: int) -> int:
    """The line of a place, from 1."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return bisect_right(starts, place)
