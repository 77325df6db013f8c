"""One-time links, and failed tries to sign in."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def add_link(
    connection: Connection, token_hash: bytes, user_id: UUID, leads_to: str, now: datetime,
    expires_at: datetime,
) -> None:  # fmt: skip
    """Insert a one-time link for a user."""
    await connection.execute(
        "insert into sign_in_links (token_hash, user_id, leads_to, created_at, expires_at)"
        " values ($1, $2, $3, $4, $5)",
        token_hash, user_id, leads_to, now, expires_at,
    )  # fmt: skip


async def link(pool: Pool | Connection, token_hash: bytes, now: datetime) -> Record | None:
    """A link that may still be used, with its user; None otherwise."""
    return await pool.fetchrow(
        "select l.leads_to, u.* from sign_in_links l join users u on u.id = l.user_id"
        " where l.token_hash = $1 and l.expires_at > $2 and u.disabled_at is null",
        token_hash, now,
    )  # fmt: skip


async def use_link(connection: Connection, token_hash: bytes) -> bool:
    """Mark a link as used; of several callers at once exactly one gets True."""
    done = await connection.execute("delete from sign_in_links where token_hash = $1", token_hash)
    return done == "DELETE 1"


async def drop_links(connection: Connection, user_id: UUID) -> None:
    """Delete the links of a user, whether used or not."""
    await connection.execute("delete from sign_in_links where user_id = $1", user_id)


async def add_try(pool: Pool | Connection, email_hash: bytes, address: str, at: datetime) -> int:
    """Note a try before it is checked, so that many at once count too. Returns its number."""
    added = await pool.fetchval(
        "insert into sign_in_tries (at, email_hash, address) values ($1, $2, $3) returning id",
        at, email_hash, address,
    )  # fmt: skip
    assert added is not None, "the statement returns its row"  # noqa: S101
    return added


async def tries(
    pool: Pool | Connection, email_hash: bytes, address: str, since: datetime
) -> Record:
    """How many tries and the oldest: of this user at this address, at this address, of this user."""
    row = await pool.fetchrow(
        "select count(*) filter (where email_hash = $1 and address = $2) as pair,"
        " min(at) filter (where email_hash = $1 and address = $2) as pair_oldest,"
        " count(*) filter (where address = $2) as here,"
        " min(at) filter (where address = $2) as here_oldest,"
        " count(*) filter (where email_hash = $1) as whose,"
        " min(at) filter (where email_hash = $1) as whose_oldest"
        " from sign_in_tries where at > $3 and (email_hash = $1 or address = $2)",
        email_hash, address, since,
    )  # fmt: skip
    assert row is not None, "an aggregate always returns a row"  # noqa: S101
    return row


async def drop_try(pool: Pool | Connection, number: int) -> None:
    """Delete a sign-in try that was refused before the password was checked."""
    await pool.execute("delete from sign_in_tries where id = $1", number)


async def drop_tries(connection: Pool | Connection, email_hash: bytes, address: str) -> None:
    """After a success the tries of this user at this address are forgotten."""
    await connection.execute(
        "delete from sign_in_tries where email_hash = $1 and address = $2", email_hash, address
    )


async def forget(connection: Connection, now: datetime, tries_before: datetime) -> None:
    """Delete what has expired: links, and tries outside the window."""
    await connection.execute("delete from sign_in_links where expires_at <= $1", now)
    await connection.execute("delete from sign_in_tries where at <= $1", tries_before)
