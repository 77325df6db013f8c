"""All sites at once: what is broken and why, how each site stands, what changed since yesterday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hermes.core.catalog import Catalog
from hermes.core.sites.site import Site
from hermes.core.views.causes import CauseRow, listed
from hermes.core.views.days import DaysView
from hermes.core.views.standings import SiteStanding
from hermes_base.view import Row


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in the table: how it stands, its last 30 days, and who is on what is wrong there."""

    standing: SiteStanding
    days: DaysView
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Outputs of a service that the newest run of today lost or gained, compared with the last run before."""

    kind: Literal["lost", "gained"]
    outputs: str
    service: str
    site: str
    link: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What the heading counts: causes by state beyond those that are listed, and services of all sites."""

    failed: int
    partial: int
    config: int
    services: int
    passed: int
    running: int
    not_tested: int
    judged_at: datetime | None

    @property
    def broken(self) -> str:
        """`2 broken`; "" where nothing is."""
        return f"{self.failed} broken" if self.failed else ""

    @property
    def rest(self) -> str:
        """What else the one sentence says: `2 partial, 1 needs setup`, or `All 14 services passed`."""
        said = [f"{self.partial} partial"] if self.partial else []
        if self.config:
            said.append(f"{self.config} {'needs' if self.config == 1 else 'need'} setup")
        if self.failed or said:
            return ", ".join(said)
        if self.running:
            return f"{self.running} of {self.services} services running"
        if self.services and self.passed == self.services:
            return f"All {self.services} services passed"
        if not self.passed:
            return "Nothing tested yet"
        return f"{self.passed} of {self.services} services passed, {self.services - self.passed} not tested"


@dataclass(frozen=True, slots=True)
class OverviewView:
    """Everything the overview shows; `sites` is the page that was asked for, of `all_sites`."""

    totals: Totals
    causes: list[CauseRow]
    more_causes: int
    sites: list[SiteRow]
    all_sites: int
    days: DaysView
    changes: list[Change]


def changes_of(row: Row, site: Site, catalog: Catalog) -> list[Change]:
    """What one row of `storage.runs.standings.changed` lost, then what it gained."""
    service = catalog.find(row["service_slug"])
    now, before = set(row["delivered"]), set(row["before"])
    found: list[Change] = []
    kinds: tuple[tuple[Literal["lost", "gained"], set[str]], ...] = (
        ("lost", before - now),
        ("gained", now - before),
    )
    for kind, slugs in kinds:
        if slugs and service:
            labels = [service.label(slug) for slug in sorted(slugs)]
            link = f"/runs/{row['judged_run']}"
            found.append(Change(kind, listed(labels), service.name, site.name, link))
    return found


def totals(standings: Sequence[SiteStanding], failed: int, partial: int, config: int) -> Totals:
    """Causes by state, and services of all sites."""
    judged = [each.judged_at for each in standings if each.judged_at]
    return Totals(
        failed=failed,
        partial=partial,
        config=config,
        services=sum(each.built for each in standings),
        passed=sum(each.passed for each in standings),
        running=sum(each.running for each in standings),
        not_tested=sum(each.not_tested for each in standings),
        judged_at=max(judged, default=None),
    )
