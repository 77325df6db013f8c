"""Heartbeats of the processes, and alerts: one row a trouble, open until it is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.postgres.database import Connection, Pool, Reader


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


async def heartbeats(connection: Reader) -> list[Record]:
    """The processes, the newest sign of life first."""
    return await connection.fetch("select * from worker_heartbeats order by seen_at desc")


async def forget_silent(pool: Pool, before: datetime) -> None:
    """Forget processes that are silent so long that a newer one of their kind has taken over."""
    await pool.execute(
        "delete from worker_heartbeats h where seen_at < $1 and exists (select 1 from"
        " worker_heartbeats n where n.process = h.process and n.seen_at > h.seen_at)",
        before,
    )


async def raise_alert(
    connection: Pool | Connection, key: str, kind: str, text: str, job_id: UUID | None = None
) -> bool:
    """Open an alert, or see it again; True when it is new."""
    found: Any = await connection.fetchval(
        "insert into order_alerts (key, kind, text, job_id) values ($1, $2, $3, $4)"
        " on conflict (key) do update set text = excluded.text, seen_at = now(),"
        " opened_at = case when order_alerts.closed_at is null then order_alerts.opened_at else now() end,"
        " closed_at = null returning opened_at = seen_at",
        key, kind, text, job_id,
    )  # fmt: skip
    return found


async def close_alerts(
    connection: Pool | Connection, kinds: Sequence[str], seen_before: datetime
) -> list[Record]:
    """Close alerts of these kinds that were not seen again since a time."""
    return await connection.fetch(
        "update order_alerts set closed_at = now() where kind = any($1::text[]) and closed_at is null"
        " and seen_at < $2 returning *",
        list(kinds), seen_before,
    )  # fmt: skip


async def close_alert(connection: Connection, key: str, but: Sequence[str]) -> Record | None:
    """Close one alert; None when none is open, or it is of a kind that must not be closed by people."""
    return await connection.fetchrow(
        "update order_alerts set closed_at = now() where key = $1 and closed_at is null"
        " and kind <> all($2::text[]) returning *",
        key, list(but),
    )  # fmt: skip


async def alerts(connection: Reader) -> list[Record]:
    """Open alerts, the newest first."""
    return await connection.fetch(
        "select * from order_alerts where closed_at is null order by opened_at desc"
    )
