"""Markers of made-up data: the fields that workers set beside figures that they did not measure."""

from collections.abc import Mapping
from typing import Any, cast

MARKERS: dict[str, frozenset[Any]] = {
    "provider": frozenset({"mock", "fake", "dummy", "sample", "stub", "placeholder"}),
    **dict.fromkeys(("isRealData", "is_real_data"), frozenset({False})),
    **dict.fromkeys(
        ("isSample", "is_sample", "isPlaceholder", "is_placeholder", "isMock", "is_mock", "mock"),
        frozenset({True}),
    ),
}
"""Fields, and the values that make them a marker."""
NAMES = frozenset(MARKERS)


def marker_of(fields: Mapping[str, Any]) -> str:
    """The marker of made-up data in an object (`isRealData: false` ...), or ""."""
    if NAMES.isdisjoint(fields):
        return ""
    for name, values in MARKERS.items():
        given = fields.get(name)
        word = given.strip().lower() if isinstance(given, str) else given
        if isinstance(word, str | bool) and word in values:
            return f"{name}: {str(given).lower() if isinstance(given, bool) else given}"
    return ""


def marker_in(value: Any) -> str:
    """The marker in the value of an output: in an object, or in one of the objects of a list."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return marker_of(fields) or (marker_in(fields["items"]) if "items" in fields else "")
    if isinstance(value, list):
        entries = cast("list[Any]", value)
        rows = (cast("dict[str, Any]", row) for row in entries if isinstance(row, dict))
        return next((m for row in rows if (m := marker_of(row))), "")
    return ""
