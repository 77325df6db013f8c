"""Erasure: the personal data of a customer, and test orders with all their traces."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from directory_bolt.core.orders.sources import PROVING
from directory_bolt.core.orders.states import OPEN
from directory_bolt.engines.queue import Queue
from directory_bolt.staff import locked_order
from directory_bolt.storage import alerts, customers, history, inbox, orders, results
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem, not_found


class Erasure:
    """Files of evidence go after the commit: a crash in between leaves files, never rows without."""

    def __init__(self, pool: Pool, queue: Queue, evidence: Path) -> None:
        self._pool = pool
        self._queue = queue
        self._evidence = evidence

    async def erase_customer(self, email: str, actor: str) -> int:
        """Erase the personal data of a customer; figures and the audit log stay, without it.

        Returns how many customers had this address. Raises `unknown_customer`, `order_open`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            ids = await customers.by_email(connection, email)
            if not ids:
                raise not_found("unknown_customer", email, "Use the email address of the order.")
            jobs = await customers.erase(connection, ids)
            await _require_over(connection, jobs)
            files = await results.erase(connection, jobs)
            await inbox.erase(connection, jobs)
            await inbox.erase_of(connection, email)
            await alerts.erase(connection, email)
            await history.erase_details(connection, jobs)
            await audit.record(connection, actor, "customer_erased", str(ids[0]), orders=len(jobs))
        self._unlink(files)
        return len(ids)

    async def delete_test_order(self, job_id: UUID) -> None:
        """Delete a test order whole, as if it had never been. Raises `not_a_test`, `unknown_order`."""
        async with self._pool.acquire() as connection, connection.transaction():
            job = await locked_order(connection, job_id)
            if job.source not in PROVING:
                raise Problem(
                    "not_a_test", "This order belongs to a customer.", "Use: hermes erase-customer"
                )
            found = await results.of_job(connection, job_id)
            if job.message_id and job.queue_provider == self._queue.provider:
                await self._queue.forget(job.message_id, connection)
            await inbox.forget(connection, job_id)
            await orders.delete(connection, [job_id])
            await customers.delete_without_orders(connection, job.customer_id)
        self._unlink([name for row in found for name in results.evidence_of(row)])

    def _unlink(self, names: Sequence[str]) -> None:
        for name in names:
            for file in self._evidence.glob(f"{name}*"):
                file.unlink(missing_ok=True)


async def _require_over(connection: Connection, jobs: Sequence[UUID]) -> None:
    for job_id in jobs:
        job = await orders.lock(connection, job_id)
        if job is not None and job.status in OPEN:
            message = "This customer still has an active order."
            raise Problem("order_open", message, "Cancel it, or wait until it finishes.")
