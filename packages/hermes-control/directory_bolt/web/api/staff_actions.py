"""What staff do with orders."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field

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
        default=None, description="How many directories are tried again"
    )


class Priority(View):
    """1 is worked on first, 4 last."""

    priority: Annotated[int, Field(ge=1, le=4)]


class Resolved(View):
    """How a directory that needed a person ended."""

    status: Literal["submitted", "failed", "skipped"]
    listing_url: Annotated[str, Field(max_length=500, pattern=r"^(https?://\S+)?$")] = ""
    note: Annotated[str, Field(max_length=500)] = ""


class Terms(View):
    """Whether a directory's terms allow submissions, and where that is said."""

    decision: Literal["allowed", "refused", "unknown"]
    note: Annotated[str, Field(max_length=500)] = ""


class Enabled(View):
    """Whether orders to come may use a directory."""

    enabled: bool


class AlertKey(View):
    """Names an open alert."""

    key: Annotated[str, Field(max_length=300)]


class CustomerLink(View):
    """Where a customer follows their order, and until when."""

    url: str
    good_until: datetime


@router.post("/api/staff/jobs/{job_id}/cancel", ACT_ALL, responses=MAY_FAIL)
async def cancel(job_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Stop an order: what was submitted stays, nothing more is sent."""
    await orders.staff.cancel(job_id, actor)
    return Done(job_id=job_id)


@router.delete("/api/staff/jobs/{job_id}", ACT_ALL, status_code=204, responses=MAY_FAIL)
async def delete(job_id: UUID, orders: OrdersDep) -> None:
    """Take an order away that only proved the system, with all its traces; a customer's is refused."""
    await orders.erasure.delete_test_order(job_id)


@router.post("/api/staff/jobs/{job_id}/push", ACT_ALL, responses=MAY_FAIL)
async def push(job_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Hand a pending order to the queue now."""
    await orders.staff.push(job_id, actor)
    return Done(job_id=job_id)


@router.post("/api/staff/jobs/{job_id}/priority", ACT_ALL, responses=BODY_MAY_FAIL)
async def set_priority(job_id: UUID, wanted: Priority, orders: OrdersDep, actor: Actor) -> Done:
    """Have an order worked on earlier or later."""
    await orders.staff.set_priority(job_id, wanted.priority, actor)
    return Done(job_id=job_id)


@router.post("/api/staff/jobs/{job_id}/retry-failed", ACT_ALL, responses=MAY_FAIL)
async def retry_failed(job_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Try the failed directories of an order again."""
    return Done(job_id=job_id, directories=await orders.retries.retry_failed(job_id, actor))


@router.post("/api/staff/jobs/{job_id}/customer-link", ACT_ALL, responses=MAY_FAIL)
async def customer_link(
    job_id: UUID, request: Request, queries: QueriesDep, actor: Actor
) -> CustomerLink:
    """A signed link with which a customer follows this order."""
    token, good_until = await queries.customer_link(job_id, actor)
    return CustomerLink(url=customer_link_of(request, token), good_until=good_until)


@router.post("/api/staff/results/{result_id}/retry", ACT_ALL, responses=MAY_FAIL)
async def retry(result_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Submit to one directory once more, under a new key."""
    return Done(job_id=await orders.retries.retry_one(result_id, actor), directories=1)


@router.post("/api/staff/results/{result_id}/resolve", ACT_ALL, responses=BODY_MAY_FAIL)
async def resolve(result_id: UUID, how: Resolved, orders: OrdersDep, actor: Actor) -> Done:
    """Say how a directory that needed a person ended."""
    job_id = await orders.staff.resolve(result_id, how.status, actor, how.listing_url, how.note)
    return Done(job_id=job_id)


@router.post("/api/staff/dead-letters/{letter_id}/replay", ACT_ALL, responses=MAY_FAIL)
async def replay(letter_id: UUID, orders: OrdersDep, actor: Actor) -> Done:
    """Send a dead letter on its way again."""
    return Done(job_id=await orders.retries.replay(letter_id, actor))


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
    """Switch a directory on or off for orders to come."""
    await orders.directories.enable(directory_id, wanted.enabled, actor)


@router.post("/api/staff/alerts/close", ACT_ALL, status_code=204, responses=BODY_MAY_FAIL)
async def close_alert(alert: AlertKey, orders: OrdersDep, actor: Actor) -> None:
    """Say that an alert has been dealt with."""
    await orders.staff.close_alert(alert.key, actor)
