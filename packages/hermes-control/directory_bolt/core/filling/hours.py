"""Opening hours, as one text and as answers of a row of fields."""

import re
from collections.abc import Mapping
from itertools import groupby

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = "closed"
RANGE = re.compile(r"(\d{1,2}:\d{2})\s*[-\u2013]\s*(\d{1,2}:\d{2})")


def as_text(hours: Mapping[str, str]) -> str:
    """ "Mon-Fri 07:00-18:00, Sat 08:00-13:00, Sun closed"; "" without hours."""
    known = [(day, hours[day]) for day in WEEK if hours.get(day)]
    parts = list[str]()
    for times, days in groupby(known, key=lambda entry: entry[1]):
        names = [day[:3].capitalize() for day, _ in days]
        parts.append(f"{names[0]}-{names[-1]} {times}" if len(names) > 1 else f"{names[0]} {times}")
    return ", ".join(parts)


def part_of(hours: Mapping[str, str], part: str) -> str:
    """The answer to "monday" (the whole day), "monday opens", "monday closes" or "monday closed"."""
    day, _, end = part.partition(" ")
    times = hours.get(day, "")
    if not end or times == CLOSED:
        return times if not end or end == CLOSED else ""
    found = RANGE.fullmatch(times.strip())
    if end not in ("opens", "closes") or not found:
        return ""
    return _padded(found[1] if end == "opens" else found[2])


def _padded(time: str) -> str:
    return time if len(time) == 5 else f"0{time}"


def minutes(text: str) -> int | None:
    """Minutes since midnight of "9:00 AM", "09:00", "9h30", "0930" or "17"; None for no time."""
    found = re.fullmatch(
        r"\s*(\d{1,2})(?:[:.h]?(\d{2}))?\s*(?:uhr)?\s*([ap])?\.?(?:m\.?)?\s*", text, re.IGNORECASE
    )
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + 12 * (found[3].lower() == "p")
    return hour * 60 + minute if hour <= 24 and minute < 60 else None
