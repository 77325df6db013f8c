"""Search Console's filters on dimensions."""

import re
from collections.abc import Callable
from typing import Any, cast

from hermes_sandbox.providers.demand import Fact
from hermes_sandbox.providers.google.dimensions import value_of

OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "EQUALS": lambda value, told: value == told,
    "NOTEQUALS": lambda value, told: value != told,
    "CONTAINS": lambda value, told: told in value,
    "NOTCONTAINS": lambda value, told: told not in value,
    "INCLUDINGREGEX": lambda value, told: re.search(told, value) is not None,
    "EXCLUDINGREGEX": lambda value, told: re.search(told, value) is None,
}


def kept(facts: list[Fact], groups: Any) -> list[Fact]:
    """The facts that pass every filter. ValueError names a filter that is none."""
    if groups is None:
        return facts
    if not isinstance(groups, list):
        raise ValueError("dimensionFilterGroups must be a list")  # noqa: TRY004 (all are answered alike)
    listed = cast("list[dict[str, Any]]", groups)
    for each in (each for group in listed for each in group.get("filters", ())):
        facts = _passing(facts, each)
    return facts


def _passing(facts: list[Fact], told: dict[str, Any]) -> list[Fact]:
    name, expression = told.get("dimension"), told.get("expression")
    operator = OPERATORS.get(str(told.get("operator", "equals")).replace("_", "").upper())
    if operator is None or not isinstance(name, str) or not isinstance(expression, str):
        raise ValueError(f"a filter needs dimension, operator and expression: {told}")
    values = ((fact, value_of(fact, name)) for fact in facts)
    try:
        return [fact for fact, value in values if value is not None and operator(value, expression)]
    except re.error as error:
        raise ValueError(f"Invalid regular expression {expression!r}: {error}") from error
