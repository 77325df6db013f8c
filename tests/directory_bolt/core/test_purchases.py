"""What a Stripe checkout says was bought."""

from typing import Any

import pytest

from directory_bolt.core.orders.purchases import PROVES, purchase_of


def session(**changes: Any) -> dict[str, Any]:
    """A paid checkout session of a starter package."""
    return {
        "id": "cs_1", "payment_status": "paid", "amount_subtotal": 14_900, "currency": "usd",
        "livemode": False, "customer_details": {"email": "ada@bakery.example.com"},
        "metadata": {"package_type": "starter", "business_name": "Mill Bakery"}, **changes,
    }  # fmt: skip


def proving(**changes: Any) -> dict[str, Any]:
    metadata = {"package_type": "starter", "business_name": "Mill Bakery", PROVES: "tag"}
    return session(metadata=metadata, **changes)


def test_a_session_proves_the_system_in_test_mode_only() -> None:
    found = purchase_of(proving())
    assert (found.test_mode, found.proves) == (True, "tag")
    found = purchase_of(proving(livemode=True))
    assert (found.test_mode, found.proves) == (False, "")


def test_a_customers_session_proves_nothing() -> None:
    assert purchase_of(session()).proves == ""


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, ""),
        ({"amount_subtotal": None}, ""),
        ({"amount_subtotal": None, "amount_total": 9_900}, "says 99.00 USD."),
        *(
            ({"amount_subtotal": amount, "amount_total": amount}, "has no usable amount.")
            for amount in (None, "14900", 14_900.0, True, float("nan"))
        ),
        ({"currency": None}, "has no usable amount."),
        (
            {"amount_subtotal": 14_899},
            "Starter costs 149.00 USD, but the checkout session says 148.99 USD.",
        ),
        (
            {"amount_subtotal": 14_901},
            "Starter costs 149.00 USD, but the checkout session says 149.01 USD.",
        ),
        (
            {"currency": "EUR"},
            "Starter costs 149.00 USD, but the checkout session says 149.00 EUR.",
        ),
        ({"amount_total": 9_900}, ""),  # a discount: what counts is the price before it
    ],
)
def test_the_price_is_the_packages_before_any_discount(changes: dict[str, Any], fault: str) -> None:
    found = purchase_of(session(**{"amount_total": 14_900, **changes})).price_fault
    assert fault in found
    assert bool(fault) == bool(found)


@pytest.mark.parametrize(
    ("status", "paid"),
    [("paid", True), ("no_payment_required", True), ("unpaid", False), (None, False)],
)
def test_a_session_is_paid_when_stripe_says_so(status: str | None, paid: bool) -> None:
    assert purchase_of(session(payment_status=status)).paid is paid
