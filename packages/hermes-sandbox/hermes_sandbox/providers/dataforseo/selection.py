"""`filters` and `order_by` of DataForSEO, as far as the stand-in does them; it refuses the rest:
"and" beside "or" in one list, whose precedence is not documented, and like, in, regex and their kin."""

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any, cast

from hermes_sandbox.providers.dataforseo.envelope import invalid

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "<>": ne,
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}


Row = dict[str, Any]


def passing(rows: list[Row], filters: Any) -> list[Row]:
    """Rows that pass one condition, or several that are all joined by "and" or all by "or"; a condition
    may be such a list itself."""
    return _kept(rows, filters) if filters else rows


def _kept(rows: list[Row], condition: Any) -> list[Row]:
    if not isinstance(condition, list) or not condition:
        raise invalid("filters")
    parts = cast("list[Any]", condition)
    return _compared(rows, parts) if isinstance(parts[0], str) else _joined(rows, parts)


def _joined(rows: list[Row], parts: list[Any]) -> list[Row]:
    words = parts[1::2]
    if len(parts) % 2 == 0 or words != ["or" if "or" in words else "and"] * len(words):
        raise invalid("filters")
    kept = [{id(row) for row in _kept(rows, each)} for each in parts[::2]]
    passed = set[int].union(*kept) if "or" in words else set[int].intersection(*kept)
    return [row for row in rows if id(row) in passed]


def _compared(rows: list[Row], condition: list[Any]) -> list[Row]:
    if len(condition) != 3 or not isinstance(condition[1], str):
        raise invalid("filters")
    name, sign, value = condition
    compare = COMPARISONS.get(sign)
    if compare is None or any(name not in row for row in rows):
        raise invalid("filters")
    try:
        return [row for row in rows if row[name] is not None and compare(row[name], value)]
    except TypeError:  # a text beside a number
        raise invalid("filters") from None


def ordered(rows: list[dict[str, Any]], order: Any) -> list[dict[str, Any]]:
    """By each of `["rank,desc", ...]`, the first counting most."""
    for each in reversed(order or []):
        name, _comma, way = str(each).partition(",")
        if way not in ("asc", "desc", "") or any(name not in row for row in rows):
            raise invalid("order_by")
        rows = sorted(rows, key=lambda row, name=name: row[name], reverse=way == "desc")
    return rows
