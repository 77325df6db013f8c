"""Giving an order up, in the same words whatever engine ran it."""

from directory_bolt.core.rows.deliveries import FlowRun
from directory_bolt.storage import alerts, dead_letters, flows, history, orders
from directory_bolt.storage.stopping import stop_attempts
from hermes_base.postgres.database import Pool

MOST_ATTEMPTS = 6
"""The first, and five recoveries ever further apart, in a row without a single directory done."""


async def give_up(pool: Pool, row: FlowRun, holder: str | None) -> None:
    """Too many workers died on it: a person must look. `holder` None: whoever holds the flow run."""
    job_id = row.job_id
    reason = f"{MOST_ATTEMPTS} workers in a row stopped while working on this order"
    async with pool.acquire() as connection, connection.transaction():
        if not await flows.finish(connection, row.id, holder, "crashed", reason):
            return
        await stop_attempts(connection, job_id, holder or row.leased_by or row.engine)
        await orders.move(connection, job_id, "in_progress")
        await orders.move(connection, job_id, "failed", reason)
        await dead_letters.add(connection, "flow", str(job_id), reason, job_id, row.attempts)
        await history.record(connection, job_id, "dead_lettered", reason=reason)
        await alerts.raise_alert(
            connection, f"flow:{job_id}", "dead_letter", f"An order was stopped: {reason}.", job_id
        )
