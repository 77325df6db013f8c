"""When: the moments and periods that an answer tells of itself, held against the time of its run."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, cast

from hermes.core.contracts.reading import squashed
from hermes.core.truth.asked import Asked
from hermes.core.truth.ends import Echo
from hermes_base.reasons import Reason

Fields = Mapping[str, Any]

STARTS = frozenset(
    ["start", "startdate", "from", "since", "firstday", "begin", "datefrom", "periodstart"]
)
ENDS = frozenset(["end", "enddate", "to", "until", "lastday", "through", "dateto", "periodend"])
OLD = timedelta(hours=1)
DAYS_BEHIND = timedelta(days=31)
"""How old the data of providers may be that say of which day it is."""
AHEAD = timedelta(minutes=10)
LATE_DAYS, EARLY_DAYS = 7, 2
"""A period may end so many days before the one that was asked for, and so many after today."""
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SLASHED = re.compile(r"^(\d{4})/(\d{2})/(\d{2})")
DOTTED = re.compile(r"^(\d{2})\.(\d{2})\.(\d{4})")


def time_echo(name: str, value: Any, asked: Asked, old: timedelta = OLD) -> Echo | None:
    """A moment that the answer tells of itself, against the time of the run."""
    told = moment_of(value)
    if told is None or asked.now is None:
        return None
    whole_day = isinstance(value, str) and bool(DATE.fullmatch(value.strip()))
    at = told - asked.skew
    slack = timedelta(days=1) if whole_day else timedelta(0)
    if at + slack < asked.started_at - old:
        return Echo(
            Reason.STALE_ANSWER,
            "times",
            "The response is older than the run that requested it.",
            {name: value},
        )
    if at > asked.now + AHEAD + slack:
        return Echo(
            Reason.IMPLAUSIBLE, "times", "The response is dated in the future.", {name: value}
        )
    return None


def moment_of(value: Any) -> datetime | None:
    """A moment in ISO 8601, as HTTP writes it, in a day with slashes or dots, or in seconds or milliseconds
    since 1970; None where it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        return datetime.fromtimestamp(seconds, UTC) if 1e9 < seconds < 1e10 else None
    if not isinstance(value, str) or not 8 <= len(value.strip()) <= 40:
        return None
    text = DOTTED.sub(r"\3-\2-\1", value.strip())
    text = SLASHED.sub(r"\1-\2-\3", text)
    try:
        found = parsedate_to_datetime(text) if text[0].isalpha() else datetime.fromisoformat(text)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def period_echo(period: Fields, asked: Asked) -> Echo | None:
    """The period that an answer is about, against the one that was requested."""
    start, end = _day(period, STARTS), _day(period, ENDS)
    if asked.now is None or (start is None and end is None):
        return None
    last = end or start
    if last and last > asked.now + timedelta(days=EARLY_DAYS):
        return Echo(Reason.IMPLAUSIBLE, "period", "The period is in the future.", dict(period))
    days, back = asked.payload.get("days"), asked.payload.get("end_days_ago", 0)
    if not isinstance(days, int | float) or not isinstance(back, int | float) or last is None:
        return None
    first_asked = asked.now - timedelta(days=days + back + LATE_DAYS)
    if last < first_asked:
        return Echo(
            Reason.STALE_ANSWER,
            "period",
            "The period is not the requested one.",
            dict(period),
        )
    return None


def _day(period: Fields, names: frozenset[str]) -> datetime | None:
    return next(
        (moment_of(value) for name, value in period.items() if squashed(name) in names), None
    )


def stale_row(form: Any, name: str, hours: float, asked: Asked) -> tuple[Reason, Any] | None:
    """A row that was measured long before the run, or will be: (reason, what it says)."""
    rows: Sequence[Any] = cast("list[Any]", form) if isinstance(form, list) else [form]
    told = [
        (at, value)
        for row in rows
        if isinstance(row, dict)
        and (value := cast("Fields", row).get(name)) is not None
        and (at := moment_of(value)) is not None
    ]
    if asked.now is None or not told:
        return None
    earliest = asked.started_at - timedelta(hours=hours) + asked.skew
    latest = asked.now + timedelta(days=1) + asked.skew
    for at, value in told:
        if at < earliest:
            return Reason.STALE_ANSWER, {name: value}
        if at > latest:
            return Reason.IMPLAUSIBLE, {name: value}
    return None
