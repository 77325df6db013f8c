"""Placing an order: customer, order, work list and outbox message, in the transaction of its caller."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from directory_bolt.core.orders.messages import body_of
from directory_bolt.core.orders.packages import Package
from directory_bolt.core.orders.profile import BusinessProfile, identity_of
from directory_bolt.core.orders.profile_form import LABELS
from directory_bolt.core.rows.orders import Order
from directory_bolt.storage import alerts, customers, history, letters, orders, outbox
from hermes_base.postgres.database import Connection


@dataclass(frozen=True, slots=True)
class Placement:
    """What is ordered. `promised` directories; `session` is the Stripe checkout that it was paid with,
    `live` says that it reaches real directories, `lacking` are fields of the profile to be asked for first."""

    profile: BusinessProfile
    bought: Package
    promised: int
    source: str
    session: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    live: bool = False
    lacking: tuple[str, ...] = ()


async def place(connection: Connection, wanted: Placement) -> Order | None:
    """The order, on its way; None when its session has an order already."""
    profile, bought = wanted.profile, wanted.bought
    customer = await customers.put(connection, profile, identity_of(profile), bought.slug)
    job = await orders.add(
        connection, customer, bought, wanted.promised, wanted.source, wanted.session,
        wanted.metadata, wanted.live,
    )  # fmt: skip
    if job is None:
        return None
    if job.directories_total < wanted.promised:
        await _note_shortage(connection, job)
    if wanted.lacking:
        await _wait_for_profile(connection, job, wanted.lacking)
    else:
        await outbox.post(connection, body_of(job))
    await letters.write(connection, job.id, "needs_profile" if wanted.lacking else "received")
    return job


async def _wait_for_profile(connection: Connection, job: Order, lacking: Sequence[str]) -> None:
    """Nothing is sent before the business is known: every directory would stop at the same gap."""
    names = ", ".join(LABELS[name].lower() for name in lacking)
    why = f"The checkout did not say: {names}. The order goes on once the profile says it."
    await orders.move(connection, job.id, "waiting", why, "profile")
    await history.record(connection, job.id, "waiting_for_profile", lacking=list(lacking))
    text = f"A paid order waits. {why}"
    await alerts.raise_alert(connection, profile_alert(job.id), "profile", text, job.id)


def profile_alert(job_id: UUID) -> str:
    """The key of the alert of an order that waits for its profile."""
    return f"profile:{job_id}"


async def _note_shortage(connection: Connection, job: Order) -> None:
    """Fewer directories than were paid for is shown to staff, never hidden."""
    promised, total = job.directories_promised, job.directories_total
    text = f"{promised} directories were paid for, but only {total} are enabled and allowed."
    await history.record(connection, job.id, "shortage", promised=promised, available=total)
    await alerts.raise_alert(connection, f"shortage:{job.id}", "shortage", text, job.id)
