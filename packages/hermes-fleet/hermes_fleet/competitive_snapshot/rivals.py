"""Finding out who ranks: from the rank tracker's last run, from a provider, or from what was read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hermes_fleet.competitive_snapshot.plan import Plan
from hermes_fleet.competitive_snapshot.ranking import Ranking, of
from hermes_fleet.competitive_snapshot.reuse import Wanted, reusable
from hermes_fleet.hermes_api import earlier_runs
from hermes_fleet.http import Spent
from hermes_fleet.searching.engines import PROVIDERS, configured, provider
from hermes_fleet.searching.index import NAME, indexed
from hermes_fleet.searching.lookup import Lookup
from hermes_fleet.searching.results import Locale
from hermes_fleet.searching.site_reader import Reading
from hermes_fleet.searching.snapshots import SERVICE

Tell = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rivals:
    """One site's keywords, and the ways to learn who is found for them. `spent` adds up what that took."""

    site: str
    site_id: str | None
    plan: Plan
    locale: Locale
    spent: Spent

    async def known(self, homes: Sequence[str]) -> Ranking | None:
        """What an earlier run looked up with the engine that would be asked now."""
        opened = configured(self.site)
        engine = PROVIDERS[opened.name].name if opened else NAME
        wanted = Wanted(engine, self.locale, self.plan.keywords, self.plan.depth, homes)
        runs = await earlier_runs(SERVICE, self.site_id)
        return reusable(runs, wanted, datetime.now(UTC))

    async def asked(self, tell: Tell) -> Ranking | None:
        """What a provider says; None where none is configured."""
        async with provider(self.site) as engine:
            if engine is None:
                return None
            lookup = Lookup(engine, self.locale, self.plan.depth, tell, self.plan.patient)
            answers = await lookup.run(self.plan.keywords)
            self.spent.requests += engine.spent.requests
            self.spent.cost_usd = engine.spent.cost_usd
            return of(engine, answers)

    async def read(self, readings: Sequence[Reading], tell: Tell) -> Ranking:
        """What an index of these pages says."""
        async with indexed(readings) as engine:
            lookup = Lookup(engine, self.locale, self.plan.depth, tell)
            return of(engine, await lookup.run(self.plan.keywords))
