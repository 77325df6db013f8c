"""Corrections to a site: proposed by anybody who may act, approved by a person, made by site_executor."""

from typing import Any, Literal
from uuid import UUID

from asyncpg import Record

from hermes.core.changes.proposed import ChangeInput, sound
from hermes.core.changes.view import ChangeView, State, change_view, requests_of
from hermes.operations.runs import Runs
from hermes.operations.scope import Scope
from hermes.storage import changes
from hermes_base.postgres import audit
from hermes_base.problems import not_found

EXECUTOR = "site_executor"
NEWEST = 1000


class Changes:
    """The changes of one site at a time."""

    def __init__(self, scope: Scope, runs: Runs) -> None:
        self._scope, self._runs = scope, runs

    async def of(self, site_id: UUID, state: State | None = None) -> list[ChangeView]:
        """The newest first, in one state if named. Raises `unknown_site`."""
        site = await self._scope.site(site_id)
        rows = await changes.changes(self._scope.reader, site.id, state, NEWEST)
        requests: dict[str, tuple[str, bool]] = {}
        if any(row["state"] == "approved" for row in rows):
            delivered = await self._runs.delivered(site.id, EXECUTOR, "full", 50)
            requests = requests_of(run.artifacts for run in delivered)
        return [change_view(row, requests) for row in rows]

    async def propose(self, site_id: UUID, wanted: ChangeInput, actor: str) -> ChangeView:
        """A change that waits for a person. Raises `unknown_site`, `invalid_request`."""
        site, now = await self._scope.site(site_id), self._scope.clock()
        wanted = sound(wanted, site.base_url)
        async with self._scope.pool.acquire() as connection, connection.transaction():
            added = await changes.add(connection, site.id, wanted, actor, now)
            await audit.record(
                connection, actor, "change_proposed", wanted.page, site.id, kind=wanted.kind,
                before=wanted.before, after=wanted.after,
            )  # fmt: skip
        return next(each for each in await self.of(site_id) if each.id == added)

    async def decide(
        self, site_id: UUID, change_id: UUID, state: Literal["approved", "rejected"], person: str
    ) -> None:
        """The decision of a person on a proposal. Raises `unknown_site`, `unknown_change`."""
        site, now = await self._scope.site(site_id), self._scope.clock()
        async with self._scope.pool.acquire() as connection, connection.transaction():
            row = await changes.decide(connection, site.id, change_id, state, person, now)
            page, facts = _facts(row, change_id)
            await audit.record(connection, person, f"change_{state}", page, site.id, **facts)

    async def roll_back(self, site_id: UUID, change_id: UUID, person: str) -> None:
        """Ask for an approved change to be taken back by the next run. Raises as `decide`."""
        site, now = await self._scope.site(site_id), self._scope.clock()
        async with self._scope.pool.acquire() as connection, connection.transaction():
            row = await changes.undo(connection, site.id, change_id, person, now)
            page, facts = _facts(row, change_id)
            await audit.record(connection, person, "change_rolled_back", page, site.id, **facts)


def _facts(row: Record | None, change_id: UUID) -> tuple[str, dict[str, Any]]:
    """(page, what the audit says of the change). Raises `unknown_change` when no row was written."""
    if row is None:
        raise not_found("unknown_change", f"waiting with id {change_id}", "Reload the list.")
    facts = {"kind": row["kind"], "before": row["before_text"], "after": row["after_text"]}
    return row["page"], facts
