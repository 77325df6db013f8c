"""Search Console's filters on dimensions."""

import re
from collections.abc import Callable
from typing import Any, cast

from hermes_sandbox.providers.demand import Fact
from hermes_sandbox.providers.google.dimensions import value_of

OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "EQUALS": lambda value, wanted: value == wanted,
    "NOTEQUALS": lambda value, wanted: value != wanted,
    "CONTAINS": lambda value, wanted: wanted in value,
    "NOTCONTAINS": lambda value, wanted: wanted not in value,
    "INCLUDINGREGEX": lambda value, wanted: re.search(wanted, value) is not None,
    "EXCLUDINGREGEX": lambda value, wanted: re.search(wanted, value) is None,
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


def _passing(facts: list[Fact], wanted: dict[str, Any]) -> list[Fact]:
    name, expression = wanted.get("dimension"), wanted.get("expression")
    operator = OPERATORS.get(str(wanted.get("operator", "equals")).replace("_", "").upper())
    if operator is None or not isinstance(name, str) or not isinstance(expression, str):
        raise ValueError(f"a filter needs dimension, operator and expression: {wanted}")
    values = ((fact, value_of(fact, name)) for fact in facts)
    try:
        return [fact for fact, value in values if value is not None and operator(value, expression)]
    except re.error as error:
        raise ValueError(f"Invalid regular expression {expression!r}: {error}") from error
