"""What an answer holds that could be outputs: the name of each, where it stands, its value and the type it seems to be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from hermes.core.replies.envelopes import ENVELOPE

Type = Literal["number", "list", "object", "text", "flag"]
MOST, DEEPEST, LONGEST = 40, 3, 60
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Found:
    """One value: the slug that it could have, its place as JMESPath, the value, and what type it seems to be."""

    slug: str
    place: str
    value: Any
    type: Type

    @property
    def shown(self) -> str:
        """The value in a few words: `7`, `2 entries`, `"en"`."""
        value: Any = self.value
        if self.type == "list":
            return f"{len(value)} entries"
        if self.type == "object":
            return f"{{{', '.join(value)[:LONGEST]}}}"
        if self.type == "text":
            return f'"{value[:LONGEST]}"'
        return str(value).lower() if self.type == "flag" else str(value)


def found_in(document: Mapping[str, Any]) -> list[Found]:
    """What a finished answer holds, below `result` where there is one; at most 40."""
    inner = document.get("result", document)
    if isinstance(inner, dict):
        fields = cast("dict[str, Any]", inner)
        table = fields.get("outputs")
        inner = cast("dict[str, Any]", table) if isinstance(table, dict) and table else fields
    found = list(_found(inner, "", "", 0, top=inner is document))[:MOST]
    return _named_once(found)


def _found(value: Any, name: str, place: str, depth: int, *, top: bool = False) -> Iterator[Found]:
    if isinstance(value, dict) and depth < DEEPEST and (depth == 0 or _is_group(value)):
        for key, inner in cast("dict[str, Any]", value).items():
            if not (top and key in ENVELOPE):
                yield from _found(
                    inner, f"{name}_{key}" if name else key, _below(place, key), depth + 1
                )
        return
    kind = type_of(value)
    if kind is not None:
        yield Found(slug_of(name or "result"), place or "@", value, kind)


def _is_group(value: Any) -> bool:
    """An object that only groups other values: a few members, at least one of which is a figure or a list."""
    fields = cast("dict[str, Any]", value)
    return len(fields) <= 12 and any(isinstance(e, int | float | list) for e in fields.values())


def type_of(value: Any) -> Type | None:
    """The type of output that a value seems to be; None for null."""
    if isinstance(value, bool):
        return "flag"
    kinds: list[tuple[type[Any], Type]] = [(int, "number"), (float, "number"), (list, "list"), (dict, "object"), (str, "text")]  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), None)


def _below(place: str, key: str) -> str:
    step = key if WORD.fullmatch(key) else '"{}"'.format(key.replace("\\", "").replace('"', ""))
    return f"{place}.{step}" if place else step


def slug_of(name: str) -> str:
    """A name as a slug: `pagesFound` -> `pages_found`."""
    snake = re.sub(r"[^a-z0-9]+", "_", CAMEL.sub("_", name).lower()).strip("_")[:60]
    return snake if re.fullmatch(r"[a-z][a-z0-9_]+", snake) else f"output_{snake or 'value'}"


def _named_once(found: list[Found]) -> list[Found]:
    seen: dict[str, Found] = {}
    for each in found:
        seen.setdefault(each.slug, each)
    return list(seen.values())
