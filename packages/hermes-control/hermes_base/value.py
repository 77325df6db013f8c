"""Immutable values that are made for every reply of a worker, at the cost of mutable ones."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A dataclass with slots that the type checker holds to be frozen.

    A dataclass that is frozen at run time sets each of its fields through `object.__setattr__`: it
    takes three times as long to make. A runner makes a handful of values for every run (`bench/runner.py`),
    so here pyright alone forbids to change them. Use `dataclass(frozen=True, slots=True)` for whatever
    is not made once a reply, or must be hashable.
    """
    return dataclass(slots=True)(cls)
