"""What is known of the services of a site: the table, one service whole, who is unwell."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from hermes.core.catalog import RUN_TYPES, RunType
from hermes.core.runs.run_filter import RunFilter
from hermes.core.sites.site import Site
from hermes.core.views import (
    CatalogService,
    HealthSummary,
    IntegrationsView,
    JobView,
    ServiceRow,
    ServiceView,
    catalog_service,
    health_summary,
    next_actions,
    roll_up,
    service_row,
    service_view,
    site_view,
)
from hermes.core.views.history import NEWEST
from hermes.core.views.standings import Wanting, site_standings
from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes.operations.jobs import newest_jobs
from hermes.operations.platform import Platform
from hermes.operations.scope import Scope
from hermes.storage.runs import listing, output_history, reading, standings
from hermes_base.postgres import database
from hermes_base.postgres.database import Reader

JOBS_SHOWN = 6


class Integrations:
    """The services of the catalog, and how they stand at a site."""

    def __init__(self, scope: Scope, platform: Platform) -> None:
        self._scope = scope
        self._platform = platform

    def catalog(self) -> list[CatalogService]:
        """The whole catalog, without any site's state."""
        return [catalog_service(service) for service in self._scope.catalog]

    async def table(self, site_id: UUID) -> IntegrationsView:
        """The rows, the roll-up, the platform strip, the newest jobs, and what to do next.

        Raises `unknown_site`.
        """
        site = await self._scope.site(site_id)
        (rows, recent), platform = await asyncio.gather(
            self._rows_and_jobs(site), self._platform.measure()
        )
        now = self._scope.clock()
        return IntegrationsView(
            site=site_view(site),
            generated_at=now,
            roll_up=roll_up(rows),
            services=rows,
            platform=platform,
            jobs=recent,
            next_actions=next_actions(site_id, rows, now),
        )

    async def _rows_and_jobs(self, site: Site) -> tuple[list[ServiceRow], list[JobView]]:
        """Read from one snapshot: a job is over when its rows are."""
        async with database.snapshot(self._scope.reader) as reader:
            rows = await self._rows(reader, site)
            return rows, await newest_jobs(self._scope, reader, site.id, JOBS_SHOWN)

    async def service(self, site_id: UUID, name: str, history: int = 20) -> ServiceView:
        """One service with its newest runs and the history of its outputs.

        Raises `unknown_site`, `unknown_service`.
        """
        scope = self._scope
        site = await scope.site(site_id)
        service = scope.catalog.service(name)
        config = scope.vault.worker(service) if service.integration_type == "worker" else None
        async with database.snapshot(scope.reader) as reader:
            latest = await _latest(reader, site_id, [service.slug])
            past = await listing.runs(reader, site_id, RunFilter(service.slug), history)
            outputs = await output_history.history_of_outputs(
                reader, site_id, service.slug, service.expected_outputs, NEWEST
            )
        found = {s.name: scope.vault.source_of(s.name) for s in service.requires_secrets}
        print_of_key = fingerprint(config.key) if isinstance(config, WorkerConfig) else None
        return service_view(service, site, config, latest, past, print_of_key, found, outputs)

    async def unwell(self, site_id: UUID) -> int:
        """How many services failed or are partial, as the roll-up counts them. Raises `unknown_site`."""
        site = await self._scope.site(site_id)
        slugs = [service.slug for service in self._scope.catalog.built]
        async with database.snapshot(self._scope.reader) as reader:
            counted = await standings.counted(reader, [site_id], slugs)
            moving = await standings.under_way(reader, [site_id], slugs)
        (found,) = site_standings([site], len(slugs), counted, moving, Wanting((), {}))
        return found.failed + found.partial

    async def health(self, site_id: UUID) -> HealthSummary:
        """Who fails, who is partial, what is missing most: from the rows of the table.

        Raises `unknown_site`.
        """
        site = await self._scope.site(site_id)
        async with database.snapshot(self._scope.reader) as reader:
            rows = await self._rows(reader, site)
        return health_summary(str(site_id), rows, self._scope.clock())

    async def _rows(self, reader: Reader, site: Site) -> list[ServiceRow]:
        catalog = self._scope.catalog
        configs = self._scope.vault.workers(catalog)
        latest = await _latest(reader, site.id, [s.slug for s in catalog.workers])
        return [service_row(s, site, configs[s.slug], latest) for s in catalog.workers]


async def _latest(
    reader: Reader, site_id: UUID, slugs: Sequence[str]
) -> dict[RunType, dict[str, Record]]:
    return {t: await reading.latest_runs(reader, site_id, t, slugs) for t in RUN_TYPES}
