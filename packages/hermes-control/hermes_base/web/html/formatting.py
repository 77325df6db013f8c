"""Formats of pages: durations, ages, dates and values of outputs as text."""

import json
from collections.abc import Sequence, Sized
from datetime import datetime
from math import floor, isfinite, log10
from typing import Any, cast

import orjson

from hermes_base.web import locales

JSON_LIMIT = 2000
TEXT_LIMIT = 160
STRIP_HEIGHTS = {"passed": 6, "partial": 12, "failed": 18, "untested": 2}
"""Of 18 pixels: height repeats the colour."""


def duration(seconds: float | None) -> str:
    """`8 ms`, `2.4 s`, `42 s`, `3 min 05 s`, `1 h 02 min`; "" for None."""
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else "under 1 ms"
    return f"{locales.fixed(seconds, 1)} s" if seconds < 10 else running(seconds)


def running(seconds: float) -> str:
    """A duration that goes on, in whole seconds. hermes.js says the same."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def ago(at: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `2 days ago`. hermes.js says the same."""
    seconds = (now - at).total_seconds()
    for size, name in ((86_400, "day"), (3600, "h"), (60, "min")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if name == 'day' and count > 1 else ''} ago"
    return "just now"


def stamp(at: datetime) -> str:
    """`2026-11-21 09:00:00 UTC` in the reader's format; the browser makes it local."""
    return locales.moment(at)


def readable(value: Any) -> str:
    """One line for the value of an output: a number, a count of entries, the beginning of a text."""
    if value is True:
        return "returned without a value"
    if isinstance(value, int | float):
        return figure(value)
    if isinstance(value, str):
        return value if len(value) <= TEXT_LIMIT else f"{value[:TEXT_LIMIT]}…"
    if isinstance(value, dict):
        return _object(cast("dict[str, Any]", value))
    if isinstance(value, list):
        return _counted(len(cast("list[Any]", value)), "item", "items")
    return "no value"


def figure(value: float) -> str:
    """A number as it is read: a fraction with three figures that count (`0.0809`, `5.0`, `1,234.6`)."""
    if isinstance(value, int) or not isfinite(value) or not value:
        return locales.number(value) if isfinite(value) else str(value)
    return locales.number(round(value, max(1, 2 - floor(log10(abs(value))))))


def _object(value: dict[str, Any]) -> str:
    """A list may arrive as `{value, items, complete}`; anything else is named by its fields. `value` is
    the figure itself, and `count` how many there are of its entries."""
    number = value.get("value")
    if isinstance(number, int | float) and not isinstance(number, bool) and "items" in value:
        return f"{figure(number)}{_partly(value)}"
    count = value.get("count")
    if isinstance(count, int) and "items" in value:
        return _counted(count, "item", "items") + _partly(value)
    if isinstance(items := value.get("items"), list):
        return _counted(len(cast("list[Any]", items)), "item", "items") + _partly(value)
    names = ", ".join(name.replace("_", " ") for name in list(value)[:4])
    more = ", …" if len(value) > 4 else ""
    return f"{_counted(len(value), 'field', 'fields')}: {names}{more}" if value else "empty"


def _partly(value: dict[str, Any]) -> str:
    return " (incomplete)" if value.get("complete") is False else ""


def _counted(count: int, one: str, many: str) -> str:
    return f"{locales.number(count)} {one if count == 1 else many}"


def in_full(value: Any) -> str:
    """The JSON of a list, an object or a long text, cut at 2,000 characters; "" for what is read whole."""
    if not isinstance(value, list | dict | str) or not _long(cast("Sized", value)):
        return ""
    text = as_json(value)
    left = len(text) - JSON_LIMIT
    return (
        text if left <= 0 else f"{text[:JSON_LIMIT]}\n… and {locales.number(left)} more characters"
    )


def _long(value: Sized) -> bool:
    return len(value) > TEXT_LIMIT if isinstance(value, str) else len(value) > 0


def as_json(value: Any) -> str:
    """Indented JSON, letters of every language kept."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:  # what orjson does not take, such as whole numbers above 64 bit
        return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def strip_paths(days: Sequence[str]) -> list[tuple[str, str]]:
    """(state, path of an svg) of each state among those of the days: one bar a day, 7 pixels apart."""
    found: dict[str, list[str]] = {}
    for at, state in enumerate(days):
        tall = STRIP_HEIGHTS[state]
        found.setdefault(state, []).append(f"M{at * 7} {18 - tall}h5v{tall}h-5z")
    return [(state, "".join(bars)) for state, bars in found.items()]
