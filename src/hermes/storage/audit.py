"""Who did what: written with the deed, in its transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.storage.database import Connection, Pool


async def record(
    connection: Pool | Connection,
    actor: str,
    action: str,
    subject: str,
    site_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Append one event."""
    await connection.execute(
        "insert into audit_events (actor, action, subject, site_id, detail) values ($1, $2, $3, $4, $5)",
        actor, action, subject, site_id, detail,
    )  # fmt: skip


async def events(
    connection: Pool | Connection, since: datetime, limit: int, site_id: UUID | None = None
) -> list[Record]:
    """The newest events since a time."""
    return await connection.fetch(
        "select * from audit_events where at >= $1 and ($3::uuid is null or site_id = $3)"
        " order by at desc, id desc limit $2",
        since, limit, site_id,
    )  # fmt: skip
