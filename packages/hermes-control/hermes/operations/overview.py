"""All sites at once, from what is kept when runs end: a handful of statements, however many there are."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from asyncpg import Record

from hermes.core.catalog import Service
from hermes.core.runs.causes import SETTINGS
from hermes.core.sites.site import Site
from hermes.core.views.causes import failing_cause, setup_causes
from hermes.core.views.overview import Change, OverviewView, SiteRow, changes_of, totals
from hermes.core.views.standings import (
    SiteStanding,
    Wanting,
    setup_keys,
    site_standings,
    wanting,
)
from hermes.operations.history import History
from hermes.operations.scope import Scope
from hermes.storage import taken
from hermes.storage.runs import standings
from hermes.storage.runs.events import announce
from hermes_base.postgres import audit, database
from hermes_base.postgres.database import Connection, Reader
from hermes_base.problems import not_found

CAUSES = 20
"""Causes that are listed; the others are counted."""
SITES = 25
"""Sites on a page of the table."""
CHANGES = 10


class Overview:
    """What is broken, since when and who is on it; how every site stands."""

    def __init__(self, scope: Scope, history: History) -> None:
        self._scope = scope
        self._history = history

    async def read(self, page: int = 1) -> OverviewView:
        """Everything the overview shows, with one page of its table of sites."""
        scope, sites = self._scope, await self._scope.sites()
        services = scope.catalog.built
        want = wanting(services, sites, scope.vault.workers(scope.catalog))
        ids = [site.id for site in sites]
        async with database.snapshot(scope.reader) as reader:
            ranked = await self._standings(reader, sites, services, want)
            slugs = [service.slug for service in services]
            failing = await standings.causes(reader, ids, slugs, CAUSES)
            on_it = await taken.taken(reader, ids)
            changes = await self._changes(reader, sites, slugs)
            shown = ranked[(page - 1) * SITES : page * SITES]
            days = await self._history.of_sites([each.site.id for each in shown])
            all_days = await self._history.of_all(ids)
        by_id = {site.id: site for site in sites}
        setup = setup_causes(want, sites, {(row["site_id"], row["cause"]): row for row in on_it})
        listed = [failing_cause(row, by_id[row["site_id"]], scope.catalog) for row in failing]
        failed, found = _counts(failing)
        return OverviewView(
            totals=totals(ranked, failed, found - failed, len(setup)),
            causes=[*listed, *setup][:CAUSES],
            more_causes=max(0, found + len(setup) - CAUSES),
            sites=[
                SiteRow(each, days[each.site.id], _people(on_it, each.site.id)) for each in shown
            ],
            all_sites=len(sites),
            days=all_days,
            changes=changes,
        )

    async def standings(self) -> list[SiteStanding]:
        """How every site in sight stands, the most urgent first: the counts of its roll-up."""
        sites, services = await self._scope.sites(), self._scope.catalog.built
        want = wanting(services, sites, self._scope.vault.workers(self._scope.catalog))
        async with database.snapshot(self._scope.reader) as reader:
            return await self._standings(reader, sites, services, want)

    async def take(self, site_id: UUID, cause: str, actor: str) -> None:
        """Be on a cause, whoever was before. Raises `unknown_site`, `unknown_cause`."""
        async with self._scope.pool.acquire() as connection, connection.transaction():
            site = await self._scope.lock_site(connection, site_id)
            known = (
                cause in setup_keys_of(self._scope, site)
                if cause.startswith(SETTINGS)
                else await taken.is_cause(connection, site_id, cause)
            )
            if not known:
                raise not_found("unknown_cause", cause, "It may be gone already; reload the page.")
            await taken.take(connection, site_id, cause, actor, self._scope.clock())
            await audit.record(connection, actor, "cause_taken", site.name, site_id, cause=cause)
            await _announce(connection, site_id)

    async def give_back(self, site_id: UUID, cause: str, actor: str) -> None:
        """Nobody is on a cause any more. Raises `unknown_site`; that nobody was is no mistake."""
        site = await self._scope.site(site_id)
        async with self._scope.pool.acquire() as connection, connection.transaction():
            before = await taken.give_back(connection, site_id, cause)
            if before is not None:
                detail = {"cause": cause, "from": before}
                await audit.record(
                    connection, actor, "cause_given_back", site.name, site_id, **detail
                )
                await _announce(connection, site_id)

    async def _standings(
        self, reader: Reader, sites: Sequence[Site], services: Sequence[Service], want: Wanting
    ) -> list[SiteStanding]:
        ids, slugs = [site.id for site in sites], [service.slug for service in services]
        counted = await standings.counted(reader, ids, slugs)
        moving = await standings.under_way(reader, ids, slugs)
        return site_standings(sites, len(services), counted, moving, want)

    async def _changes(
        self, reader: Reader, sites: Sequence[Site], slugs: list[str]
    ) -> list[Change]:
        now = self._scope.clock().astimezone(UTC)
        today = datetime(now.year, now.month, now.day, tzinfo=UTC)
        by_id = {site.id: site for site in sites}
        rows = await standings.changed(reader, list(by_id), slugs, today, CHANGES)
        return [
            change
            for row in rows
            for change in changes_of(row, by_id[row["site_id"]], self._scope.catalog)
        ]


async def _announce(connection: Connection, site_id: UUID) -> None:
    """Open pages read who is on it; no verdict moved, so nothing else has to be looked at."""
    await announce(
        connection, [{"jobId": None, "siteId": site_id, "closed": False, "services": []}]
    )


def setup_keys_of(scope: Scope, site: Site) -> set[str]:
    """The causes of a site that are settings it lacks, with the secrets there are now."""
    return setup_keys(scope.catalog.built, site, scope.vault.workers(scope.catalog))


def _counts(failing: list[Record]) -> tuple[int, int]:
    """(causes with a failed service, all causes), also those beyond the limit."""
    return (failing[0]["failed_causes"], failing[0]["all_causes"]) if failing else (0, 0)


def _people(on_it: list[Record], site_id: UUID) -> tuple[str, ...]:
    found = (row["person"] for row in on_it if row["site_id"] == site_id)
    return tuple(dict.fromkeys(found))
