"""queue_history: everything that happened to an order, append-only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from directory_bolt.core.orders.events import Event
from directory_bolt.core.rows.operations import HistoryEntry
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool


async def record(
    connection: Pool | Connection,
    job_id: UUID,
    event: Event,
    directory: str | None = None,
    worker_id: str | None = None,
    **details: Any,
) -> None:
    """Append one event of an order."""
    await connection.execute(
        "insert into queue_history (job_id, directory_name, event, details, worker_id)"
        " values ($1, $2, $3, $4, $5)",
        job_id, directory, event, details, worker_id,
    )  # fmt: skip


async def record_all(
    connection: Pool | Connection,
    job_id: UUID,
    events: Iterable[tuple[Event, str | None, Mapping[str, Any]]],
    worker_id: str | None = None,
) -> None:
    """Append several events of an order, in this order: (event, directory, details)."""
    names = [
        {"event": event, "directory_name": directory, "details": dict(details)}
        for event, directory, details in events
    ]
    await connection.execute(
        "insert into queue_history (job_id, directory_name, event, details, worker_id)"
        " select $1, directory_name, event, details, $3"
        " from rows from (jsonb_to_recordset($2) as (event text, directory_name text, details jsonb))"
        " with ordinality as v (event, directory_name, details, n) order by n",
        job_id, names, worker_id,
    )  # fmt: skip


async def of_job(
    connection: Pool | Connection, job_id: UUID, limit: int = 1000
) -> list[HistoryEntry]:
    """The events of an order, the oldest first."""
    found = await connection.fetch(
        "select * from queue_history where job_id = $1 order by id limit $2", job_id, limit
    )
    return rows.values(HistoryEntry, found)


async def erase_details(connection: Connection, jobs: Sequence[UUID]) -> None:
    """Take everything but the event itself out of the history of orders; inside an erasure only."""
    await connection.execute("set local hermes.erasing = 'on'")
    await connection.execute(
        "update queue_history set details = '{\"erased\": true}' where job_id = any($1::uuid[])",
        list(jobs),
    )
