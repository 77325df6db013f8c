"""Payments that Stripe takes back: refunds and disputes, and what each means for an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REVERSING = frozenset({"charge.refunded", "charge.dispute.created"})


@dataclass(frozen=True, slots=True)
class Reversal:
    """What an event says of a payment: `whole` where nothing of it is left to work for."""

    payment: str
    whole: bool
    says: str


def reversal_of(kind: str, about: Mapping[str, Any]) -> Reversal | None:
    """Read the charge of `charge.refunded`, or the dispute of `charge.dispute.created`; None where it names
    no payment. A disputed payment is held back by Stripe whole, whatever its amount."""
    payment = about.get("payment_intent")
    if not isinstance(payment, str) or not payment:
        return None
    if kind == "charge.dispute.created":
        return Reversal(payment, True, f"The payment was disputed ({about.get('reason') or 'no reason given'}).")  # fmt: skip
    amount, refunded = about.get("amount"), about.get("amount_refunded")
    whole = about.get("refunded") is True or (amount is not None and amount == refunded)
    part = "" if whole or not isinstance(refunded, int) else f" in part ({refunded / 100:.2f})"
    return Reversal(payment, whole, f"The payment was refunded{part}.")
