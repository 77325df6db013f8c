"""Alerts of services that fail again and again, as people read them."""

from uuid import UUID

from hermes.core.views.alerts import AlertView, alert_view
from hermes.operations.scope import Scope
from hermes.storage import alerts, windows

CLOSED = 20


class Alerts:
    """Open alerts, and those that closed last."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def of(self, site_id: UUID) -> list[AlertView]:
        """Open alerts of a site, then those that closed last. Raises `unknown_site`."""
        await self._scope.site(site_id)
        return await self._views(site_id)

    async def all(self) -> list[AlertView]:
        """Open alerts of all sites in sight, then those that closed last."""
        seen = {site.id for site in await self._scope.sites()}
        return [each for each in await self._views(None) if each.site_id in seen]

    async def open_count(self) -> int:
        """How many alerts are open at the sites in sight."""
        return await alerts.open_at(self._scope.reader, self._scope.only_site)

    async def _views(self, site_id: UUID | None) -> list[AlertView]:
        now = self._scope.clock()
        rows = await alerts.alerts(self._scope.reader, site_id, CLOSED)
        muted = await windows.open_windows(self._scope.reader, now)
        rule = await alerts.rule(self._scope.reader)
        return [alert_view(row, self._scope.catalog, muted, rule, now) for row in rows]
