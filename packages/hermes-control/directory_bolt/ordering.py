"""Orders that staff make: of a payment that did not fit, or without any payment of Stripe's."""

from dataclasses import dataclass
from uuid import UUID

from directory_bolt.core.orders.packages import package
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.unfit_payments import session_of
from directory_bolt.core.rows.deliveries import RefusedEvent
from directory_bolt.placing import Placement, place
from directory_bolt.reversals import taken_back
from directory_bolt.storage import alerts, history, inbox
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem, not_found

NO_ORDER = "This payment has an order already."


@dataclass(frozen=True, slots=True)
class StaffOrder:
    """What staff order. `payment` is the id of a kept event, "" where the money came another way.

    `live` orders reach real directories; with a payment its own mode decides. `note` says why.
    """

    package: str
    profile: BusinessProfile
    payment: str = ""
    live: bool = True
    note: str = ""


class Ordering:
    """Makes the orders of staff; from the outbox on they go the way of every order."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def order(self, wanted: StaffOrder, actor: str) -> UUID:
        """Make an order. Returns its id.

        Raises `unknown_package`, `unknown_payment`, `wrong_state` for a payment that has an order, and
        `order_over` for one that was refunded or disputed.
        """
        bought = package(wanted.package)
        async with self._pool.acquire() as connection, connection.transaction():
            event = await _refused(connection, wanted.payment) if wanted.payment else None
            job = await place(connection, _placement(wanted, event))
            if job is None:
                raise Problem("wrong_state", NO_ORDER, "Open the order instead.")
            if event is not None:
                detail = f"{event.detail} {actor} made the order."
                await inbox.settle(connection, event.event_id, "job_created", detail, job.id)
                await alerts.close_alert(connection, f"intake:{event.event_id}", ())
            facts = {"note": wanted.note} if wanted.note else {}
            await history.record(connection, job.id, "job_created", by=actor, **facts)
            await audit.record(
                connection, actor, "order_created", str(job.id), source="staff",
                package=bought.slug, payment=wanted.payment,
            )  # fmt: skip
        return job.id


async def _refused(connection: Connection, event_id: str) -> RefusedEvent:
    """The kept event of a payment, locked, and its money is still here."""
    event = await inbox.lock_refused(connection, event_id)
    if event is None:
        known = await inbox.event(connection, event_id)
        if known is not None and known.job_id is not None:
            raise Problem("wrong_state", NO_ORDER, f"Open the order {known.job_id}.")
        raise not_found(
            "unknown_payment", event_id, "Take an id from the payments without an order."
        )
    payment = session_of(event.payload).get("payment_intent")
    if gone := await taken_back(connection, payment if isinstance(payment, str) else ""):
        raise Problem("order_over", gone, "No order is made of a payment that was taken back.")
    return event


def _placement(wanted: StaffOrder, event: RefusedEvent | None) -> Placement:
    bought = package(wanted.package)
    session = session_of(event.payload if event else {})
    name, payment = session.get("id"), session.get("payment_intent")
    return Placement(
        wanted.profile, bought, bought.directories, "staff",
        name if isinstance(name, str) and name else None,
        {"payment_intent": payment} if isinstance(payment, str) else {},
        live=session.get("livemode") is True if event else wanted.live,
    )  # fmt: skip
