"""Alerts as people read them, and what people do about them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from asyncpg import Record

from hermes.core.views.alerts import AlertView, alert_view
from hermes.operations.scope import Scope
from hermes.storage import alerts, outbox, windows
from hermes_base.postgres import audit
from hermes_base.problems import Problem, not_found
from hermes_base.typed import wrong

CLOSED = 20
LONGEST_SNOOZE = timedelta(days=30)
LONGEST_NOTE = 300


class Alerts:
    """Open alerts, and those that closed last."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def of(self, site_id: UUID) -> list[AlertView]:
        """Open alerts of a site, then those that closed last. Raises `unknown_site`."""
        await self._scope.site(site_id)
        return await self._views(site_id)

    async def all(self) -> list[AlertView]:
        """Open alerts in sight, then those that closed last; of one site alone where one may see no other."""
        return await self._views(self._scope.only_site)

    async def one(self, alert_id: UUID) -> AlertView:
        """One alert. Raises `unknown_alert`, also for one that is not in sight."""
        found = next((each for each in await self.all() if each.id == alert_id), None)
        if found is None:
            raise not_found("unknown_alert", alert_id, "Take an id from GET /api/alerts.")
        return found

    async def open_count(self) -> int:
        """How many alerts are open at the sites in sight."""
        return await alerts.open_at(self._scope.reader, self._scope.only_site)

    async def acknowledge(self, alert_id: UUID, actor: str, note: str = "") -> AlertView:
        """Somebody is on it: no more reminders. Raises `unknown_alert`, `already_over`."""
        if len(note) > LONGEST_NOTE:
            raise wrong([("note", f"can have at most {LONGEST_NOTE} characters")])
        await self.one(alert_id)
        async with self._scope.pool.acquire() as connection, connection.transaction():
            now = self._scope.clock()
            done = await alerts.acknowledge(connection, alert_id, actor, note.strip(), now)
            _require_open(done)
            await audit.record(connection, actor, "alert_acknowledged", str(alert_id))
        return await self.one(alert_id)

    async def snooze(self, alert_id: UUID, minutes: float, actor: str) -> AlertView:
        """Say nothing more of it for a while; 0 ends that. Raises `unknown_alert`, `already_over`."""
        spell = timedelta(minutes=minutes)
        if not timedelta() <= spell <= LONGEST_SNOOZE:
            raise wrong([("minutes", f"must be from 0 to {LONGEST_SNOOZE.days} days")])
        await self.one(alert_id)
        until = self._scope.clock() + spell if spell else None
        async with self._scope.pool.acquire() as connection, connection.transaction():
            done = await alerts.snooze(connection, alert_id, until, actor if until else None)
            _require_open(done)
            await audit.record(connection, actor, "alert_snoozed", str(alert_id), minutes=minutes)
        return await self.one(alert_id)

    async def _views(self, site_id: UUID | None) -> list[AlertView]:
        reader, now = self._scope.reader, self._scope.clock()
        rows = await alerts.alerts(reader, site_id, CLOSED)
        ids = [row["id"] for row in rows]
        below = _by_alert(await alerts.services_of(reader, ids, site_id))
        said = _by_alert(await outbox.deliveries(reader, ids))
        muted = await windows.open_windows(reader, now)
        rule = await alerts.rule(reader)
        return [
            alert_view(
                row, below.get(row["id"], []), said.get(row["id"], []), self._scope.catalog, muted, rule, now
            )
            for row in rows
        ]  # fmt: skip


def _by_alert(rows: Sequence[Record]) -> dict[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = {}
    for row in rows:
        found.setdefault(row["alert_id"], []).append(row)
    return found


def _require_open(done: bool) -> None:
    if not done:
        raise Problem("already_over", "The alert is closed.", "Reload the list.")
