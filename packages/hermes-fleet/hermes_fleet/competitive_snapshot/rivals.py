"""Finding out who ranks: from the rank tracker's last run, from a provider, or from what was read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast, get_args

from hermes_fleet.competitive_snapshot.ranking import Ranking, of
from hermes_fleet.competitive_snapshot.scope import SnapshotScope
from hermes_fleet.hermes_api import EarlierRun, earlier_runs
from hermes_fleet.http import Spent
from hermes_fleet.searching.engines import PROVIDERS, configured, provider
from hermes_fleet.searching.index import NAME, indexed
from hermes_fleet.searching.lookup import Lookup
from hermes_fleet.searching.results import Locale
from hermes_fleet.searching.site_reader import Reading
from hermes_fleet.searching.snapshots import SERVICE, Snapshots, of_runs
from hermes_worker.result import Provenance

OLDEST = timedelta(days=7)  # of result pages that need not be looked up again
Progress = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rivals:
    """One site's keywords, and the ways to learn who is found for them. `spent` adds up what that took."""

    site: str
    site_id: str | None
    scope: SnapshotScope
    locale: Locale
    spent: Spent

    async def known(self, homes: Sequence[str]) -> Ranking | None:
        """What an earlier run looked up with the engine that would be asked now."""
        opened = configured(self.site)
        engine = PROVIDERS[opened.name].name if opened else NAME
        wanted = Wanted(engine, self.locale, self.scope.keywords, self.scope.depth, homes)
        runs = await earlier_runs(SERVICE, self.site_id)
        return reusable(runs, wanted, datetime.now(UTC))

    async def asked(self, progress: Progress) -> Ranking | None:
        """What a provider says; None where none is configured."""
        async with provider(self.site) as engine:
            if engine is None:
                return None
            lookup = Lookup(engine, self.locale, self.scope.depth, progress, self.scope.patient)
            answers = await lookup.run(self.scope.keywords)
            self.spent.requests += engine.spent.requests
            self.spent.cost_usd = engine.spent.cost_usd
            return of(engine, answers)

    async def read(self, readings: Sequence[Reading], progress: Progress) -> Ranking:
        """What an index of these pages says."""
        async with indexed(readings) as engine:
            lookup = Lookup(engine, self.locale, self.scope.depth, progress)
            return of(engine, await lookup.run(self.scope.keywords))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be known: from which engine, for which keywords, over which sites where that matters."""

    engine: str
    locale: Locale
    keywords: Sequence[str]
    depth: int
    homes: Sequence[str]


def reusable(runs: Sequence[EarlierRun] | None, wanted: Wanted, now: datetime) -> Ranking | None:
    """The newest result pages that answer it and are at most OLDEST; None where there are none."""
    for run, kept in of_runs(runs or ()):
        if run.finished_at >= now - OLDEST and _answers(kept, wanted):
            return _ranking(run, kept, wanted)
    return None


def _answers(kept: Snapshots, wanted: Wanted) -> bool:
    pages = kept.by_keyword
    return (
        kept.engine == wanted.engine
        and kept.locale == wanted.locale
        and kept.provenance in get_args(Provenance)
        and all(k.casefold() in pages for k in wanted.keywords)
        and all(pages[k.casefold()].depth >= wanted.depth for k in wanted.keywords)
        and (not kept.homes or set(wanted.homes) <= set(kept.homes))
    )


def _ranking(run: EarlierRun, kept: Snapshots, wanted: Wanted) -> Ranking:
    pages = [kept.by_keyword[keyword.casefold()].page() for keyword in wanted.keywords]
    scope = {"index": kept.index} if kept.index else {}
    return Ranking(
        kept.engine, cast("Provenance", kept.provenance), pages, scope, taken_from=run.run_id
    )
