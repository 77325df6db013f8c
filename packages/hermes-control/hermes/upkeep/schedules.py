"""Schedules: added, changed, deleted, and run once for each time that they are due."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from asyncpg import Record

from hermes.core.runs.actors import SCHEDULE
from hermes.core.schedules import ScheduleChange, ScheduleInput, next_time
from hermes.core.views.schedules import ScheduleView, schedule_view
from hermes.operations.jobs import Jobs
from hermes.operations.scope import Scope
from hermes.operations.starting import StartHook
from hermes.storage import schedules
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection
from hermes_base.problems import Problem, not_found
from hermes_base.typed import typed, wrong

log = structlog.get_logger()

LONGEST_NOTE = 500
LATER = ("not_due", "try_again")
"""Problems of a start that say nothing of the schedule: look at it again."""


class Schedules:
    """Tests that start by themselves."""

    def __init__(self, scope: Scope, jobs: Jobs) -> None:
        self._scope = scope
        self._jobs = jobs
        self._pool = scope.pool

    async def all(self) -> list[ScheduleView]:
        """All schedules of the sites that one may see, those due next first."""
        seen = {site.id for site in await self._scope.sites()}
        return self._views(r for r in await schedules.schedules(self._pool) if r["site_id"] in seen)

    async def of(self, site_id: UUID) -> list[ScheduleView]:
        """The schedules of a site. Raises `unknown_site`."""
        await self._scope.site(site_id)
        rows = await schedules.schedules(self._pool)
        return self._views(row for row in rows if row["site_id"] == site_id)

    async def one(self, schedule_id: UUID, site_id: UUID | None = None) -> ScheduleView:
        """One schedule, of this site if it is named. Raises `unknown_schedule`."""
        return schedule_view(await self._row(schedule_id, site_id), self._scope.catalog)

    async def add(self, site_id: UUID, wanted: ScheduleInput, actor: str) -> ScheduleView:
        """A new schedule. Raises `unknown_site`, `invalid_request`."""
        site = await self._scope.site(site_id)
        plan, now = self._plan(wanted), self._scope.clock()
        async with self._pool.acquire() as connection, connection.transaction():
            found = await schedules.add_schedule(connection, site_id, plan, actor, now)
            await audit.record(
                connection, actor, "schedule_added", site.name, site_id, **_recorded(plan)
            )
        return await self.one(found)

    async def change(
        self, schedule_id: UUID, change: ScheduleChange, actor: str, site_id: UUID | None = None
    ) -> ScheduleView:
        """Change what is named. Raises `unknown_schedule`, `invalid_request`."""
        row = await self._row(schedule_id, site_id)
        plan, now = self._plan(_merged(row, change)), self._scope.clock()
        if _recorded(plan) == _recorded(row):
            return schedule_view(row, self._scope.catalog)
        async with self._pool.acquire() as connection, connection.transaction():
            await schedules.change_schedule(connection, schedule_id, plan, now)
            await audit.record(
                connection,
                actor,
                "schedule_changed",
                row["site"],
                row["site_id"],
                **_recorded(plan),
            )
        return await self.one(schedule_id)

    async def delete(self, schedule_id: UUID, actor: str, site_id: UUID | None = None) -> None:
        """Forget a schedule; what it started stays. Raises `unknown_schedule`."""
        row = await self._row(schedule_id, site_id)
        async with self._pool.acquire() as connection, connection.transaction():
            await schedules.delete_schedule(connection, schedule_id)
            await audit.record(
                connection, actor, "schedule_deleted", row["site"], row["site_id"], **_recorded(row)
            )

    async def run_due(self) -> int:
        """Start what is due, once for each due time whoever else does; returns how many went on.

        Times that were missed are run once, not many.
        """
        now = self._scope.clock()
        ran = [await self._run(row, now) for row in await schedules.due(self._pool, now)]
        return sum(ran)

    async def next_due(self) -> datetime | None:
        """When the next schedule is due."""
        return await schedules.next_due(self._pool)

    async def _run(self, row: Record, now: datetime) -> bool:
        """The job and the step to the next due time are one transaction."""
        next_at = next_time(row["cron"], row["time_zone"], now)
        hook = _stepping(row, next_at, now)
        actor = f"{SCHEDULE}{row['cron']} {row['time_zone']}"
        try:
            await self._jobs.start(
                row["run_type"], row["site_id"], actor, row["service_slug"], before_commit=hook
            )
        except Problem as problem:
            if problem.code in LATER:
                return False
            hint = "" if problem.code == "nothing_selected" else problem.hint
            note = f"Nothing was started: {problem.message} {hint}".strip()[:LONGEST_NOTE]
            log.warning("schedule started nothing", schedule=str(row["id"]), why=problem.message)
            return await schedules.step(
                self._pool, row["id"], row["next_at"], next_at, now, None, note
            )
        return True

    def _plan(self, wanted: ScheduleInput) -> dict[str, Any]:
        """The columns of a schedule, with its first due time. Raises `invalid_request`."""
        service = self._scope.catalog.find(wanted.service) if wanted.service else None
        if wanted.service and service is None:
            known = ", ".join(s.slug for s in self._scope.catalog.workers)
            raise wrong(
                [("service", f"there is no service {wanted.service!r}; use one of {known}")]
            )
        if wanted.mode == "full" and service is None:
            raise wrong([("service", "a full run needs one service; choose it")])
        spec = service.mode(wanted.mode) if service is not None else None
        if service is not None and spec is None:
            raise wrong([("mode", f"{service.name} has no {wanted.mode} mode")])
        if service is not None and spec is not None and spec.needs:
            raise wrong([("mode", f"a {wanted.mode} run of {service.name} is started by Hermes")])
        after = self._scope.clock()
        return {
            "run_type": wanted.mode,
            "service_slug": service.slug if service else None,
            "cron": wanted.cron,
            "time_zone": wanted.time_zone,
            "enabled": wanted.enabled,
            "next_at": next_time(wanted.cron, wanted.time_zone, after) if wanted.enabled else None,
        }

    async def _row(self, schedule_id: UUID, site_id: UUID | None) -> Record:
        row = await schedules.schedule(self._pool, schedule_id)
        seen = {site.id for site in await self._scope.sites()}
        if row is None or row["site_id"] not in seen or site_id not in (None, row["site_id"]):
            raise not_found(
                "unknown_schedule", schedule_id, "Take an id from the list of schedules."
            )
        return row

    def _views(self, rows: Iterable[Record]) -> list[ScheduleView]:
        return [schedule_view(row, self._scope.catalog) for row in rows]


def _stepping(row: Record, next_at: datetime, now: datetime) -> StartHook:
    """Goes on to the next due time together with the start; undoes it where somebody else was first."""

    async def hook(connection: Connection, job_id: UUID, is_new: bool) -> None:
        note = "" if is_new else "A test of this kind was already running. It counts for this time."
        if not await schedules.step(
            connection, row["id"], row["next_at"], next_at, now, job_id, note
        ):
            raise Problem("not_due", "Another runner started it.", "Nothing to do.")

    return hook


def _merged(row: Record, change: ScheduleChange) -> ScheduleInput:
    stored = {
        "cron": row["cron"],
        "timeZone": row["time_zone"],
        "mode": row["run_type"],
        "service": row["service_slug"],
        "enabled": row["enabled"],
    }
    return typed(ScheduleInput, stored | change.model_dump(by_alias=True, exclude_none=True))


def _recorded(plan: Any) -> dict[str, Any]:
    """What the audit keeps of a plan."""
    return {
        "mode": plan["run_type"],
        "service": plan["service_slug"] or "all services",
        "cron": plan["cron"],
        "timeZone": plan["time_zone"],
        "enabled": plan["enabled"],
    }
