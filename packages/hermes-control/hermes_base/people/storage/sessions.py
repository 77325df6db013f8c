"""Sessions of people who signed in. The token itself is only in the browser."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def add_session(
    connection: Connection, token_hash: bytes, user_id: UUID, now: datetime, ends_at: datetime,
    address: str, agent: str,
) -> UUID:  # fmt: skip
    """Insert a session; returns its id."""
    added = await connection.fetchval(
        "insert into sessions (token_hash, user_id, created_at, seen_at, ends_at, address, agent)"
        " values ($1, $2, $3, $3, $4, $5, $6) returning id",
        token_hash, user_id, now, ends_at, address, agent,
    )  # fmt: skip
    assert added is not None, "the statement returns its row"  # noqa: S101
    return added


async def session(
    pool: Pool, token_hash: bytes, now: datetime, seen_after: datetime
) -> Record | None:
    """An open session with its user; None when it ended, was idle too long, or the user is disabled."""
    return await pool.fetchrow(
        "select s.id as session_id, s.seen_at, u.* from sessions s join users u on u.id = s.user_id"
        " where s.token_hash = $1 and s.ends_at > $2 and s.seen_at > $3 and u.disabled_at is null",
        token_hash, now, seen_after,
    )  # fmt: skip


async def seen(pool: Pool, session_id: UUID, at: datetime) -> None:
    """Set when a session was last used."""
    await pool.execute("update sessions set seen_at = $2 where id = $1", session_id, at)


async def sessions(pool: Pool, user_id: UUID, now: datetime, seen_after: datetime) -> list[Record]:
    """The open sessions of a user, the one used last first."""
    return await pool.fetch(
        "select * from sessions where user_id = $1 and ends_at > $2 and seen_at > $3"
        " order by seen_at desc, created_at desc, id",
        user_id, now, seen_after,
    )  # fmt: skip


async def end(connection: Pool | Connection, token_hash: bytes) -> Record | None:
    """End the session of this token; its row, or None when there was none."""
    return await connection.fetchrow(
        "delete from sessions where token_hash = $1 returning *", token_hash
    )


async def end_one(connection: Connection, user_id: UUID, session_id: UUID) -> bool:
    """End one session of a user; False when they have no such session."""
    done = await connection.execute(
        "delete from sessions where user_id = $1 and id = $2", user_id, session_id
    )
    return done == "DELETE 1"


async def end_all(connection: Connection, user_id: UUID, but: UUID | None = None) -> int:
    """End the sessions of a user, but for one. Returns how many."""
    done = await connection.execute(
        "delete from sessions where user_id = $1 and ($2::uuid is null or id <> $2)", user_id, but
    )
    return int(done.split()[-1])


async def forget(connection: Connection, now: datetime, seen_before: datetime) -> None:
    """Delete the sessions that expired, and those not used since `seen_before`."""
    await connection.execute(
        "delete from sessions where ends_at <= $1 or seen_at <= $2", now, seen_before
    )
