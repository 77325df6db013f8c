"""Users: who may sign in, and with which role."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool

LOCAL_NAME = "local operator"


async def users(pool: Pool | Connection) -> list[Record]:
    """All users by name; the operator of this machine last."""
    return await pool.fetch("select * from users order by is_local, lower(name), id")


async def user(pool: Pool | Connection, user_id: UUID) -> Record | None:
    """The user with this id; None when there is none."""
    return await pool.fetchrow("select * from users where id = $1", user_id)


async def user_by_email(pool: Pool | Connection, email: str) -> Record | None:
    """The user with this e-mail address (in lower case)."""
    return await pool.fetchrow("select * from users where email = $1", email)


async def add_user(
    connection: Connection, email: str, name: str, role: str, now: datetime
) -> Record | None:
    """A new user without a password; None when the address is taken."""
    return await connection.fetchrow(
        "insert into users (email, name, role, created_at) values ($1, $2, $3, $4)"
        " on conflict (email) do nothing returning *",
        email, name, role, now,
    )  # fmt: skip


async def local_operator(connection: Pool | Connection, now: datetime) -> Record:
    """The operator of this machine, made when first needed."""
    row = await connection.fetchrow(
        "with made as (insert into users (name, role, is_local, created_at) values ($1, 'admin', true, $2)"
        "  on conflict do nothing returning *)"
        " select * from made union all select * from users where is_local limit 1",
        LOCAL_NAME, now,
    )  # fmt: skip
    assert row is not None, "one of the two branches always returns a row"  # noqa: S101
    return row


async def has_passwords(pool: Pool | Connection) -> bool:
    """Whether any enabled user can sign in with a password."""
    found = await pool.fetchval(
        "select exists (select from users where password_hash is not null and disabled_at is null)"
    )
    return bool(found)


async def lock_admins(connection: Connection) -> list[Record]:
    """Enabled admins with a password, locked until the transaction ends."""
    return await connection.fetch(
        "select * from users where role = 'admin' and disabled_at is null and password_hash is not null"
        " for update"
    )


async def set_role(connection: Connection, user_id: UUID, role: str) -> None:
    """Set the role of a user."""
    await connection.execute("update users set role = $2 where id = $1", user_id, role)


async def set_disabled(connection: Connection, user_id: UUID, at: datetime | None) -> None:
    """Disable a user as of a time; None enables them again."""
    await connection.execute("update users set disabled_at = $2 where id = $1", user_id, at)


async def set_password(connection: Connection | Pool, user_id: UUID, password_hash: str) -> None:
    """Store the hash of a password."""
    await connection.execute(
        "update users set password_hash = $2 where id = $1", user_id, password_hash
    )


async def signed_in(connection: Connection, user_id: UUID, at: datetime) -> None:
    """Set when a user last signed in."""
    await connection.execute("update users set signed_in_at = $2 where id = $1", user_id, at)
