"""Who is on a cause of trouble."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Reader


async def take(
    connection: Connection, site_id: UUID, cause: str, person: str, now: datetime
) -> None:
    """A person is on a cause, whoever was before."""
    await connection.execute(
        "insert into taken_causes values ($1, $2, $3, $4)"
        " on conflict (site_id, cause) do update set person = excluded.person, at = excluded.at",
        site_id, cause, person, now,
    )  # fmt: skip


async def give_back(connection: Connection, site_id: UUID, cause: str) -> str | None:
    """Nobody is on a cause any more; who was, or None."""
    return await connection.fetchval(
        "delete from taken_causes where site_id = $1 and cause = $2 returning person",
        site_id,
        cause,
    )


async def clear_settings(connection: Connection, site_id: UUID, wanting: Collection[str]) -> None:
    """Of the causes that are settings of a site, keep those that still want."""
    await connection.execute(
        "delete from taken_causes where site_id = $1 and cause like 'settings:%' and cause <> all($2::text[])",
        site_id, list(wanting),
    )  # fmt: skip


async def is_cause(connection: Connection, site_id: UUID, cause: str) -> bool:
    """Whether a service of a site fails for this cause."""
    found = await connection.fetchval(
        "select exists (select from smoke_standings where site_id = $1 and cause = $2)",
        site_id, cause,
    )  # fmt: skip
    return bool(found)


async def taken(reader: Reader, sites: Sequence[UUID]) -> list[Record]:
    """Who is on what of these sites: (site_id, cause, person, at)."""
    return await reader.fetch(
        "select * from taken_causes where site_id = any($1::uuid[]) order by at", list(sites)
    )
