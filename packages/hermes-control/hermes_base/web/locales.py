"""Numbers, dates and times in the formats of the reader: what `Accept-Language` prefers, else English.

English is written as it always was: its formats are the ones that hermes.js, the API and the command line share.
"""

from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton, format_time
from babel.numbers import format_decimal

ENGLISH = Locale("en")
LONGEST_HEADER = 200
"""Characters of a header that are read; what browsers send is shorter."""
_reader: ContextVar[Locale] = ContextVar("reader", default=ENGLISH)


def remember(header: str) -> None:
    """Set the formats of the current request from its `Accept-Language`."""
    _reader.set(preferred(header[:LONGEST_HEADER]) if header else ENGLISH)


@lru_cache(maxsize=256)
def preferred(header: str) -> Locale:
    """The first locale of an `Accept-Language`, by its weights, that has formats; else English."""
    for name in _by_weight(header):
        try:
            return Locale.parse(name, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return ENGLISH


def _by_weight(header: str) -> list[str]:
    """Its language tags, the most wanted first; one of weight 0 is not wanted at all."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        name, _, given = part.strip().partition(";q=")
        try:
            weight = float(given or 1)
        except ValueError:
            continue
        if name and weight > 0:
            weighted.append((weight, name))
    return [name for _, name in sorted(weighted, key=lambda each: -each[0])]


def number(value: float) -> str:
    """`1,234.5`; `1.234,5` for a German reader. Every digit is kept."""
    if _english():
        return f"{value:,}"
    return format_decimal(value, locale=_reader.get(), decimal_quantization=False)


def short(value: float) -> str:
    """A number without zeros at its end: `84`, `2.5`; at most six figures that count."""
    text = f"{value:g}"
    return text if _english() or "e" in text else number(float(text))


def fixed(value: float, places: int) -> str:
    """A number with so many decimal places: `2.4`; `2,4` for a German reader."""
    text = f"{value:.{places}f}"
    pattern = f"0.{'0' * places}" if places else "0"
    return text if _english() else format_decimal(float(text), pattern, _reader.get())


def moment(at: datetime) -> str:
    """`2026-11-21 09:00:00 UTC`; `21.11.2026, 09:00:00 UTC` for a German reader."""
    utc = at.astimezone(UTC)
    if _english():
        return utc.strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{format_datetime(utc, 'medium', locale=_reader.get())} UTC"


def day_and_time(at: datetime) -> str:
    """`21 Nov, 09:00`, in UTC."""
    utc = at.astimezone(UTC)
    if _english():
        return utc.strftime("%d %b, %H:%M")
    day = format_skeleton("MMMd", utc, locale=_reader.get())
    return f"{day}, {format_time(utc, 'short', locale=_reader.get())}"


def _english() -> bool:
    return _reader.get().language == "en"
