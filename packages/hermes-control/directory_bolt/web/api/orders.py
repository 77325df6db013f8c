"""Where Stripe tells of payments, and how the way of an order is proved. Stripe's signature is its sign-in."""

import json
import re
import time
from typing import Annotated, Any, cast
from uuid import UUID

import stripe
from fastapi import Header, Request
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from directory_bolt.core.orders.sources import PROVING
from directory_bolt.core.orders.webhook_secrets import secrets_of
from directory_bolt.core.views.pipeline import Pipeline
from directory_bolt.orders import Orders
from directory_bolt.web.api.staff import QueriesDep
from directory_bolt.web.api.staff_actions import Done, OrdersDep
from hermes_base.clock import skew_of
from hermes_base.people.roles import OPEN, PROVE, READ_ALL
from hermes_base.postgres.database import UNSTORABLE
from hermes_base.problems import Problem
from hermes_base.view import View
from hermes_base.web.api import Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["orders"])
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key always returns the same order",
    ),
]
TOLERANCE_SECONDS = 300  # Stripe's own: an older signature may be a replay


class TestOrder(View):
    """To how many demo directories an invented business is sent."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid"
    )
    directories: Annotated[int, Field(ge=1, le=50)] = 1


@router.get("/api/orders/pipeline", READ_ALL, responses=problems())
async def pipeline(request: Request, queries: QueriesDep) -> Pipeline:
    """Current state of every hop an order passes through, each with a next step."""
    return await queries.pipeline(is_signed=bool(request.app.state.stripe_secret))


@router.post(
    "/api/orders/test", PROVE, status_code=201, responses=problems(400, 403, 409, 413, 422)
)
async def order_test(asked: TestOrder, orders: OrdersDep, actor: Actor, key: Key = "") -> Done:
    """Create a test order for an invented business. It starts at the outbox and goes to demo directories only."""
    job_id = await orders.intake.create_test_order(actor, asked.directories, "verify", key=key)
    return Done(job_id=job_id, directories=asked.directories)


@router.post("/api/orders/test/{job_id}/cancel", PROVE, responses=problems(403, 404, 409, 422))
async def cancel_test(job_id: UUID, queries: QueriesDep, orders: OrdersDep, actor: Actor) -> Done:
    """Cancel a test order. A customer's order is refused."""
    if (await queries.order(job_id)).source not in PROVING:
        raise Problem("not_a_test", "This order belongs to a customer.", "Staff may cancel it.")
    await orders.staff.cancel(job_id, actor)
    return Done(job_id=job_id)


@router.delete(
    "/api/orders/test/{job_id}", PROVE, status_code=204, responses=problems(403, 404, 409, 422)
)
async def delete_test(job_id: UUID, orders: OrdersDep) -> None:
    """Delete a test order with all its data. A customer's order is refused."""
    await orders.erasure.delete_test_order(job_id)


@router.post("/api/webhook", OPEN, responses=problems(400, 413))  # Stripe signs these
async def webhook(request: Request) -> JSONResponse:
    """Receive Stripe events. A paid checkout becomes an order; a repeated event changes nothing."""
    secret: str = request.app.state.stripe_secret
    if not secret:
        hint = "Set HERMES_STRIPE_WEBHOOK_SECRET to the endpoint's signing secret (whsec_...)."
        raise Problem("stripe_not_configured", "Stripe is not configured here.", hint)
    body = await request.body()
    _require_signed(body, request.headers.get("stripe-signature", ""), secret, _now(request))
    orders: Orders = request.app.state.orders
    try:
        found = await orders.intake.receive_event(_event(body))
    except UNSTORABLE as error:
        found = await orders.intake.keep_unstorable(body, error)
    payload = {
        "received": True,
        "outcome": found.outcome,
        "detail": found.detail,
        "jobId": str(found.job_id) if found.job_id else None,
        "duplicate": found.duplicate,
    }
    return JSONResponse(payload)


def _now(request: Request) -> float:
    """Seconds since 1970 without the error of this machine's clock: it would refuse what was paid."""
    return time.time() - skew_of(request.app.state.clock).total_seconds()


def _require_signed(body: bytes, signature: str, secret: str, now: float) -> None:
    """Raises `stripe_signature_wrong`. Any of the secrets will do: while one is rolled, two are valid."""
    if not any(_is_signed(body, signature, each) for each in secrets_of(secret)):
        hint = "Check that HERMES_STRIPE_WEBHOOK_SECRET is this endpoint's own signing secret."
        raise Problem("stripe_signature_wrong", "The Stripe signature is not valid.", hint)
    times = [int(t) for t in re.findall(r"\bt=(\d+)", signature)]
    ahead = max(times, default=0) - now
    if ahead > TOLERANCE_SECONDS:
        hint = "Check the clock of the database's machine: the signature is from the future."
        raise Problem("stripe_signature_wrong", "The Stripe signature is not valid yet.", hint)
    if min(times, default=0) - now < -TOLERANCE_SECONDS:  # the library goes by this machine's clock
        hint = "Stripe signs each delivery anew: wait for the next one."
        raise Problem("stripe_signature_wrong", "The Stripe signature is too old.", hint)


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    signatures: Any = stripe.WebhookSignature  # its methods are not typed to the end
    try:
        signatures.verify_header(body.decode(), signature, secret, tolerance=None)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
    return True


def _event(body: bytes) -> dict[str, object]:
    """The event of a signed body. Raises `invalid_event`, and RecursionError for one without end."""
    try:
        event: object = json.loads(body)
    except ValueError as error:
        raise Problem(
            "invalid_event", "The body is not JSON.", "Send the event unchanged."
        ) from error
    if not isinstance(event, dict):
        raise Problem(
            "invalid_event", "The body is not a Stripe event.", "Send the Stripe event unchanged."
        )
    return cast("dict[str, object]", event)
