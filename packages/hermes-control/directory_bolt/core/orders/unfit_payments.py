"""Payments of which no order could be made: what staff have to know to make one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from pydantic import Field

from directory_bolt.core.orders.packages import PACKAGES
from directory_bolt.core.orders.purchases import known_of, package_named
from directory_bolt.core.rows.deliveries import RefusedEvent
from hermes_base.view import View

DASHBOARD = "https://dashboard.stripe.com"


class UnfitPayment(View):
    """A payment that Stripe confirmed and that did not become an order, with why."""

    event_id: str = Field(examples=["evt_1"])
    why: str
    customer: str = Field(description="Email address, else name; empty where Stripe tells none")
    amount: str = Field(examples=["149.00 USD"])
    live: bool
    stripe_url: str = Field(description="The payment, or the event, in Stripe's dashboard")
    package: str = Field(description="The package that fits; empty where none does")
    profile: dict[str, str] = Field(description="What the checkout says of the business")
    received_at: datetime


def unfit_payment(row: RefusedEvent) -> UnfitPayment:
    """From the kept event, read tolerantly: whatever is missing is left out."""
    session = session_of(row.payload)
    profile = {name: str(value) for name, value in known_of(session).items() if value}
    slug = package_named(session).strip().lower()
    return UnfitPayment(
        event_id=row.event_id,
        why=row.detail,
        customer=profile.get("email", "") or profile.get("business_name", ""),
        amount=amount_of(session),
        live=session.get("livemode") is True,
        stripe_url=stripe_url(row.event_id, session),
        package=slug if slug in PACKAGES else "",
        profile=profile,
        received_at=row.received_at,
    )


def session_of(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The checkout session of an event; {} where it holds none."""
    data = payload.get("data")
    found = cast("Mapping[str, Any]", data).get("object") if isinstance(data, dict) else None
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}


def whose(event_id: str, session: Mapping[str, Any]) -> str:
    """`Customer ada@example.com, 12.00 EUR, event evt_1.`, with what is known."""
    known = known_of(session)
    customer = known.get("email") or known.get("business_name") or ""
    parts = [f"Customer {customer}" if customer else "", amount_of(session), f"event {event_id}"]
    return f"{', '.join(filter(None, parts))}."


def amount_of(session: Mapping[str, Any]) -> str:
    """What was paid, such as `149.00 USD`; "" where it is not said."""
    amount, currency = session.get("amount_total"), session.get("currency")
    if type(amount) is not int or not isinstance(currency, str):
        return ""
    return f"{amount / 100:.2f} {currency.upper()}"


def stripe_url(event_id: str, session: Mapping[str, Any]) -> str:
    """Where Stripe's dashboard shows the payment; the event where no payment is named."""
    mode = "" if session.get("livemode") is True else "/test"
    payment = session.get("payment_intent")
    if isinstance(payment, str) and payment.isidentifier():
        return f"{DASHBOARD}{mode}/payments/{payment}"
    return f"{DASHBOARD}{mode}/events/{event_id}"
