"""Waivers: outputs that somebody answers for while they are missing."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes.core.runs.waivers import Waiver
from hermes_base.postgres.database import Connection, Pool


async def in_force(
    connection: Pool | Connection, slugs: Collection[str], now: datetime
) -> list[Waiver]:
    """The waivers of these services that count at this time."""
    rows = await connection.fetch(
        "select id, service_slug, output_slug, site_id, owner, reason, expires_at from waivers"
        " where service_slug = any($1::text[]) and ended_at is null and expires_at > $2",
        list(slugs), now,
    )  # fmt: skip
    return [Waiver(*row.values()) for row in rows]


async def waivers(connection: Pool | Connection, limit: int) -> list[Record]:
    """All waivers with the names of their sites: those that last longest first."""
    return await connection.fetch(
        "select w.*, s.name as site from waivers w left join sites s on s.id = w.site_id"
        " order by coalesce(w.ended_at, w.expires_at) desc, w.id limit $1",
        limit,
    )


async def add_waiver(
    connection: Connection, service: str, output: str, site_id: UUID | None, owner: str,
    reason: str, actor: str, now: datetime, expires_at: datetime,
) -> UUID | None:  # fmt: skip
    """A new waiver; None when one of this output and these sites is in force already."""
    await connection.execute("lock table waivers in share row exclusive mode")
    return await connection.fetchval(
        "insert into waivers (service_slug, output_slug, site_id, owner, reason, created_by, created_at,"
        " expires_at) select $1, $2, $3, $4, $5, $6, $7, $8 where not exists (select from waivers"
        "  where service_slug = $1 and output_slug = $2 and site_id is not distinct from $3"
        "  and ended_at is null and expires_at > $7) returning id",
        service, output, site_id, owner, reason, actor, now, expires_at,
    )  # fmt: skip


async def end_waiver(
    connection: Connection, waiver_id: UUID, actor: str, now: datetime
) -> Record | None:
    """End a waiver before its time; None when it is not in force."""
    return await connection.fetchrow(
        "update waivers set ended_at = $3, ended_by = $2 where id = $1 and ended_at is null"
        " and expires_at > $3 returning *",
        waiver_id, actor, now,
    )  # fmt: skip
