"""Orders that wait for directories: each goes on once one is enabled and allowed."""

from uuid import UUID

from directory_bolt.core.orders.messages import body_of
from directory_bolt.core.rows.orders import Order
from directory_bolt.storage import alerts, history, orders, outbox
from hermes_base.postgres.database import Connection, Pool


async def resume_waiting(pool: Pool) -> list[UUID]:
    """Send on every waiting order that a directory was found for; returns these orders.

    Looked at again and again, not when a directory is enabled: an order that began to wait at the same
    moment would be missed then.
    """
    async with pool.acquire() as connection, connection.transaction():
        found = await orders.lock_waiting(connection)
        return [job.id for job in found if await _resume(connection, job)]


async def _resume(connection: Connection, job: Order) -> bool:
    added = (await orders.extend_work(connection, job)).directories_total - job.directories_total
    if not added or not await orders.move(connection, job.id, "pending"):
        return False
    await orders.unqueue(connection, job.id)
    await outbox.post(connection, body_of(job))
    await history.record(connection, job.id, "resumed", added=added)
    await alerts.close_alert(connection, f"shortage:{job.id}", ())
    if added < job.directories_promised:
        text = f"{job.directories_promised} directories were paid for, but only {added} are enabled and allowed."
        await alerts.raise_alert(connection, f"shortage:{job.id}", "shortage", text, job.id)
    return True
