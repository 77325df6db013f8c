"""Result pages kept beside a run, for later runs of this worker and of others."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from hermes_fleet.hermes_api import EarlierRun
from hermes_fleet.searching.engine import Engine
from hermes_fleet.searching.results import Hit, Locale, ResultPage

ARTIFACT = "serp_snapshots"
SERVICE = "serp_intel"
MOST_KEPT = 20  # results of a keyword; 500 keywords then stay well below the limit of an artifact


class KeptPage(BaseModel):
    """One keyword: `site` is the site's own best result, None when it is not within `depth`."""

    keyword: str
    at: datetime
    depth: int
    location: str | None
    device: str | None
    results: list[Hit]
    site: Hit | None

    def page(self) -> ResultPage:
        """As it was looked up, as far as it was kept."""
        hits = tuple(self.results)
        return ResultPage(self.keyword, self.at, self.depth, hits, self.location, self.device)


class Snapshots(BaseModel):
    """What one run looked up: by which engine, in which locale, over which index of which sites."""

    engine: str
    provenance: str
    locale: Locale
    index: dict[str, Any] | None = None
    homes: list[str] = []
    pages: list[KeptPage]

    @property
    def by_keyword(self) -> dict[str, KeptPage]:
        """Its pages; upper and lower case are the same keyword."""
        return {each.keyword.casefold(): each for each in self.pages}


def kept(engine: Engine, locale: Locale, pages: Sequence[ResultPage], site: str) -> Snapshots:
    """What a run keeps of its result pages for the next one to compare with."""
    return Snapshots(
        engine=engine.name,
        provenance=engine.provenance,
        locale=locale,
        index=engine.scope.get("index"),
        homes=list(engine.homes),
        pages=[page_kept(page, site, MOST_KEPT) for page in pages],
    )


def page_kept(page: ResultPage, site: str, most: int) -> KeptPage:
    """One page with its first `most` results."""
    return KeptPage(
        keyword=page.keyword,
        at=page.at.astimezone(UTC),
        depth=page.depth,
        location=page.location,
        device=page.device,
        results=list(page.hits[:most]),
        site=page.own(site),
    )


def found_in(artifacts: Mapping[str, Any]) -> Snapshots | None:
    """What an earlier run left; None when it left nothing that can be read."""
    try:
        return Snapshots.model_validate(artifacts[ARTIFACT])
    except (KeyError, ValidationError):
        return None


def of_runs(runs: Sequence[EarlierRun]) -> list[tuple[EarlierRun, Snapshots]]:
    """The runs that left result pages, in the order given."""
    return [(run, found) for run in runs if (found := found_in(run.artifacts)) is not None]
