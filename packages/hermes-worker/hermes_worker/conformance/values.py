"""What no output can be, whatever the service: claims without a value, words for nothing, rows without content, negative
counts, marks of made-up data; and whether two answers to one question have anything in common."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from hermes_worker.conformance.delivery import markers_in

NO_VALUES = frozenset(
    [
        "pending",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "undefined",
        "unknown",
        "todo",
        "tbd",
        "error",
        "failed",
        "placeholder",
        "lorem",
        "ipsum",
        "-",
        "...",
        "test",
    ]
) | {"coming soon", "not available", "lorem ipsum", "no data", "not implemented"}
SIGNED = re.compile(
    r"velocity|change|delta|diff|growth|trend|gain|loss|lat|lon|temperature|offset|net_|_net"
)
"""Names of figures that may be below zero."""
ALIKE = 3.0
"""Times by which a figure may differ between two looks within a minute, and still be called alike."""
PROVED = ("measured", "provider")


def told_values(result: Any) -> dict[str, Any]:
    """The outputs of a result that have a value and are not said to be written or bundled."""
    if not isinstance(result, dict):
        return {}
    fields = cast("dict[str, Any]", result)
    outputs, origins = fields.get("outputs"), fields.get("provenance")
    if not isinstance(outputs, dict):
        return {}
    told = cast("dict[str, Any]", origins) if isinstance(origins, dict) else {}
    return {
        slug: value
        for slug, value in cast("dict[str, Any]", outputs).items()
        if value is not None and value is not False and told.get(slug, "measured") in PROVED
    }


def is_measured(value: Any) -> bool:
    """Whether a value says something: a figure that is not zero, or a list, object or text with content."""
    return bool(value) and value is not True


def faults_in(outputs: Mapping[str, Any]) -> list[str]:
    """What is wrong with the values of a result, each a phrase that names the output."""
    found = [
        f"{slug}: {fault}" for slug, value in outputs.items() for fault in _faults(slug, value)
    ]
    if len(outputs) > 1 and all(value is True for value in outputs.values()):
        found.insert(0, "every output is `true`: named, and not delivered")
    found += [f"marked as made up: {marker}" for marker in markers_in(dict(outputs))]
    return found


def _faults(slug: str, value: Any) -> Iterator[str]:
    if isinstance(value, int | float) and value < 0 and not SIGNED.search(slug):
        yield f"{value} is below zero"
    if isinstance(value, str) and value.strip().lower().rstrip(".!") in NO_VALUES:
        yield f"{value[:40]!r} is no value"
    rows = _rows(value)
    empty = sum(not _has_content(row) for row in rows)
    if rows and empty:
        yield f"{empty} of {len(rows)} rows hold nothing"
    if isinstance(value, dict) and not _has_content(value):
        yield "an object whose fields are all empty"


def _rows(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = cast("dict[str, Any]", value).get("items")
    return cast("list[Any]", value) if isinstance(value, list) else []


def _has_content(row: Any) -> bool:
    if isinstance(row, dict):
        fields = cast("dict[str, Any]", row)
        names = [name for name, each in fields.items() if _has_content(each)]
        return bool(names) and names != ["error"]
    if isinstance(row, list):
        return any(map(_has_content, cast("list[Any]", row)))
    if isinstance(row, str):
        return bool(row.strip()) and row.strip().lower() not in NO_VALUES
    return row is not None


def unlike(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """The figures that differ, where half of them or more differ beyond ALIKE; "" where the two are alike."""
    figures = [
        (slug, first[slug], second[slug])
        for slug in first
        if slug in second and _is_figure(first[slug]) and _is_figure(second[slug])
    ]
    differing = [
        f"{slug} {one:g} and {other:g}" for slug, one, other in figures if _far_apart(one, other)
    ]
    return ", ".join(differing[:5]) if figures and 2 * len(differing) >= len(figures) else ""


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _far_apart(one: float, other: float) -> bool:
    small, large = sorted((abs(one), abs(other)))
    return one * other < 0 or (large > small * ALIKE and large - small > 2)
