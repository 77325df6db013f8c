"""Until when links to an order were revoked (table revoked_customer_links)."""

from datetime import datetime
from uuid import UUID

from hermes_base.postgres.database import Connection, Reader


async def revoked_until(connection: Reader, job_id: UUID) -> datetime | None:
    """Links made up to then are worth nothing; None where none was revoked."""
    return await connection.fetchval(
        "select until from revoked_customer_links where job_id = $1", job_id
    )


async def revoke(connection: Connection, job_id: UUID, until: datetime) -> None:
    """Revoke every link to an order that was made up to then."""
    await connection.execute(
        "insert into revoked_customer_links (job_id, until) values ($1, $2)"
        " on conflict (job_id) do update set until = excluded.until",
        job_id, until,
    )  # fmt: skip
