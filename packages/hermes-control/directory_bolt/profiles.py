"""The profile of an order's business: completed or corrected by staff, or by its customer."""

from uuid import UUID

from directory_bolt.core.orders.profile import BusinessProfile, identity_of
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.rows.orders import ClaimedOrder
from directory_bolt.placing import profile_alert
from directory_bolt.retries import begin_anew, send_again
from directory_bolt.reversals import taken_back
from directory_bolt.storage import alerts, customers, history, orders, results
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem, not_found

CUSTOMER = "the customer"


class Profiles:
    """Reads and changes profiles. What stopped for want of a fact is tried again with the new one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def one(self, job_id: UUID) -> BusinessProfile:
        """The profile of an order's business. Raises `unknown_order`, `unknown_customer` once it is erased."""
        return BusinessProfile.model_validate((await _order(self._pool, job_id)).profile)

    async def edit(self, job_id: UUID, profile: BusinessProfile, actor: str) -> int:
        """Change the profile; how many directories are tried again because they lacked something.

        An order that waited for its profile goes on. Raises `unknown_order`, `unknown_customer`, and
        `invalid_request` where another customer is this business.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            gone = await taken_back(connection, await orders.payment_of(connection, job_id))
            await orders.lock(connection, job_id)
            job = await _order(connection, job_id)
            if not await customers.rewrite(
                connection, job.customer_id, profile, identity_of(profile)
            ):
                message = "Another customer has this name, email and website."
                raise Problem("invalid_request", message, "Check them.", field="business_name")
            await history.record(connection, job_id, "profile_changed", by=actor)
            await audit.record(connection, actor, "profile_changed", str(job_id))
            await alerts.close_alert(connection, profile_alert(job_id), ())
            return 0 if gone else await _go_on(connection, job, actor)


async def _go_on(connection: Connection, job: ClaimedOrder, actor: str) -> int:
    """What waited for the profile, or stopped before its click for want of a fact, goes on."""
    if job.status == "cancelled":
        return 0
    lacked = [
        row for row in await results.of_job(connection, job.id)
        if row.status == "needs_manual" and row.reason == ResultReason.MISSING_DATA
        and row.clicked_at is None
    ]  # fmt: skip
    for row in lacked:
        await begin_anew(connection, row.id, actor)
    if lacked or job.waits_for == "profile":
        await send_again(connection, job.id, actor)
    return len(lacked)


async def _order(connection: Connection | Pool, job_id: UUID) -> ClaimedOrder:
    job = await orders.claimed(connection, job_id)
    if job is None:
        raise not_found("unknown_order", job_id, "Take an id from the staff dashboard.")
    if not job.profile:
        hint = "The customer's data has been erased."
        raise not_found("unknown_customer", "of this order", hint)
    return job
