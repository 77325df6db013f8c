"""Stopping the order of a payment that was taken back."""

from uuid import UUID

from directory_bolt.core.orders.reversals import Reversal, reversal_of
from directory_bolt.storage import alerts, flows, history, inbox, orders
from directory_bolt.storage.stopping import stop_attempts
from hermes_base.postgres.database import Connection

BY = "Stripe"


async def taken_back(connection: Connection, payment: str) -> str:
    """What is said of a payment that was taken back whole; "" of one that was not. Its events wait for each other."""
    if not payment:
        return ""
    await inbox.lock_payment(connection, payment)
    kept = [reversal_of(*event) for event in await inbox.reversals(connection, payment)]
    return next((each.says for each in kept if each and each.whole), "")


async def reverse(connection: Connection, reversal: Reversal) -> tuple[UUID, str] | None:
    """Stop what is not submitted yet, and tell staff what was: (order, what became of it).

    None where no order was paid for with this payment. A refund of a part stops nothing; staff are told.
    """
    await inbox.lock_payment(connection, reversal.payment)
    job_id = await orders.of_payment(connection, reversal.payment)
    if job_id is None:
        return None
    # The flow before the order, as its worker locks them: the other way round is a deadlock.
    flow = await flows.lock_open_flow(connection, job_id)
    await orders.lock(connection, job_id)
    stopped = reversal.whole and await orders.move(connection, job_id, "cancelled")
    if stopped:
        if flow is None or flow.leased_by is None:  # no worker would end what is open
            if flow is not None:
                await flows.finish(connection, flow.id, None, "cancelled", f"by {BY}")
            await stop_attempts(connection, job_id, BY)
        await history.record(connection, job_id, "cancelled", by=BY, reason=reversal.says)
    job = await orders.recount(connection, job_id)
    done, total = job.directories_done, job.directories_total
    now = "was stopped" if stopped else f"is {job.status.replace('_', ' ')}"
    detail = f"{reversal.says} The order {now}; {done} of {total} directories have a result."
    await alerts.raise_alert(connection, f"reversal:{job_id}", "reversal", detail, job_id)
    return job_id, detail
