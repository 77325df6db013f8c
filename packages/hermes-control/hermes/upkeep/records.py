"""Who did what: the record that is written with every deed."""

from uuid import UUID

from hermes.control import Hermes
from hermes.core.views.audit import AuditPage, audit_page
from hermes_base.postgres import audit


async def audit_events(
    hermes: Hermes,
    actor: str = "",
    action: str = "",
    site_id: UUID | None = None,
    before: int | None = None,
    limit: int = 50,
) -> AuditPage:
    """The newest deeds that fit what is named; `actor` is a part of the name."""
    rows = await audit.search(
        hermes.pool, actor or None, action or None, site_id, before, limit + 1
    )
    return audit_page(list(rows), limit)


async def known_actions(hermes: Hermes) -> list[str]:
    """Every kind of deed on record."""
    return await audit.actions(hermes.pool)
