"""Numbers as workers give them, read in the unit that the catalog promises. Nothing is guessed:

a unit is converted only where the answer says it, in the value or in the name; a number that its unit
does not allow stays as it is and does not count; what stays in doubt is kept as given, and said so.
"""

import math
import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple, cast

Number = int | float

UNIT_WORDS = {
    **dict.fromkeys(("ms", "millis", "msec", "millisecond", "milliseconds", "millisekunde", "millisekunden", "milliseconde", "millisecondes",
                     "milisegundo", "milisegundos", "millisecondo", "millisecondi", "мс", "ミリ秒", "毫秒", "밀리초"), "ms"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden", "seconde", "secondes", "segundo", "segundos",
                     "secondo", "secondi", "seconden", "сек", "秒", "초"), "s"),
    **dict.fromkeys(("%", "percent", "pct", "percentage", "0-100", "prozent", "procent", "procento", "points", "point", "pts", "punkte"), "0-100"),
    **dict.fromkeys(("‰", "permille", "promille"), "per mille"),
    **dict.fromkeys(("ratio", "fraction", "0-1"), "0-1"),
}  # fmt: skip
FACTORS: dict[tuple[str, str], float] = {
    ("s", "ms"): 1000,
    ("ms", "s"): 0.001,
    ("0-1", "0-100"): 100,
    ("0-100", "0-1"): 0.01,
    ("per mille", "0-1"): 0.001,
    ("per mille", "0-100"): 0.1,
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
    r"\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*(/ ?1(?:00)?|[^\W\d_]*|[%‰])\s*",
    re.IGNORECASE,
)
DURATION = re.compile(r"\s*PT(?:([0-9]+)M)?([0-9]+(?:\.[0-9]+)?)S\s*")
"""Minutes and seconds as ISO 8601 writes them."""
OUT_OF = re.compile(r"\s*(?:out of|of|von|sur|de|di|van|av)\s*(100)\s*$", re.IGNORECASE)
MONEY = re.compile(r"^\s*(?:[$€£¥₹]|USD|EUR|GBP|CHF|JPY)\s*|\s*(?:[$€£¥₹]|USD|EUR|GBP|CHF|JPY)\s*$")
LAKHS = re.compile(r"(?<![0-9.,])([1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})(?![0-9,])")
REMARK = re.compile(r"\s*\([^()]*\)\s*$")
"""What stands in brackets behind a number: `0.04 (good)`."""
GROUPS = re.compile(r"(?<=[0-9])[ _'](?=[0-9]{3}(?![0-9]))")
ENGLISH = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2}(?:,[0-9]{3})+)(?![0-9,])")
CONTINENTAL = re.compile(
    r"(?<![0-9.,])([1-9][0-9]{0,2}(?:\.[0-9]{3})+),([0-9]+)|([1-9][0-9]{0,2}(?:\.[0-9]{3}){2,})(?![0-9.,])"
)
DECIMAL_COMMA = re.compile(r"(?<![0-9.,])([0-9]+),([0-9]+)(?![0-9.,])")
LOOKS_ALIKE = str.maketrans(
    {"\u2212": "-", "\u2019": "'", "\u066b": ".", "\u066c": "", "\uff05": "%", "\u066a": "%"}
)
"""The minus sign and the apostrophe of typography, the separators and the percent sign of other scripts."""
VALUE_NAMES = (
    "value",
    "score",
    "count",
    "total",
    "p75",
    "numericValue",
    "numeric_value",
    "raw",
    "amount",
)
TYPED_NAMES = frozenset(
    ["#text", "$t", "_text", "N", "numberValue", "integerValue", "doubleValue", "$numberInt", "$numberLong",
     "$numberDouble", "$numberDecimal"]
)  # fmt: skip
"""Names of the one field with which formats carry a number and its type, or the text of an element."""
INNER_NAMES = ("percentiles",)
"""Objects between a figure and its value, as in reports of real visitors."""
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Reading(NamedTuple):
    """A number in the catalog's unit; `note` says what was converted or stays in doubt (`doubtful`),
    `fault` why it cannot be meant."""

    number: Number
    note: str = ""
    fault: str = ""
    doubtful: bool = False


class Quantity(NamedTuple):
    """A number and the unit that came with it, "" where none did."""

    number: Number
    unit: str = ""


def number_of(value: Any) -> Number | None:
    """A finite number, or None; text and flags are none."""
    if type(value) is float:
        return value if math.isfinite(value) else None
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
        if len(fields) == 1 and not TYPED_NAMES.isdisjoint(fields):
            return quantity(_plain(next(iter(fields.values()))))
        inner = next((q for n in VALUE_NAMES if (q := quantity(_plain(fields.get(n))))), None)
        if inner is not None:
            return Quantity(inner.number, inner.unit or _unit_beside(fields))
        deeper = next((fields[n] for n in INNER_NAMES if isinstance(fields.get(n), dict)), None)
        return quantity(deeper) if deeper is not None else None
    return None


def _plain(value: Any) -> Any:
    return None if isinstance(value, dict) else value


def _quantity_in(text: str) -> Quantity | None:
    """A number that a person would read in a text, and its unit; None where it is anything else."""
    if len(text) >= 100:
        return None
    if duration := DURATION.fullmatch(text):
        return Quantity(60 * int(duration[1] or 0) + float(duration[2]), "s")
    match = NUMERAL.fullmatch(text) or NUMERAL.fullmatch(_plainly_written(text))
    if match is None:
        return None
    digits, word = match.groups()
    unit = _unit_of(word)
    number = number_of(int(digits) if digits.lstrip("+-").isdigit() else float(digits))
    return None if number is None or (word and not unit) else Quantity(number, unit)


def _unit_of(word: str) -> str:
    if word.startswith("/"):
        return "0-1" if word.endswith("1") else "0-100"
    return UNIT_WORDS.get(word.lower(), "") if word else ""


def _plainly_written(text: str) -> str:
    """A number without grouping, with a decimal point and the digits 0-9. A comma before exactly three
    digits groups thousands; any other comma is a decimal one."""
    text = unicodedata.normalize("NFKC", REMARK.sub("", text)).translate(LOOKS_ALIKE)
    text = "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text
    )
    text = MONEY.sub("", OUT_OF.sub(r"/\1", text), count=1)
    text = GROUPS.sub("", text)
    text = LAKHS.sub(lambda found: found[1].replace(",", ""), text)
    text = ENGLISH.sub(lambda found: found[1].replace(",", ""), text)
    text = CONTINENTAL.sub(_from_continental, text)
    return DECIMAL_COMMA.sub(r"\1.\2", text)


def _from_continental(found: re.Match[str]) -> str:
    whole, part, millions = found.groups()
    return f"{whole.replace('.', '')}.{part}" if whole else millions.replace(".", "")


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
        return _as_given(promised, given.number, marked=bool(unit))
    factor = FACTORS.get((unit, promised))
    if factor is None:
        return Reading(given.number, fault=f"Returned in {unit}; expected in {promised}.")
    return _within(
        promised, _times(given.number, factor), f"Returned as {given.number:g} in {unit}."
    )


def _as_given(promised: str, number: Number, *, marked: bool) -> Reading:
    doubt = promised == "0-100" and not marked and 0 < number <= 1
    note = f"{number:g} may be on a 0-1 scale; the response does not say." if doubt else ""
    return _within(promised, number, note)._replace(doubtful=doubt)


def _within(promised: str, number: Number, note: str) -> Reading:
    bound = UPPER_BOUND.get(promised)
    if bound is not None and not 0 <= number <= bound:
        return Reading(number, fault=f"{number:g} is outside {promised}.")
    return Reading(number, note)


def _times(number: Number, factor: float) -> Number:
    return round(number * factor, 9)
