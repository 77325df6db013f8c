"""`filters` and `order_by` of DataForSEO, as far as the stand-in does them; it refuses the rest."""

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from hermes_sandbox.providers.dataforseo.envelope import invalid

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "<>": ne,
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}


def passing(rows: list[dict[str, Any]], filters: Any) -> list[dict[str, Any]]:
    """Rows that pass one condition, or several joined by "and"."""
    if not filters:
        return rows
    if not isinstance(filters, list):
        raise invalid("filters")
    conditions = [filters] if isinstance(filters[0], str) else filters[::2]
    joined = [] if isinstance(filters[0], str) else filters[1::2]
    if any(word != "and" for word in joined):
        raise invalid("filters")
    for condition in conditions:
        rows = _kept(rows, condition)
    return rows


def _kept(rows: list[dict[str, Any]], condition: Any) -> list[dict[str, Any]]:
    if not isinstance(condition, list) or len(condition) != 3:
        raise invalid("filters")
    name, sign, value = condition
    compare = COMPARISONS.get(sign)
    if compare is None or any(name not in row for row in rows):
        raise invalid("filters")
    return [row for row in rows if row[name] is not None and compare(row[name], value)]


def ordered(rows: list[dict[str, Any]], order: Any) -> list[dict[str, Any]]:
    """By each of `["rank,desc", ...]`, the first counting most."""
    for each in reversed(order or []):
        name, _comma, way = str(each).partition(",")
        if way not in ("asc", "desc", "") or any(name not in row for row in rows):
            raise invalid("order_by")
        rows = sorted(rows, key=lambda row, name=name: row[name], reverse=way == "desc")
    return rows
