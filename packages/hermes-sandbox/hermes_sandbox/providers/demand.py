"""Search traffic of the demo site, day by day: the same for the same anchor, whenever it is asked for."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

from hermes_sandbox.providers.plan import HISTORY_DAYS, PLANS, Plan, position, strength

SHARES = (0.4, 0.25, 0.15)
ANONYMISED = 0.2
"""The part of the demand that the list of queries leaves out, as Google does with rare searches."""
WEEK = (1.1, 1.12, 1.08, 1.04, 0.96, 0.82, 0.88)
DEVICES = ("MOBILE",) * 6 + ("DESKTOP",) * 3 + ("TABLET",)
COUNTRIES = ("usa",) * 9 + ("can",)


class Fact(NamedTuple):
    """One page for one query on one day. `query` None: anonymised."""

    day: date
    page: str
    query: str | None
    country: str
    device: str
    clicks: int
    impressions: int
    position: float


class Demand:
    """The history that ends around `anchor` and goes on after it. Pages stand below `site`."""

    def __init__(self, site: str, anchor: date) -> None:
        self.site, self.anchor = site.rstrip("/"), anchor
        self.facts_of = cache(self._facts_of)

    @property
    def first_day(self) -> date:
        return self.anchor - timedelta(HISTORY_DAYS)

    def facts(self, start: date, end: date) -> Iterator[Fact]:
        """Every fact of these days, both included, nothing before the history begins."""
        for day in days(max(start, self.first_day), end):
            yield from self.facts_of(day)

    def _facts_of(self, day: date) -> tuple[Fact, ...]:
        return tuple(fact for plan in PLANS for fact in self._page(plan, day))

    def _page(self, plan: Plan, day: date) -> Iterator[Fact]:
        since = (day - self.anchor).days
        demand = plan.impressions * strength(plan.fate, since) * WEEK[day.weekday()]
        main = position(plan, since)
        asked = zip((*plan.queries, None), (*SHARES, ANONYMISED), strict=True)
        for place, (query, share) in enumerate(asked):
            noise, luck, who, where = throws(plan.path, query or "", since)
            impressions = round(demand * share * (0.9 + 0.2 * noise))
            stands = round(max(1.0, main + 0.4 * place + (where - 0.5)), 1)
            clicks = min(impressions, int(impressions * click_share(stands) + luck))
            country, device = (
                COUNTRIES[int(where * len(COUNTRIES))],
                DEVICES[int(who * len(DEVICES))],
            )
            if impressions:
                url = self.site + plan.path
                yield Fact(day, url, query, country, device, clicks, impressions, stands)


def days(start: date, end: date) -> Iterator[date]:
    """Every day from `start` to `end`, both included."""
    return (start + timedelta(count) for count in range((end - start).days + 1))


def click_share(position: float) -> float:
    """Clicks for each impression at a position: a plain falling curve, nobody's measurement."""
    return 0.3 / position**0.9


def throws(*seed: str | int) -> tuple[float, float, float, float]:
    """Four numbers from 0 to under 1 that follow from the seed."""
    digest = blake2b("/".join(map(str, seed)).encode(), digest_size=16).digest()
    first, second, third, fourth = (
        int.from_bytes(digest[at : at + 4], "big") / 2**32 for at in (0, 4, 8, 12)
    )
    return first, second, third, fourth


class Figures(NamedTuple):
    """What Search Console says of a group of facts."""

    clicks: int
    impressions: int
    ctr: float
    position: float


def figures(facts: Iterable[Fact]) -> Figures:
    """Sums, and the position weighted by impressions; zeros for no facts."""
    clicks = impressions = 0
    weight = 0.0
    for fact in facts:
        clicks += fact.clicks
        impressions += fact.impressions
        weight += fact.position * fact.impressions
    if not impressions:
        return Figures(0, 0, 0.0, 0.0)
    return Figures(clicks, impressions, clicks / impressions, weight / impressions)
