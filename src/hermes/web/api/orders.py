"""Where Stripe tells of payments. Its signature is the sign-in; what it says is taken in once."""

import json
from typing import cast

import stripe
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from hermes.core.problems import Problem
from hermes.orders import Orders
from hermes.web.api.common import problems

router = APIRouter(tags=["orders"])
TOLERANCE_SECONDS = 300  # Stripe's own: an older signature may be a replay


@router.post("/api/webhook", responses=problems(400, 413))
async def webhook(request: Request) -> JSONResponse:
    """Stripe events: a paid checkout becomes an order. A repeated event is answered and changes nothing."""
    secret: str = request.app.state.stripe_secret
    if not secret:
        hint = "Set HERMES_STRIPE_WEBHOOK_SECRET to the endpoint's signing secret (whsec_...)."
        raise Problem("stripe_not_configured", "Stripe is not configured here.", hint)
    event = _event(await request.body(), request.headers.get("stripe-signature", ""), secret)
    orders: Orders = request.app.state.orders
    found = await orders.receive_event(event)
    told = {
        "received": True,
        "outcome": found.outcome,
        "detail": found.detail,
        "jobId": str(found.job_id) if found.job_id else None,
        "duplicate": found.duplicate,
    }
    return JSONResponse(told)


def _event(body: bytes, signature: str, secret: str) -> dict[str, object]:
    """The signed event. Raises `stripe_signature_wrong`, `invalid_event`."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_SECONDS)
        event: object = json.loads(text)
    except stripe.SignatureVerificationError as error:
        hint = "Check that HERMES_STRIPE_WEBHOOK_SECRET is this endpoint's own signing secret."
        raise Problem("stripe_signature_wrong", "The signature is not Stripe's.", hint) from error
    except ValueError as error:
        raise Problem(
            "invalid_event", "The body is not JSON.", "Send events as they are."
        ) from error
    if not isinstance(event, dict):
        raise Problem("invalid_event", "The body is no event.", "Send Stripe events as they are.")
    return cast("dict[str, object]", event)
