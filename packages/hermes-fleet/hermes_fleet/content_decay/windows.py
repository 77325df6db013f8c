"""The four periods that are compared."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from hermes_fleet.google.dates import Period

DAYS = 28
YEAR = 364  # 52 whole weeks, so that weekdays meet weekdays
LATE = 4  # days without any figure at the end that are taken for Google's lag, not for a loss


@dataclass(frozen=True, slots=True)
class Windows:
    """Now, the same length just before, and both a year ago."""

    now: Period
    before: Period
    year_ago: Period
    year_before: Period

    @classmethod
    def ending(cls, last: date) -> Self:
        now = Period.ending(last, DAYS)
        before = now.earlier(DAYS)
        return cls(now, before, now.earlier(YEAR), before.earlier(YEAR))

    def named(self) -> dict[str, Period]:
        return {
            "now": self.now,
            "before": self.before,
            "year_ago": self.year_ago,
            "year_before": self.year_before,
        }


def last_day(last_seen: date, final: date) -> date:
    """Where the newest period ends: `final`, or a little earlier when Google's figures are late."""
    return last_seen if 0 <= (final - last_seen).days <= LATE else final
