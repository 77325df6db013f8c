"""The form of a value that contracts are written for: rows with known field names, and numbers as numbers.

Workers call one thing by many names (`fields.toml`) and write numbers as texts. A contract sees neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, cast

from hermes.core.contracts.figures import number_of, quantity
from hermes_base.data_files import Data, Entries, load

Fields = Mapping[str, Any]


class FieldNames(Data):
    """What workers call the fields of rows, by the name that contracts use."""

    names: dict[str, Entries]


@cache
def field_names() -> Mapping[str, tuple[str, ...]]:
    """By the name that contracts use: that name first, then what else it is called."""
    names = load(__name__, "fields.toml", FieldNames).names
    return {name: (squashed(name), *map(_squashed_alias, others)) for name, others in names.items()}


def _squashed_alias(name: str) -> str:
    return name if name.startswith("_") else squashed(name)


@lru_cache(maxsize=8192)
def squashed(name: str) -> str:
    """A name without case and punctuation: `pagesCrawled`, `Pages-Crawled` -> `pagescrawled`."""
    return "".join(c for c in name.lower() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a contract knows: its names, whether it is a number (and a share of one), whether it is ever a list
    (`single`: it is not), and its own shape."""

    name: str
    names: tuple[str, ...]
    number: bool
    of_one: bool
    said: bool
    single: bool
    inner: "Shape | None"


def _no_layouts() -> "dict[tuple[str, ...], Layout]":
    return {}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a schema knows of objects and lists: named fields, members of lists, values of objects by key."""

    fields: tuple[Field, ...] = ()
    items: "Shape | None" = None
    each: "Shape | None" = None
    layouts: "dict[tuple[str, ...], Layout]" = field(
        default_factory=_no_layouts, compare=False, repr=False
    )
    """By the names of an object: which of them hold which field. Rows of a list have the same names."""

    def layout(self, names: tuple[str, ...]) -> "Layout":
        """Where the fields stand in an object of these names."""
        known = self.layouts.get(names)
        if known is None:
            known = _layout(self.fields, names)
            if len(self.layouts) < MOST_LAYOUTS:
                self.layouts[names] = known
        return known


Layout = Sequence[tuple[Field, Sequence[str]]]
MOST_LAYOUTS = 200


def _layout(fields: Sequence[Field], names: tuple[str, ...]) -> Layout:
    given = {_squashed_alias(name): name for name in names}
    found = [(each, [given[name] for name in each.names if name in given]) for each in fields]
    return [(each, held) for each, held in found if held]


PLAIN = Shape()


def shape_of(schema: Any) -> Shape | None:
    """The shape that a schema speaks of; None where it speaks of plain values alone."""
    if not isinstance(schema, dict):
        return None
    fields = cast("dict[str, Any]", schema)
    known = cast("dict[str, Any]", fields.get("properties", {}))
    shape = Shape(
        tuple(_field(name, inner) for name, inner in known.items()),
        shape_of(fields.get("items")),
        shape_of(fields.get("additionalProperties")),
    )
    return None if shape == PLAIN else shape


def _field(name: str, schema: Any) -> Field:
    told = cast("dict[str, Any]", schema) if isinstance(schema, dict) else {}
    types = told.get("type", ())
    kinds = {types} if isinstance(types, str) else set(cast("list[str]", types))
    number = bool(kinds & {"number", "integer"}) and "string" not in kinds
    names = field_names().get(name, (squashed(name),))
    said = told.get("format") == "said"
    single = bool(kinds) and "array" not in kinds
    return Field(name, names, number, told.get("maximum") == 1, said, single, shape_of(schema))


def read(value: Any, shape: Shape | None) -> Any:
    """A value in the form of its contract. What the shape does not know stays as it is."""
    if shape is None:
        return value
    if isinstance(value, list):
        return [read(member, shape.items) for member in cast("list[Any]", value)]
    if isinstance(value, dict):
        return _read_object(cast("Fields", value), shape)
    return value


def _read_object(fields: Fields, shape: Shape) -> dict[str, Any]:
    if shape.each is not None and not shape.fields:
        return {name: read(value, shape.each) for name, value in fields.items()}
    if not shape.fields:
        return dict(fields)
    found: dict[str, Any] = {}
    for field_, names in shape.layout(tuple(fields)):
        value = fields[names[0]]
        if value is None and len(names) > 1:
            value = next((v for name in names if (v := fields[name]) is not None), None)
        found[field_.name] = _read_field(value, field_)
    return found


def _read_field(value: Any, field: Field) -> Any:
    if field.number:
        return _number(value, of_one=field.of_one)
    if field.single and isinstance(value, list):
        value = _only(cast("list[Any]", value))
    return value if field.inner is None else read(value, field.inner)


def _only(members: list[Any]) -> Any:
    """The one member of a list, as Search Console gives the one dimension of a row; other lists as they are."""
    return members[0] if len(members) == 1 else members


def _number(value: Any, *, of_one: bool) -> Any:
    """A number as a double; a text that is one too, and what is said in percent as a share of one."""
    kind = type(cast("object", value))
    if kind is float:
        return value
    if kind is int and -(2**53) < value < 2**53:
        return float(value)
    if isinstance(value, str):
        amount = quantity(value)
        if amount is None or (amount.unit and not of_one):
            return value
        return float(amount.number) * (0.01 if amount.unit == "0-100" else 1)
    number = number_of(value)
    return value if number is None else float(number)


def rows_of(value: Any) -> list[Any] | None:
    """The rows of a list output, however they are wrapped; None where there are none to be found."""
    if isinstance(value, list):
        return cast("list[Any]", value)
    if not isinstance(value, dict):
        return None
    fields = cast("Fields", value)
    if (table := rows_of_table(fields)) is not None:
        return table
    for name in ROWS:
        if isinstance(rows := fields.get(name), list | dict):
            return rows_of(rows)
    return _keyed(fields)


def rows_of_table(fields: Fields) -> list[Any] | None:
    """The rows of a table: columns that are named once and rows of cells, or a list of cells for each column."""
    names = [_column(each) for each in cast("list[Any]", fields.get("columns") or ())] if isinstance(fields.get("columns"), list) else []  # fmt: skip
    cells = next((fields[n] for n in CELLS if isinstance(fields.get(n), list)), None)
    if names and all(names) and cells is not None:
        rows = cast("list[Any]", cells)
        fit = all(
            isinstance(row, list) and len(cast("list[Any]", row)) == len(names) for row in rows
        )
        return [dict(zip(names, row, strict=True)) for row in rows] if fit else None
    columns = [cast("list[Any]", each) for each in fields.values() if isinstance(each, list)]
    alike = len(columns) == len(fields) > 1 and len({len(each) for each in columns}) == 1
    if not alike or any(isinstance(cell, dict | list) for each in columns for cell in each):
        return None
    return [dict(zip(fields, row, strict=True)) for row in zip(*columns, strict=True)]


def _column(told: Any) -> str:
    if isinstance(told, dict):
        told = cast("Fields", told).get("name")
    return told if isinstance(told, str) else ""


CELLS = ("rows", "data", "values", "records")
"""Where the cells of a table stand."""
ROWS = ("items", "rows", "entries", "values", "records", "list", "data", "results", "member")
"""Names of the list in an object that says more than the list alone."""


def _keyed(fields: Fields) -> list[Any] | None:
    """The rows of an object with one entry a row: each an object of its own, or a number."""
    values: Sequence[Any] = list(fields.values())
    if values and all(isinstance(each, dict) for each in values):
        return [{"_key": key, **cast("Fields", row)} for key, row in fields.items()]
    counting = not COUNTS.isdisjoint(fields)
    if values and not counting and all(number_of(each) is not None for each in values):
        return [{"_key": key, "_value": number} for key, number in fields.items()]
    return None


COUNTS = frozenset({"count", "total", "complete", "size", "length", "n", "number"})
"""Names of a count: an object of these is a count, and no list."""
