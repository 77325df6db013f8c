"""Second factors of users (table second_factors)."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def factor(pool: Pool | Connection, user_id: UUID) -> Record | None:
    """The factor of a user, confirmed or not; None when there is none."""
    return await pool.fetchrow("select * from second_factors where user_id = $1", user_id)


async def begin(pool: Pool | Connection, user_id: UUID, nonce: bytes) -> bool:
    """A new factor that is not confirmed yet, in place of one like it. False where one is confirmed."""
    done = await pool.execute(
        "insert into second_factors as f (user_id, nonce) values ($1, $2)"
        " on conflict (user_id) do update set nonce = excluded.nonce where f.confirmed_at is null",
        user_id, nonce,
    )  # fmt: skip
    return done == "INSERT 0 1"


async def confirm(
    connection: Connection, user_id: UUID, at: datetime, step: int, recovery: list[bytes]
) -> bool:
    """From now on it is asked for. False where it was confirmed meanwhile."""
    done = await connection.execute(
        "update second_factors set confirmed_at = $2, last_step = $3, recovery = $4"
        " where user_id = $1 and confirmed_at is null",
        user_id, at, step, recovery,
    )  # fmt: skip
    return done == "UPDATE 1"


async def use_step(pool: Pool | Connection, user_id: UUID, step: int) -> bool:
    """Use a code up; False where it, or a later one, was used."""
    done = await pool.execute(
        "update second_factors set last_step = $2 where user_id = $1 and last_step < $2",
        user_id,
        step,
    )
    return done == "UPDATE 1"


async def use_recovery(pool: Pool | Connection, user_id: UUID, digest: bytes) -> bool:
    """Use a recovery code up; False where it is none of those left."""
    done = await pool.execute(
        "update second_factors set recovery = array_remove(recovery, $2)"
        " where user_id = $1 and $2 = any(recovery)",
        user_id, digest,
    )  # fmt: skip
    return done == "UPDATE 1"


async def remove(connection: Pool | Connection, user_id: UUID) -> bool:
    """Remove a factor; False where there was none."""
    done = await connection.execute("delete from second_factors where user_id = $1", user_id)
    return done == "DELETE 1"


async def owners(pool: Pool | Connection) -> set[UUID]:
    """The users with a confirmed factor."""
    found = await pool.fetch("select user_id from second_factors where confirmed_at is not null")
    return {row["user_id"] for row in found}
