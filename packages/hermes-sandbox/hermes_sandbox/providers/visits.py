"""Visits to the demo site as an analytics product counts them, worked out from its search traffic."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from hermes_sandbox.providers.demand import Demand, throws
from hermes_sandbox.providers.plan import PLANS

RETURN_AFTER = timedelta(7)
RETURNING = 5
"""Every fifth new visitor of a day comes back a week later."""
TWICE = 9
"""Every ninth visitor of a day starts a second session."""
KEY_EVENTS = 0.025


class Counted(NamedTuple):
    """Figures of one group of days and landing pages."""

    sessions: int
    totalUsers: int  # noqa: N815  (the metric's own name)
    keyEvents: int  # noqa: N815
    screenPageViews: int  # noqa: N815


class Visits:
    """Daily visits by landing page (a path)."""

    def __init__(self, demand: Demand) -> None:
        self.demand = demand
        self._newcomers = cache(self._newcomers_of)

    def counted(self, days: Collection[date], paths: Iterable[str]) -> Counted:
        """Sums; a visitor who comes on two of the days is one user."""
        groups = [(day, path) for path in paths for day in days]
        sessions = sum(self._sessions(*group) for group in groups)
        users = sum(self._users(day, path, days) for day, path in groups)
        events = sum(self._key_events(*group) for group in groups)
        return Counted(sessions, users, events, sessions * 2 + sessions // 4)

    def _users(self, day: date, path: str, days: Collection[date]) -> int:
        """Newcomers of the day, and those returning whose first visit was on none of the days."""
        seen_before = day - RETURN_AFTER in days
        return self._newcomers(day, path) + (0 if seen_before else self._returning(day, path))

    def _sessions(self, day: date, path: str) -> int:
        visitors = self._newcomers(day, path) + self._returning(day, path)
        return visitors + visitors // TWICE

    def _key_events(self, day: date, path: str) -> int:
        luck = throws("key events", path, (day - self.demand.anchor).days)[0]
        return int(self._sessions(day, path) * KEY_EVENTS + luck)

    def _returning(self, day: date, path: str) -> int:
        return self._newcomers(day - RETURN_AFTER, path) // RETURNING

    def _newcomers_of(self, day: date, path: str) -> int:
        """Everyone who clicked in a search, and some who came another way."""
        if day < self.demand.first_day:
            return 0
        page = self.demand.site + path
        clicks = sum(fact.clicks for fact in self.demand.facts_of(day) if fact.page == page)
        other = 4 + int(6 * throws("visits", path, (day - self.demand.anchor).days)[0])
        return clicks + other


PATHS = tuple(plan.path for plan in PLANS)
