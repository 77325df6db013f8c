"""How services and sites did over the last days."""

from collections.abc import Sequence
from datetime import UTC, date
from uuid import UUID

from asyncpg import Record

from hermes.core.catalog import RunType
from hermes.core.views.days import DaysView, days_view, first_day
from hermes.operations.scope import Scope
from hermes.storage.runs import daily


class History:
    """Verdicts by day, from counts that are kept when a run ends: it costs the same after ten million runs."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def of_services(self, site_id: UUID, run_type: RunType = "smoke") -> dict[str, DaysView]:
        """The last 30 days of each service of a site that has any. Raises `unknown_site`."""
        await self._scope.site(site_id)
        today = self._today()
        rows = await daily.days(self._scope.reader, [site_id], run_type, first_day(today))
        by_service: dict[str, list[Record]] = {}
        for row in rows:
            by_service.setdefault(row["service_slug"], []).append(row)
        return {slug: days_view(found, today) for slug, found in by_service.items()}

    async def of_sites(
        self, sites: Sequence[UUID], run_type: RunType = "smoke"
    ) -> dict[UUID, DaysView]:
        """The last 30 days of each of these sites, all services together."""
        today = self._today()
        rows = await daily.days_of_sites(self._scope.reader, sites, run_type, first_day(today))
        by_site: dict[UUID, list[Record]] = {site: [] for site in sites}
        for row in rows:
            by_site[row["site_id"]].append(row)
        return {site: days_view(found, today) for site, found in by_site.items()}

    async def of_all(self, sites: Sequence[UUID], run_type: RunType = "smoke") -> DaysView:
        """The last 30 days of these sites, all together."""
        today = self._today()
        rows = await daily.days_of_all(self._scope.reader, sites, run_type, first_day(today))
        return days_view(rows, today)

    def _today(self) -> date:
        return self._scope.clock().astimezone(UTC).date()
