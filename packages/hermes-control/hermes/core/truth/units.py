"""Numbers as workers give them, read in the unit that the catalog promises. Nothing is guessed:

a unit is converted only where the answer says it (in the value, in the name) or where no other
reading is possible (35 as a 0-1 ratio); what stays in doubt is kept as given, and said so.
"""

import math
import re
from functools import lru_cache
from typing import Any, NamedTuple, cast

Number = int | float

UNIT_WORDS = {
    **dict.fromkeys(("ms", "millis", "msec", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("%", "percent", "pct", "percentage", "0-100"), "0-100"),
    **dict.fromkeys(("ratio", "fraction", "0-1"), "0-1"),
}
FACTORS: dict[tuple[str, str], float] = {
    ("s", "ms"): 1000,
    ("ms", "s"): 0.001,
    ("0-1", "0-100"): 100,
    ("0-100", "0-1"): 0.01,
}
"""(the unit of the answer, the unit of the catalog) -> what to multiply with."""
UPPER_BOUND = {"0-1": 1, "0-100": 100}
MEASURED_IN = frozenset({"ms", "s", *UPPER_BOUND})
SUFFIXES = {
    unit: tuple(f"_{word}" for word, known in UNIT_WORDS.items() if word.isalpha() and known in ok)
    for unit, ok in (
        ("ms", ("ms", "s")),
        ("s", ("ms", "s")),
        ("0-1", ("0-1", "0-100")),
        ("0-100", ("0-1", "0-100")),
    )
}
"""What a worker may append to the name of an output of that unit: `lcp_s`, `ctr_percent`."""

NUMERAL = re.compile(
    r"\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*([a-z%]*)\s*", re.IGNORECASE
)
VALUE_NAMES = ("value", "score", "count", "total")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Reading(NamedTuple):
    """A number in the catalog's unit; `note` says what was converted or stays in doubt, `fault`
    why it cannot be meant."""

    number: Number
    note: str = ""
    fault: str = ""


class Quantity(NamedTuple):
    """A number and the unit that came with it, "" where none did."""

    number: Number
    unit: str = ""


def number_of(value: Any) -> Number | None:
    """A finite number, or None; text and flags are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # an integer that no float can hold
        return None


def quantity(value: Any) -> Quantity | None:
    """A number, `"2.5 s"`, `"87%"`, or `{value, unit}`; None for everything else."""
    if (number := number_of(value)) is not None:
        return Quantity(number)
    if isinstance(value, str):
        return _quantity_in(value)
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        inner = next((q for n in VALUE_NAMES if (q := quantity(_plain(fields.get(n))))), None)
        return inner and Quantity(inner.number, inner.unit or _unit_beside(fields))
    return None


def _plain(value: Any) -> Any:
    return None if isinstance(value, dict) else value


def _quantity_in(text: str) -> Quantity | None:
    match = NUMERAL.fullmatch(text) if len(text) < 100 else None
    if match is None:
        return None
    digits, word = match.groups()
    unit = UNIT_WORDS.get(word.lower(), "") if word else ""
    number = number_of(int(digits) if digits.lstrip("+-").isdigit() else float(digits))
    return None if number is None or (word and not unit) else Quantity(number, unit)


def _unit_beside(fields: dict[str, Any]) -> str:
    """The unit that an object names beside its value, or its scale: `max: 1`, `out_of: 100`."""
    for name in ("unit", "units"):
        if isinstance(word := fields.get(name), str):
            return UNIT_WORDS.get(word.strip().lower(), "")
    for name in ("max", "out_of", "outOf", "scale"):
        bound = number_of(fields.get(name))
        if bound in (1, 100):
            return "0-1" if bound == 1 else "0-100"
    return ""


@lru_cache(maxsize=4096)
def unit_in(name: str) -> str:
    """The unit that a name ends with: `lcp_s`, `lcpSeconds` -> s; "" for names without one."""
    _, line, last = CAMEL.sub("_", name).rpartition("_")
    return UNIT_WORDS.get(last.lower(), "") if line else ""


def read_number(promised: str, name: str, given: Quantity) -> Reading:
    """A quantity found under `name`, in the unit that the catalog promises."""
    unit = given.unit or unit_in(name)
    if promised not in MEASURED_IN:
        return Reading(given.number)
    if unit in ("", promised):
        return _unmarked(promised, given.number, marked=bool(unit))
    factor = FACTORS.get((unit, promised))
    if factor is None:
        return Reading(given.number, fault=f"Returned in {unit}; expected in {promised}.")
    return _within(
        promised, _times(given.number, factor), f"Returned as {given.number:g} in {unit}."
    )


def _unmarked(promised: str, number: Number, *, marked: bool) -> Reading:
    if promised == "0-1" and not marked and 1 < number <= 100:
        return Reading(_times(number, 0.01), f"{number:g} cannot be 0-1; read as 0-100.")
    doubt = promised == "0-100" and not marked and 0 < number <= 1
    note = f"{number:g} may be on a 0-1 scale; the response does not say." if doubt else ""
    return _within(promised, number, note)


def _within(promised: str, number: Number, note: str) -> Reading:
    bound = UPPER_BOUND.get(promised)
    if bound is not None and not 0 <= number <= bound:
        return Reading(number, fault=f"{number:g} is outside {promised}.")
    return Reading(number, note)


def _times(number: Number, factor: float) -> Number:
    return round(number * factor, 9)
