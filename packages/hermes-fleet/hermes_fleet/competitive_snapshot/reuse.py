"""Result pages that the rank tracker looked up lately need not be looked up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast, get_args

from hermes_fleet.competitive_snapshot.ranking import Ranking
from hermes_fleet.hermes_api import EarlierRun
from hermes_fleet.searching.results import Locale
from hermes_fleet.searching.snapshots import Snapshots, of_runs
from hermes_worker.result import Provenance

OLDEST = timedelta(days=7)


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
