"""What is true of the stand-ins' data, for tests and for people."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from hermes_sandbox.providers.demand import Demand, Figures, days, figures
from hermes_sandbox.providers.plan import PLANS, Fate
from hermes_sandbox.providers.visits import PATHS, Counted, Visits

FINAL_AFTER = timedelta(3)
"""Search Console's figures of a day are final three days later."""


@dataclass(frozen=True)
class Truth:
    """The demo site at `site`, with a history anchored at `anchor`."""

    site: str
    anchor: date

    @cached_property
    def demand(self) -> Demand:
        return Demand(self.site, self.anchor)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self.demand)

    def pages(self, fate: Fate) -> list[str]:
        """Addresses of the pages planted with this fate."""
        return [self.demand.site + plan.path for plan in PLANS if plan.fate == fate]

    def search(self, start: date, end: date, page: str = "") -> Figures:
        """Totals of these days, both included; of one page when its address is given."""
        facts = self.demand.facts(start, end)
        return figures(fact for fact in facts if page in ("", fact.page))

    def anonymised(self, start: date, end: date) -> Figures:
        """The part of the totals that no list of queries shows."""
        return figures(fact for fact in self.demand.facts(start, end) if fact.query is None)

    def analytics(self, start: date, end: date) -> Counted:
        """Visits of these days, both included."""
        return self.visits.counted(list(days(start, end)), PATHS)

    def as_json(self) -> dict[str, object]:
        """The planted pages and the totals of the last 28 final days, as JSON has them."""
        end = self.anchor - FINAL_AFTER
        start = end - timedelta(27)
        fates: tuple[Fate, ...] = ("decaying", "seasonal", "growing", "steady")
        return {
            "pages": {fate: self.pages(fate) for fate in fates},
            "last_28_days": {
                "start": start.isoformat(),
                "end": end.isoformat(),
                "search": self.search(start, end)._asdict(),
                "analytics": self.analytics(start, end)._asdict(),
            },
        }


def truth(site: str, today: date) -> Truth:
    """The truth of stand-ins started on this day for the demo site at this address."""
    return Truth(site, today)
