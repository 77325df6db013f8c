"""The text of a page as a reader finds it, taken from its model."""

import json
import re
from dataclasses import dataclass
from typing import Any, cast

from hermes_sandbox.site.model import Page


@dataclass(frozen=True, slots=True)
class Text:
    """A page's title, its outline of (level, heading), and all text of <main>."""

    title: str
    outline: tuple[tuple[int, str], ...]
    main: str

    @classmethod
    def of(cls, page: Page) -> "Text":
        """What the model says that a browser shows."""
        parts = list(page.headings)
        for section in page.sections:
            shown = (link.text for link in section.links if link.shape == "a")
            parts += [section.heading, *section.paragraphs, *shown]
        outline = [(1, heading) for heading in page.headings]
        outline += [(section.level, section.heading) for section in page.sections]
        named = tuple((level, heading) for level, heading in outline if heading)
        return cls(page.title or "", named, "\n".join(part for part in parts if part))

    @property
    def headings(self) -> str:
        return "\n".join(heading for _level, heading in self.outline)

    @staticmethod
    def mentions(phrase: str, text: str) -> int:
        """How often a phrase stands in a text as whole words, in any case."""
        return len(re.findall(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE))


def schema_types(page: Page) -> list[str]:
    """Every `@type` of the page's JSON-LD, nested ones too, each once, sorted."""
    return sorted(set(_types(json.loads(page.data)))) if page.data else []


def _types(value: Any) -> list[str]:
    if isinstance(value, list):
        return [kind for each in cast("list[Any]", value) for kind in _types(each)]
    if not isinstance(value, dict):
        return []
    fields = cast("dict[str, Any]", value)
    own = [fields["@type"]] if "@type" in fields else []
    return own + [kind for each in fields.values() for kind in _types(each)]
