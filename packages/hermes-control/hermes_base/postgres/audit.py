"""The audit log: who did what and when, written in the transaction of the action itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def record(
    connection: Pool | Connection,
    actor: str,
    action: str,
    subject: str,
    site_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Append an event: `actor` did `action` to `subject`; `detail` is stored as JSON."""
    await connection.execute(
        "insert into audit_events (actor, action, subject, site_id, detail) values ($1, $2, $3, $4, $5)",
        actor, action, subject, site_id, detail,
    )  # fmt: skip


async def events(
    connection: Pool | Connection, since: datetime, limit: int, site_id: UUID | None = None
) -> list[Record]:
    """Events since a time, newest first, at most `limit`; of one site if named."""
    return await connection.fetch(
        "select * from audit_events where at >= $1 and ($3::uuid is null or site_id = $3)"
        " order by at desc, id desc limit $2",
        since, limit, site_id,
    )  # fmt: skip


async def search(
    connection: Pool | Connection,
    actor: str | None,
    action: str | None,
    site_id: UUID | None,
    before: int | None,
    limit: int,
) -> list[Record]:
    """The newest events that fit what is named, older than the event `before`; with names of sites."""
    return await connection.fetch(
        "select e.*, s.name as site from audit_events e left join sites s on s.id = e.site_id"
        " where ($1::text is null or position(lower($1) in lower(e.actor)) > 0)"
        " and ($2::text is null or e.action = $2) and ($3::uuid is null or e.site_id = $3)"
        " and ($4::bigint is null or e.id < $4) order by e.id desc limit $5",
        _plain(actor), _plain(action), site_id, before, limit,
    )  # fmt: skip


async def actions(connection: Pool | Connection) -> list[str]:
    """The distinct actions that were ever recorded, in alphabetical order."""
    rows = await connection.fetch("select distinct action from audit_events order by action")
    return [row["action"] for row in rows]


def _plain(text: str | None) -> str | None:
    """What PostgreSQL cannot hold (NUL, lone surrogates) is in no event either: it finds nothing."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd") if text else text
