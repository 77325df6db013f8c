"""A paid checkout as Stripe tells of it, for orders that prove the system and belong to nobody."""

import hashlib
import hmac
from typing import Any

from directory_bolt.core.orders.invented import invented_business
from directory_bolt.core.orders.packages import package


def paid_event(package_type: str, tag: str, at: int, **metadata: str) -> dict[str, Any]:
    """The event of a paid checkout session of an invented business, made at `at` (Unix seconds)."""
    bought, business = package(package_type), invented_business(tag)
    named = {k: v for k, v in business.items() if isinstance(v, str) and k != "email"}
    session = {
        "id": f"cs_test_{tag}",
        "object": "checkout.session",
        "payment_status": "paid",
        "amount_subtotal": bought.price_usd * 100,
        "amount_total": bought.price_usd * 100,
        "currency": "usd",
        "livemode": False,
        "customer_details": {"email": business["email"]},
        "metadata": {**named, "package_type": bought.slug, **metadata},
    }
    return {
        "id": f"evt_test_{tag}",
        "object": "event",
        "api_version": "2026-10-28",
        "created": at,
        "livemode": False,
        "type": "checkout.session.completed",
        "data": {"object": session},
    }


def signature_of(body: bytes, secret: str, at: int) -> str:
    """The Stripe-Signature header of a body."""
    proof = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={proof}"
