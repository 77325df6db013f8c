"""Writing without a mind: JSON of a schema, filled with sentences and addresses found in a prompt."""

import json
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any, cast

SENTENCE = re.compile(r"[A-Z][^.!?\n{}\[\]]{20,300}[.!?]")
ADDRESS = re.compile(r"https?://[^\s\"'<>)\]},]+")
WORD = re.compile(r"[A-Za-z][A-Za-z'-]{3,}")
LINKS = ("url", "href", "source", "link")
ITEMS = 3
SENTENCES_A_PARAGRAPH = 3
TITLE_LETTERS, DESCRIPTION_LETTERS = 58, 150


def prose(prompt: str) -> str:
    """The first sentences of the prompt, as a model that ignores the schema would answer."""
    return " ".join(_sentences(prompt)[:6])


def composed(schema: dict[str, Any], prompt: str, added: str = "") -> str:
    """JSON that fits the schema. `added` is put after the first paragraph."""
    writer = _Writer(prompt, schema.get("$defs", {}), added)
    return json.dumps(writer.value(schema, ""), ensure_ascii=False)


class _Writer:
    def __init__(self, prompt: str, definitions: dict[str, Any], added: str) -> None:
        self._definitions, self._added = definitions, added
        self._next = cycle(_sentences(prompt))
        self._addresses: Iterator[str] = cycle(_addresses(prompt))

    def value(self, schema: dict[str, Any], name: str) -> Any:
        """One value of the kind that the schema allows; `name` is its property's."""
        if "$ref" in schema:
            return self.value(self._definitions[schema["$ref"].rsplit("/", 1)[-1]], name)
        if "const" in schema or "enum" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        if options := schema.get("anyOf") or schema.get("oneOf"):
            return self.value(options[0], name)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = cast("list[str]", kind)[0] if isinstance(kind, list) else kind
        return self._of_kind(kind, schema, name)

    def _of_kind(self, kind: str, schema: dict[str, Any], name: str) -> Any:
        if kind == "object":
            parts = schema.get("properties", {}).items()
            return {part: self.value(rule, part) for part, rule in parts}
        if kind == "array":
            count = min(max(ITEMS, schema.get("minItems", 0)), schema.get("maxItems", ITEMS))
            return [self.value(schema.get("items", {}), name) for _ in range(count)]
        if kind in ("integer", "number"):
            return schema.get("minimum", 0)
        return (
            {"boolean": False, "null": None}.get(kind, "")
            if kind != "string"
            else self._text(schema, name)
        )

    def _text(self, schema: dict[str, Any], name: str) -> str:
        return self._written(name.lower())[: schema.get("maxLength", 10_000)]

    def _written(self, name: str) -> str:
        if any(word in name for word in LINKS):
            return next(self._addresses)
        sentence = next(self._next)
        if "question" in name:
            return f"What should you know about {_topic(sentence)}?"
        if any(word in name for word in ("title", "heading", "anchor", "keyword", "topic", "slug")):
            return _cut(sentence, TITLE_LETTERS)
        if "description" in name:
            return _cut(sentence, DESCRIPTION_LETTERS)
        return self._paragraph(sentence)

    def _paragraph(self, first: str) -> str:
        rest = [next(self._next) for _ in range(SENTENCES_A_PARAGRAPH - 1)]
        text = " ".join([first, *rest]) + self._added
        self._added = ""
        return text


def _sentences(prompt: str) -> list[str]:
    found = list(dict.fromkeys(each.strip() for each in SENTENCE.findall(prompt)))
    return found or ["The prompt holds no sentence to copy."]


def _addresses(prompt: str) -> list[str]:
    return list(dict.fromkeys(each.rstrip(".,;") for each in ADDRESS.findall(prompt))) or [""]


def _topic(sentence: str) -> str:
    return " ".join(word.lower() for word in WORD.findall(sentence)[:3])


def _cut(sentence: str, letters: int) -> str:
    """At the end of a word."""
    plain = sentence.rstrip(".!?")
    return plain if len(plain) <= letters else plain[:letters].rsplit(" ", 1)[0]
