"""Maintenance windows, and the rule by which alerts open and close."""

from datetime import timedelta
from uuid import UUID

from hermes.core.alerts import AlertRule, WindowInput
from hermes.core.views.alerts import WindowView, window_view
from hermes.operations.scope import Scope
from hermes.storage import alerts, windows
from hermes_base.postgres import audit
from hermes_base.problems import not_found
from hermes_base.typed import wrong

LONGEST_PAST = timedelta(minutes=5)
"""How far in the past a window may begin: "now", by the clock of whoever typed it."""


class Maintenance:
    """Times in which alerts are shown and nobody is called."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def windows(self) -> list[WindowView]:
        """Windows that are open or ahead, of sites that one may see."""
        seen = {None, *(site.id for site in await self._scope.sites())}
        now, catalog = self._scope.clock(), self._scope.catalog
        rows = await windows.windows(self._scope.pool, now)
        mine = [row for row in rows if row["site_id"] in seen]
        return [window_view(row, windows.window_of(row, now), catalog, now) for row in mine]

    async def add(self, wanted: WindowInput, actor: str) -> WindowView:
        """Plan a window, of one site or all. Raises `invalid_request`, `unknown_site`."""
        scope, now = self._scope, self._scope.clock()
        service = scope.catalog.find(wanted.service) if wanted.service else None
        if wanted.service and service is None:
            raise wrong([("service", f"there is no service {wanted.service!r} in the catalog")])
        if wanted.starts_at < now - LONGEST_PAST:
            raise wrong([("startsAt", "is in the past; choose now or later")])
        site = await scope.site(wanted.site_id) if wanted.site_id else None
        async with scope.pool.acquire() as connection, connection.transaction():
            added = await windows.add_window(
                connection, wanted.site_id, service.slug if service else None, wanted.starts_at,
                wanted.ends_at, wanted.reason, actor, now, wanted.repeats, wanted.time_zone,
            )  # fmt: skip
            await audit.record(
                connection, actor, "maintenance_added", site.name if site else "all sites",
                wanted.site_id, service=service.slug if service else "all services",
                startsAt=wanted.starts_at.isoformat(), endsAt=wanted.ends_at.isoformat(),
                repeats=wanted.repeats, reason=wanted.reason,
            )  # fmt: skip
        return next(each for each in await self.windows() if each.id == added)

    async def end(self, window_id: UUID, actor: str) -> None:
        """End a window now. Raises `unknown_window`."""
        found = next((each for each in await self.windows() if each.id == window_id), None)
        if found is None:
            raise not_found("unknown_window", window_id, "It may have ended. Reload the list.")
        async with self._scope.pool.acquire() as connection, connection.transaction():
            await windows.end_window(connection, window_id, self._scope.clock())
            subject = found.site or "all sites"
            await audit.record(connection, actor, "maintenance_ended", subject, found.site_id)

    async def rule(self) -> AlertRule:
        """How many smoke runs in a row open and close an alert."""
        return await alerts.rule(self._scope.pool)

    async def set_rule(self, wanted: AlertRule, actor: str) -> AlertRule:
        """Set both counts; they apply from the next judged run on."""
        async with self._scope.pool.acquire() as connection, connection.transaction():
            await alerts.set_rule(connection, wanted)
            counts = wanted.model_dump(by_alias=True)
            await audit.record(connection, actor, "alert_rule_changed", "alerts", None, **counts)
        return wanted
