"""Heartbeats of the processes."""

from datetime import datetime
from typing import Any

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool


async def beat(
    connection: Pool | Connection,
    worker_id: str,
    process: str,
    state: dict[str, Any],
    now: datetime,
) -> None:
    """A process says that it lives and what it does."""
    await connection.execute(
        "insert into worker_heartbeats (worker_id, process, state, started_at, seen_at)"
        " values ($1, $2, $3, $4, $4)"
        " on conflict (worker_id) do update set state = excluded.state, seen_at = excluded.seen_at",
        worker_id, process, state, now,
    )  # fmt: skip


async def gone(connection: Pool | Connection, worker_id: str) -> None:
    """A process that stops in order takes its heartbeat away: it is not silent, it is gone."""
    await connection.execute("delete from worker_heartbeats where worker_id = $1", worker_id)


async def heartbeats(connection: Pool | Connection) -> list[Record]:
    """The processes, the newest sign of life first."""
    return await connection.fetch("select * from worker_heartbeats order by seen_at desc")


async def forget_silent(pool: Pool, before: datetime) -> None:
    """Forget processes that are silent so long that a newer one of their kind has taken over."""
    await pool.execute(
        "delete from worker_heartbeats h where seen_at < $1 and exists (select 1 from"
        " worker_heartbeats n where n.process = h.process and n.seen_at > h.seen_at)",
        before,
    )
