"""Rows as values: the place where an untyped row of asyncpg becomes a frozen dataclass.

Every field of the dataclass is read from the column of the same name. That a column has the declared
type is the statement's promise; `tests/directory_bolt/storage/test_rows.py` holds the statements of orders to it.
"""

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import TypeVar

from asyncpg import Record

V = TypeVar("V")


@cache
def _columns(model: type[object]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(model))  # type: ignore[arg-type]  # a dataclass


def value(model: type[V], row: Record) -> V:
    """The row as this dataclass. Raises KeyError for a column that the statement does not return."""
    return model(**{name: row[name] for name in _columns(model)})


def value_or_none(model: type[V], row: Record | None) -> V | None:
    """The row as this dataclass; None stays None."""
    return None if row is None else value(model, row)


def values(model: type[V], rows: Sequence[Record]) -> list[V]:
    """Rows as values of a dataclass, in their order."""
    return [value(model, row) for row in rows]
