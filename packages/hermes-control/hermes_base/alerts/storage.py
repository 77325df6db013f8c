"""The table alerts: problems are opened, seen again and closed here. Who is told is the outbox's affair."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes_base.alerts.model import CALM, AlertRecord, Product, Severity
from hermes_base.postgres.database import Connection, Pool, Reader

_RAISE = """
    with again as (
        update alerts set closed_at = null, flaps = flaps + 1, text = $4, seen_at = $7
        where closed_at > $7::timestamptz - $8::interval and id = (
            select id from alerts where product = $1 and key = $2 and closed_at is not null
            order by closed_at desc limit 1)
        and not exists (select from alerts where product = $1 and key = $2 and closed_at is null)
        returning id
    ), new as (
        insert into alerts as a (product, key, kind, text, job_id, severity, opened_at, seen_at)
        select $1, $2, $3, $4, $5, $6, $7, $7 where not exists (select from again)
        on conflict (product, key) where closed_at is null do update set text = excluded.text, seen_at = $7
        returning id, xmax = 0 as is_new
    )
    select id, false as is_new from again union all select id, is_new from new
"""


async def raised(
    connection: Pool | Connection, product: Product, key: str, kind: str, text: str, *,
    job_id: UUID | None = None, severity: Severity = "critical", at: datetime | None = None,
) -> tuple[UUID, bool]:  # fmt: skip
    """Open an alert, or note that its problem is still seen; its id, and whether it is new. One that was
    over for less than `CALM` opens again as the same one. `at`: by default the database's now."""
    when: Any = at or await connection.fetchval("select now()")
    row = await connection.fetchrow(_RAISE, product, key, kind, text, job_id, severity, when, CALM)
    assert row is not None, "it opens again, is inserted or updated"  # noqa: S101
    return row["id"], row["is_new"]


class AlertStore:
    """Opens, closes and lists the alerts of one product."""

    def __init__(self, product: Product) -> None:
        self._product: Product = product

    async def raise_alert(
        self, connection: Pool | Connection, key: str, kind: str, text: str,
        job_id: UUID | None = None, severity: Severity = "critical", at: datetime | None = None,
    ) -> bool:  # fmt: skip
        """Open an alert, or note that its problem is still seen; True when it is new."""
        _, is_new = await raised(
            connection, self._product, key, kind, text, job_id=job_id, severity=severity, at=at
        )
        return is_new

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
        self, connection: Pool | Connection, key: str, but: Sequence[str], at: datetime | None = None
    ) -> AlertRecord | None:  # fmt: skip
        """Close one alert; None when none is open, or it is of a kind in `but`."""
        row = await connection.fetchrow(
            "update alerts set closed_at = coalesce($4, now()) where product = $1 and key = $2"
            " and closed_at is null and kind <> all($3::text[]) returning *",
            self._product, key, list(but), at,
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

    async def open_count(self, connection: Reader) -> int:
        """How many alerts are open."""
        count: Any = await connection.fetchval(
            "select count(*) from alerts where product = $1 and closed_at is null", self._product
        )
        return count


def _record(row: Record) -> AlertRecord:
    return AlertRecord(
        key=row["key"],
        kind=row["kind"],
        text=row["text"],
        job_id=row["job_id"],
        opened_at=row["opened_at"],
        seen_at=row["seen_at"],
    )
