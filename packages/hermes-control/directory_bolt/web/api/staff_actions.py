"""What staff do with orders."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field

from directory_bolt.core.catalog.entries import DirectoryChanges, Entries
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.recorded_outcomes import LONGEST, RecordedOutcome, Resolution
from directory_bolt.ordering import StaffOrder
from directory_bolt.orders import Orders
from directory_bolt.web.api.staff import QueriesDep
from directory_bolt.web.dependencies import customer_link_of, orders_of
from hermes_base.people.roles import ACT_ALL
from hermes_base.view import View
from hermes_base.web.api import Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["orders"])
MAY_FAIL = problems(403, 404, 409, 422)
BODY_MAY_FAIL = problems(400, 403, 404, 409, 413, 422)


OrdersDep = Annotated[Orders, Depends(orders_of)]


class Done(View):
    """What was done concerns this order."""

    job_id: UUID
    directories: int | None = Field(
        default=None, description="Number of directories that will be retried"
    )


class WantedOrder(View):
    """An order that staff make. The fields of `profile` are named as in the metadata of a checkout."""

    package: Annotated[str, Field(max_length=100, examples=["starter"])]
    profile: BusinessProfile
    payment: Annotated[
        str, Field(max_length=255, description="Event of a payment without an order; empty: none")
    ] = ""
    live: bool = Field(
        default=True, description="Reaches real directories. With a payment its own mode decides"
    )
    note: Annotated[str, Field(max_length=500)] = ""


class Priority(View):
    """1 is processed first, 4 last."""

    priority: Annotated[int, Field(ge=1, le=4)]


class Resolved(View):
    """How a directory that needed a person ended. `submitted` needs a listing address, a reference,
    or `confirmed`: you saw the directory's confirmation."""

    status: Resolution
    listing_url: Annotated[str, Field(max_length=LONGEST, pattern=r"^(https?://\S+)?$")] = ""
    reference: Annotated[str, Field(max_length=LONGEST)] = ""
    confirmed: bool = False
    note: Annotated[str, Field(max_length=LONGEST)] = ""


class Terms(View):
    """Whether a directory's terms allow submissions, and where that is said."""

    decision: Literal["allowed", "refused", "unknown"]
    note: Annotated[str, Field(max_length=500)] = ""


class Enabled(View):
    """Whether orders to come may use a directory."""

    enabled: bool


class Imported(View):
    """How many directories were added or updated."""

    directories: int


class AlertKey(View):
    """Names an open alert."""

    key: Annotated[str, Field(max_length=300)]


class CustomerLink(View):
    """Where a customer follows their order, and until when."""

    url: str
    good_until: datetime


@router.post("/api/staff/orders", ACT_ALL, status_code=201, responses=BODY_MAY_FAIL)
async def order(wanted: WantedOrder, orders: OrdersDep, actor: Actor) -> Done:
    """Make an order: of a payment that did not fit, or of money that came another way."""
    made = StaffOrder(wanted.package, wanted.profile, wanted.payment, wanted.live, wanted.note)
    return Done(job_id=await orders.ordering.order(made, actor))


@router.post("/api/staff/jobs/{job_id}/cancel", ACT_ALL, responses=MAY_FAIL)
async def cancel(job_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Cancel an order. Completed submissions stay; nothing more is submitted."""
    await orders.staff.cancel(job_id, actor)
    return Done(job_id=job_id)


@router.delete("/api/staff/jobs/{job_id}", ACT_ALL, status_code=204, responses=MAY_FAIL)
async def delete(job_id: UUID, orders: OrdersDep) -> None:
    """Delete a test order with all its data. A customer's order is refused."""
    await orders.erasure.delete_test_order(job_id)


@router.post("/api/staff/jobs/{job_id}/push", ACT_ALL, responses=MAY_FAIL)
async def push(job_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Queue a pending order now."""
    await orders.staff.push(job_id, actor)
    return Done(job_id=job_id)


@router.post("/api/staff/jobs/{job_id}/priority", ACT_ALL, responses=BODY_MAY_FAIL)
async def set_priority(job_id: UUID, wanted: Priority, orders: OrdersDep, actor: Actor) -> Done:
    """Change an order's priority."""
    await orders.staff.set_priority(job_id, wanted.priority, actor)
    return Done(job_id=job_id)


@router.put("/api/staff/jobs/{job_id}/profile", ACT_ALL, responses=BODY_MAY_FAIL)
async def save_profile(
    job_id: UUID, profile: BusinessProfile, orders: OrdersDep, actor: Actor
) -> Done:
    """Change the profile of an order's business. What waited for it, or stopped for want of a fact, goes on."""
    return Done(job_id=job_id, directories=await orders.profiles.edit(job_id, profile, actor))


@router.post("/api/staff/jobs/{job_id}/retry-failed", ACT_ALL, responses=MAY_FAIL)
async def retry_failed(job_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Retry an order's failed directories."""
    return Done(job_id=job_id, directories=await orders.retries.retry_failed(job_id, actor))


@router.post("/api/staff/jobs/{job_id}/customer-link", ACT_ALL, responses=MAY_FAIL)
async def customer_link(
    job_id: UUID, request: Request, queries: QueriesDep, actor: Actor
) -> CustomerLink:
    """Create a signed link for the customer to follow this order."""
    token, good_until = await queries.customer_link(job_id, actor)
    return CustomerLink(url=customer_link_of(request, token), good_until=good_until)


@router.delete("/api/staff/jobs/{job_id}/customer-link", ACT_ALL, responses=MAY_FAIL)
async def revoke_customer_links(job_id: UUID, queries: QueriesDep, actor: Actor) -> Done:
    """Revoke every link to this order that was given out."""
    await queries.revoke_customer_links(job_id, actor)
    return Done(job_id=job_id)


@router.post("/api/staff/results/{result_id}/retry", ACT_ALL, responses=MAY_FAIL)
async def retry(result_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Retry one directory, with a new idempotency key."""
    return Done(job_id=await orders.retries.retry_one(result_id, actor), directories=1)


@router.post("/api/staff/results/{result_id}/resolve", ACT_ALL, responses=BODY_MAY_FAIL)
async def resolve(result_id: UUID, how: Resolved, orders: OrdersDep, actor: Actor) -> Done:
    """Record the outcome of a directory that needed a person."""
    outcome = RecordedOutcome(how.status, how.listing_url, how.reference, how.confirmed, how.note)
    job_id = await orders.staff.resolve(result_id, outcome, actor)
    return Done(job_id=job_id)


@router.post("/api/staff/results/{result_id}/undo", ACT_ALL, responses=MAY_FAIL)
async def undo(result_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Take back an outcome that a person recorded; the directory needs a person again."""
    return Done(job_id=await orders.staff.undo(result_id, actor), directories=1)


@router.post("/api/staff/dead-letters/{letter_id}/replay", ACT_ALL, responses=MAY_FAIL)
async def replay(letter_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Replay a dead letter."""
    return Done(job_id=await orders.retries.replay(letter_id, actor))


@router.post("/api/staff/directories", ACT_ALL, responses=BODY_MAY_FAIL)
async def put_directories(entries: Entries, orders: OrdersDep, actor: Actor) -> Imported:
    """Add directories of your own, or update them by their submission address: all of them, or none."""
    return Imported(directories=await orders.directories.put(entries, actor))


@router.patch(
    "/api/staff/directories/{directory_id}", ACT_ALL, status_code=204, responses=BODY_MAY_FAIL
)
async def edit_directory(
    directory_id: UUID, changes: DirectoryChanges, orders: OrdersDep, actor: Actor
) -> None:
    """Change the given fields of a directory of your own."""
    await orders.directories.edit(directory_id, changes, actor)


@router.delete(
    "/api/staff/directories/{directory_id}", ACT_ALL, status_code=204, responses=MAY_FAIL
)
async def retire_directory(directory_id: UUID, orders: OrdersDep, actor: Actor) -> None:
    """Retire a directory: it leaves the list and is not used again. Its results stay; enabling brings it back."""
    await orders.directories.retire(directory_id, actor)


@router.post(
    "/api/staff/directories/{directory_id}/terms",
    ACT_ALL,
    status_code=204,
    responses=BODY_MAY_FAIL,
)
async def decide_terms(directory_id: UUID, terms: Terms, orders: OrdersDep, actor: Actor) -> None:
    """Record whether a directory's terms allow submissions."""
    await orders.directories.decide_terms(directory_id, terms.decision, terms.note, actor)


@router.post(
    "/api/staff/directories/{directory_id}/enabled",
    ACT_ALL,
    status_code=204,
    responses=BODY_MAY_FAIL,
)
async def enable(directory_id: UUID, wanted: Enabled, orders: OrdersDep, actor: Actor) -> None:
    """Enable or disable a directory for future orders."""
    await orders.directories.enable(directory_id, wanted.enabled, actor)


@router.post("/api/staff/alerts/close", ACT_ALL, status_code=204, responses=BODY_MAY_FAIL)
async def close_alert(alert: AlertKey, orders: OrdersDep, actor: Actor) -> None:
    """Mark an alert as resolved."""
    await orders.staff.close_alert(alert.key, actor)
