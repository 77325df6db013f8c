"""Whole days, as Google counts them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Self

PACIFIC = timezone(
    timedelta(hours=-8)
)  # an hour's difference in summer is nothing to figures days old
PACIFIC_NAME = "America/Los_Angeles"
LONGEST_DAYS = 486  # Search Console keeps 16 months


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> Self:
        return cls(last - timedelta(days=days - 1), last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def earlier(self, days: int) -> "Period":
        """The period of the same length, so many days before."""
        back = timedelta(days=days)
        return Period(self.first - back, self.last - back)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def payload(self) -> dict[str, str]:
        return {"first_day": self.first.isoformat(), "last_day": self.last.isoformat()}


def utc_now() -> datetime:
    """What workers of figures take for now."""
    return datetime.now(UTC)


def days_ago(now: datetime, days: int) -> date:
    """The day so many days before today, where Search Console's days begin and end."""
    return now.astimezone(PACIFIC).date() - timedelta(days=days)
