"""Where the outputs of an answer stand: the wrappers that workers put around them, and name lookup."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeGuard, cast

from hermes.core.catalog import Elsewhere
from hermes.core.contracts.reading import squashed
from hermes.core.truth.deeper import deeper

WRAPPERS = ("result", "results", "reportJson", "report_json", "report", "data")
INNERMOST = "outputs"
ROWS = ("latest", "pages")
"""Lists of which the first entry may hold the outputs; read only when nothing better does."""
ROW_NAMES = frozenset(ROWS)
NAMES = ROW_NAMES.union(WRAPPERS)
DEEPEST = 3
SLUG_LISTS = ("outputs", "available_outputs", "availableOutputs", "actualOutputs", "actual_outputs")
META = ("meta", "metadata", "_meta")
META_NAMES = frozenset(META)
TABLES = frozenset({"provenance", "missing", "metrics", "artifacts"})
"""What a worker reports of its outputs beside them, each an object by output or name."""
NO_TABLES: Mapping[str, Mapping[str, Any]] = {name: {} for name in TABLES}

Fields = Mapping[str, Any]


class Found(NamedTuple):
    """A value, the name under which it stood, and whether that was in the first row of a list, or in an
    object that nobody promised (`under` names it)."""

    value: Any
    name: str
    in_row: bool = False
    under: str = ""


class Places:
    """The places of one answer where outputs may stand, the most specific first.

    `own` are names of outputs; a wrapper of such a name is an output, not a wrapper.
    """

    def __init__(self, document: Fields, own: Collection[str] = ()) -> None:
        self._document = document
        self._wrapped = _unwrapped(document, own)
        self._rows = _first_rows(self._wrapped, own)

    @property
    def wrapped(self) -> list[Fields]:
        """The answer and what its usual wrappers hold, the most specific first."""
        return self._wrapped

    def find_deeper(
        self, names: Iterable[str], promised: Collection[str], slugs: Collection[str]
    ) -> Found | None:
        """The same in objects of other names, if they hold what was promised. `promised` and `slugs`:
        squashed names, and slugs, of all outputs of the service."""
        if self._deeper is None:
            self._deeper = deeper(self._document, promised, slugs)
        wanted = [squashed(name) for name in names]
        for under, place in self._deeper:
            for name in wanted:
                if name in place:
                    return Found(place[name], name, under=under)
        return None

    _deeper: list[tuple[str, dict[str, Any]]] | None = None

    @property
    def deeper_places(self) -> list[Fields]:
        """Objects of other names in which outputs were found."""
        return [place for _, place in self._deeper or ()]

    def find_elsewhere(self, paths: Iterable[Elsewhere]) -> Found | None:
        """A value at a path of names, as reports of others have it; with the unit that it has there."""
        for told in paths:
            steps = told.path.split("/")
            for place in self._wrapped:
                value = _at(place, steps)
                if value is not None:
                    held = {"value": value, "unit": told.unit} if told.unit else value
                    return Found(held, steps[-1], under=told.path)
        return None

    @property
    def all(self) -> list[Fields]:
        """Every object that may hold outputs: the unwrapped documents, then their first rows."""
        return [*self._wrapped, *self._rows] if self._rows else self._wrapped

    def find(self, names: Iterable[str]) -> Found | None:
        """The first value that is not null, under one of the names as they are written."""
        for place in self._wrapped:
            for name in names:
                if (value := place.get(name)) is not None:
                    return Found(value, name)
        return None

    def find_alike(self, names: Iterable[str]) -> Found | None:
        """The same, whatever the case and punctuation of the names, and in rows too."""
        wanted = [squashed(name) for name in names]
        for number, place in enumerate(self._alike):
            for name in wanted:
                if name in place:
                    original, value = place[name]
                    return Found(value, original, in_row=number >= len(self._wrapped))
        return None

    @cached_property
    def _alike(self) -> list[dict[str, tuple[str, Any]]]:
        """Each place by squashed name; of names that are alike the first in order of the alphabet."""
        return [
            {
                squashed(name): (name, place[name])
                for name in sorted(place, reverse=True)
                if place[name] is not None
            }
            for place in self.all
        ]

    @cached_property
    def claimed(self) -> frozenset[str]:
        """Squashed names of outputs that are only listed as delivered, without a value."""
        lists = [place.get(name) for place in self.all for name in SLUG_LISTS]
        return frozenset(
            squashed(slug)
            for listed in lists
            if isinstance(listed, list)
            for slug in cast("list[Any]", listed)
            if isinstance(slug, str)
        )

    def tables(self) -> Mapping[str, Fields]:
        """Each of TABLES: the first object of that name, {} where there is none."""
        if all(map(TABLES.isdisjoint, self._wrapped)):
            return NO_TABLES
        return {name: self._table(name) for name in TABLES}

    def _table(self, name: str) -> Fields:
        for place in self._wrapped:
            if _is_place(table := place.get(name)):
                return table
        return {}

    def word(self, name: str) -> str:
        """The first text of that name; "" where there is none."""
        for place in self._wrapped:
            if isinstance(word := place.get(name), str):
                return word
        return ""

    @property
    def marked(self) -> list[Fields]:
        """Every place that may say that all of the answer is made up."""
        if all(map(META_NAMES.isdisjoint, self._wrapped)):
            return self.all
        metas = [place.get(name) for place in self._wrapped for name in META]
        return [*self.all, *(cast("Fields", meta) for meta in metas if isinstance(meta, dict))]


def _at(place: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        place = cast("Fields", place).get(step) if isinstance(place, dict) else None
    return place


def _unwrapped(document: Fields, own: Collection[str]) -> list[Fields]:
    """The document and what its wrappers hold, deepest first."""
    names = [name for name in WRAPPERS if name not in own] if own else WRAPPERS
    found, level = [document], [document]
    for _ in range(DEEPEST):
        inner = [
            cast("Fields", value)
            for place in level
            if not NAMES.isdisjoint(place)
            for name in names
            if isinstance(value := place.get(name), dict)
        ]
        if not inner:
            break
        level = inner
        found = [*level, *found]
    outputs = [
        cast("Fields", value) for place in found if isinstance(value := place.get(INNERMOST), dict)
    ]
    return [*outputs, *found]


def _first_rows(places: Sequence[Fields], own: Collection[str]) -> list[Fields]:
    if all(map(ROW_NAMES.isdisjoint, places)):
        return []
    lists = [place.get(name) for name in ROWS if name not in own for place in places]
    return [row for rows in lists if (row := _first_row(rows)) is not None]


def _is_place(value: Any) -> TypeGuard[Fields]:
    return isinstance(value, dict)


def _first_row(rows: Any) -> Fields | None:
    first = cast("list[Any]", rows)[0] if isinstance(rows, list) and rows else None
    return cast("Fields", first) if isinstance(first, dict) else None
