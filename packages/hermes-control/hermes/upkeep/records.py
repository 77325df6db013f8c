"""The audit: who did what, recorded in the transaction that did it."""

from uuid import UUID

from hermes.core.views.audit import AuditPage, audit_page
from hermes_base.postgres import audit
from hermes_base.postgres.database import Pool


class Records:
    """The audit events of Hermes, over all sites."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def events(
        self,
        actor: str = "",
        action: str = "",
        site_id: UUID | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> AuditPage:
        """The newest events that fit what is named. `actor` is a part of the name; `before` is the number
        of the event that the page begins after."""
        rows = await audit.search(
            self._pool, actor or None, action or None, site_id, before, limit + 1
        )
        return audit_page(list(rows), limit)

    async def actions(self) -> list[str]:
        """Every action that was ever recorded: `site_added`, `smoke_all_started` ..."""
        return await audit.actions(self._pool)
