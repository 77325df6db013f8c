"""Changes to sites that somebody proposed, and the decisions on them."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes.core.changes.proposed import ChangeInput
from hermes_base.postgres.database import Connection, Pool, Snapshot


async def changes(
    connection: Pool | Connection | Snapshot, site_id: UUID, state: str | None, limit: int
) -> list[Record]:
    """The changes of a site, the newest first; in one state if named."""
    return await connection.fetch(
        "select * from site_changes where site_id = $1 and ($2::text is null or state = $2)"
        " order by proposed_at desc, id limit $3",
        site_id, state, limit,
    )  # fmt: skip


async def add(
    connection: Connection, site_id: UUID, wanted: ChangeInput, actor: str, now: datetime
) -> UUID:
    """A new proposal; its id."""
    return await connection.fetchval(
        "insert into site_changes (site_id, page, kind, target, before_text, after_text, why, proposed_by,"
        " proposed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        site_id, wanted.page, wanted.kind, wanted.target, wanted.before, wanted.after, wanted.why, actor, now,
    )  # fmt: skip


async def decide(
    connection: Connection, site_id: UUID, change_id: UUID, state: str, actor: str, now: datetime
) -> Record | None:
    """Approve or reject a proposal; None when there is none that waits."""
    return await connection.fetchrow(
        "update site_changes set state = $3, decided_by = $4, decided_at = $5"
        " where site_id = $1 and id = $2 and state = 'proposed' returning *",
        site_id, change_id, state, actor, now,
    )  # fmt: skip


async def undo(
    connection: Connection, site_id: UUID, change_id: UUID, actor: str, now: datetime
) -> Record | None:
    """Ask for an approved change to be taken back; None when there is none, or it was asked for before."""
    return await connection.fetchrow(
        "update site_changes set undone_by = $3, undone_at = $4"
        " where site_id = $1 and id = $2 and state = 'approved' and undone_by is null returning *",
        site_id, change_id, actor, now,
    )  # fmt: skip
