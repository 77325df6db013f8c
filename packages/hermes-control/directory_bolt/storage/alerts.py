"""Alerts of orders (table order_alerts): one row for each problem, open until it is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from directory_bolt.core.rows.operations import OrderAlert
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool, Reader


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
) -> list[OrderAlert]:
    """Close alerts of these kinds that were not seen again since a time."""
    found = await connection.fetch(
        "update order_alerts set closed_at = now() where kind = any($1::text[]) and closed_at is null"
        " and seen_at < $2 returning *",
        list(kinds), seen_before,
    )  # fmt: skip
    return rows.values(OrderAlert, found)


async def close_alert(connection: Connection, key: str, but: Sequence[str]) -> OrderAlert | None:
    """Close one alert; None when none is open, or it is of a kind that must not be closed by people."""
    found = await connection.fetchrow(
        "update order_alerts set closed_at = now() where key = $1 and closed_at is null"
        " and kind <> all($2::text[]) returning *",
        key, list(but),
    )  # fmt: skip
    return rows.value_or_none(OrderAlert, found)


async def alerts(connection: Reader) -> list[OrderAlert]:
    """Open alerts, the newest first."""
    found = await connection.fetch(
        "select * from order_alerts where closed_at is null order by opened_at desc"
    )
    return rows.values(OrderAlert, found)
