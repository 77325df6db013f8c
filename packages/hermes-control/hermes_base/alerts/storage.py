"""The table alerts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.alerts.model import AlertRecord, Product
from hermes_base.postgres.database import Connection, Pool, Reader


class AlertStore:
    """Opens, closes and lists the alerts of one product, and keeps the account of their delivery."""

    def __init__(self, product: Product) -> None:
        self._product = product

    async def raise_alert(
        self,
        connection: Pool | Connection,
        key: str,
        kind: str,
        text: str,
        job_id: UUID | None = None,
    ) -> bool:
        """Open an alert, or note that its problem is still seen; True when it is new."""
        found: Any = await connection.fetchval(
            "insert into alerts (product, key, kind, text, job_id) values ($1, $2, $3, $4, $5)"
            " on conflict (product, key) where closed_at is null"
            " do update set text = excluded.text, seen_at = now() returning opened_at = seen_at",
            self._product, key, kind, text, job_id,
        )  # fmt: skip
        return found

    async def close_alerts(
        self, connection: Pool | Connection, kinds: Sequence[str], seen_before: datetime
    ) -> list[AlertRecord]:
        """Close the alerts of these kinds whose problem was not seen since a time; returns them."""
        rows = await connection.fetch(
            "update alerts set closed_at = now() where product = $1 and kind = any($2::text[])"
            " and closed_at is null and seen_at < $3 returning *",
            self._product, list(kinds), seen_before,
        )  # fmt: skip
        return [_record(row) for row in rows]

    async def close_alert(
        self, connection: Connection, key: str, but: Sequence[str]
    ) -> AlertRecord | None:
        """Close one alert; None when none is open, or it is of a kind in `but`."""
        row = await connection.fetchrow(
            "update alerts set closed_at = now() where product = $1 and key = $2"
            " and closed_at is null and kind <> all($3::text[]) returning *",
            self._product, key, list(but),
        )  # fmt: skip
        return _record(row) if row else None

    async def erase(self, connection: Connection, personal: str) -> None:
        """Take a personal text, such as an e-mail address, out of what alerts say."""
        await connection.execute(
            "update alerts set text = replace(text, $2, '(erased)') where product = $1"
            " and position($2 in text) > 0",
            self._product, personal,
        )  # fmt: skip

    async def alerts(self, connection: Reader) -> list[AlertRecord]:
        """Open alerts, the newest first."""
        rows = await connection.fetch(
            "select * from alerts where product = $1 and closed_at is null order by opened_at desc",
            self._product,
        )
        return [_record(row) for row in rows]

    async def open_count(self, connection: Pool | Connection) -> int:
        """How many alerts are open."""
        count: Any = await connection.fetchval(
            "select count(*) from alerts where product = $1 and closed_at is null", self._product
        )
        return count

    async def deliver(
        self, connection: Connection, ids: Sequence[UUID], job_id: UUID, now: datetime
    ) -> int:
        """Note that this test job delivers these alerts. Returns how many were open and not delivered yet."""
        done = await connection.execute(
            "update alerts set delivery_job = $3, delivered_at = $4, delivery_note = ''"
            " where product = $1 and id = any($2::uuid[]) and delivered_at is null and closed_at is null",
            self._product, list(ids), job_id, now,
        )  # fmt: skip
        return int(done.split()[-1])

    async def note_delivery(self, pool: Pool, ids: Sequence[UUID], note: str) -> None:
        """Note why these alerts were not delivered."""
        await pool.execute(
            "update alerts set delivery_note = $3 where product = $1 and id = any($2::uuid[])"
            " and delivered_at is null and delivery_note <> $3",
            self._product, list(ids), note,
        )  # fmt: skip


def _record(row: Record) -> AlertRecord:
    return AlertRecord(
        key=row["key"],
        kind=row["kind"],
        text=row["text"],
        job_id=row["job_id"],
        opened_at=row["opened_at"],
        seen_at=row["seen_at"],
    )
