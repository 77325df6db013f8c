"""API tokens. What is stored is a hash; the token itself is shown once."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def add_token(
    connection: Connection, token_hash: bytes, name: str, role: str, owner_id: UUID,
    site_id: UUID | None, now: datetime, expires_at: datetime | None,
) -> Record | None:  # fmt: skip
    """Insert a token; None when its owner already has one of this name."""
    return await connection.fetchrow(
        "insert into api_tokens (token_hash, name, role, owner_id, site_id, created_at, expires_at)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (owner_id, name) do nothing returning *",
        token_hash, name, role, owner_id, site_id, now, expires_at,
    )  # fmt: skip


async def token(pool: Pool, token_hash: bytes, now: datetime) -> Record | None:
    """A token that is valid now, with what its owner may; None otherwise."""
    return await pool.fetchrow(
        "select t.*, u.role as owner_role, coalesce(u.email, u.name) as owner from api_tokens t"
        " join users u on u.id = t.owner_id where t.token_hash = $1"
        " and (t.expires_at is null or t.expires_at > $2) and u.disabled_at is null",
        token_hash, now,
    )  # fmt: skip


async def used(pool: Pool, token_id: UUID, at: datetime) -> None:
    """Set when a token was last used."""
    await pool.execute("update api_tokens set used_at = $2 where id = $1", token_id, at)


async def tokens(pool: Pool, owner_id: UUID | None) -> list[Record]:
    """The tokens of an owner, of everybody with None, with the names of owner and site."""
    return await pool.fetch(
        "select t.*, u.role as owner_role, u.disabled_at, coalesce(u.email, u.name) as owner,"
        " s.name as site from api_tokens t join users u on u.id = t.owner_id"
        " left join sites s on s.id = t.site_id where $1::uuid is null or t.owner_id = $1"
        " order by lower(t.name), t.id",
        owner_id,
    )  # fmt: skip


async def sites(pool: Pool) -> list[Record]:
    """Id and name of the sites that a token can be limited to, by name; the demo site last."""
    return await pool.fetch("select id, name from sites order by is_demo, lower(name), id")


async def revoke(connection: Connection, token_id: UUID, owner_id: UUID | None) -> Record | None:
    """Delete a token (of this owner only, if named); its row, or None when there is none."""
    return await connection.fetchrow(
        "delete from api_tokens where id = $1 and ($2::uuid is null or owner_id = $2) returning *",
        token_id, owner_id,
    )  # fmt: skip
