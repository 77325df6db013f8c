"""Heartbeats (table worker_heartbeats): one row for each background process that runs."""

from datetime import datetime
from typing import Any

from directory_bolt.core.rows.operations import ProcessHeartbeat
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool, Reader


async def record(
    connection: Pool | Connection,
    worker_id: str,
    process: str,
    state: dict[str, Any],
    now: datetime,
) -> None:
    """Write the heartbeat of a process: that it was alive at `now`, and what it does."""
    await connection.execute(
        "insert into worker_heartbeats (worker_id, process, state, started_at, seen_at)"
        " values ($1, $2, $3, $4, $4)"
        " on conflict (worker_id) do update set state = excluded.state, seen_at = excluded.seen_at",
        worker_id, process, state, now,
    )  # fmt: skip


async def remove(connection: Pool | Connection, worker_id: str) -> None:
    """Remove the heartbeat of a process that stops in order: it is not silent, it is gone."""
    await connection.execute("delete from worker_heartbeats where worker_id = $1", worker_id)


async def heartbeats(connection: Reader) -> list[ProcessHeartbeat]:
    """All heartbeats, the newest first."""
    found = await connection.fetch("select * from worker_heartbeats order by seen_at desc")
    return rows.values(ProcessHeartbeat, found)


async def forget_silent(pool: Pool, before: datetime) -> None:
    """Remove heartbeats older than `before` where a newer process of the same kind has taken over."""
    await pool.execute(
        "delete from worker_heartbeats h where seen_at < $1 and exists (select 1 from"
        " worker_heartbeats n where n.process = h.process and n.seen_at > h.seen_at)",
        before,
    )
