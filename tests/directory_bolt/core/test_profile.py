"""What makes a business the same one, and a submission the same one."""

from typing import Any

import pytest
from pydantic import ValidationError

from directory_bolt.core.orders.profile import BusinessProfile, idempotency_key, identity_of

KNOWN = {
    "business_name": "Café Müller",
    "email": "ada@cafe.example.com",
    "website": "https://www.cafe.example.com/menu",
}


def identity(**changes: str) -> str:
    return identity_of(BusinessProfile.model_validate({**KNOWN, **changes}))


@pytest.mark.parametrize(
    "changes",
    [
        {"business_name": "CAFE  MULLER"},
        {"business_name": "Cafe-Müller!"},
        {"email": "ADA@cafe.example.com"},
        {"website": "http://cafe.example.com"},
        {"website": "www.cafe.example.com"},
        {"phone": "+1 212 555 0142", "city": "Springfield"},
    ],
)
def test_a_business_spelt_otherwise_is_the_same_one(changes: dict[str, str]) -> None:
    assert identity(**changes) == identity()


@pytest.mark.parametrize(
    "changes",
    [
        {"business_name": "Café Müllers"},
        {"email": "eve@cafe.example.com"},
        {"website": "https://tea.example.com"},
        {"website": ""},
    ],
)
def test_another_name_mail_or_site_is_another_business(changes: dict[str, str]) -> None:
    assert identity(**changes) != identity()


def test_a_key_differs_by_business_directory_order_and_revision() -> None:
    keys = {
        idempotency_key("a", "b", "c"),
        idempotency_key("a", "b", "c", 1),
        idempotency_key("a", "b", "d"),
        idempotency_key("a", "d", "c"),
        idempotency_key("d", "b", "c"),
        idempotency_key("a", "bc", ""),
        idempotency_key("ab", "c", ""),
    }
    assert len(keys) == 7
    assert idempotency_key("a", "b", "c", 0) == idempotency_key("a", "b", "c")


@pytest.mark.parametrize("website", ["javascript://x.example/", "ftp://x.example", "https://"])
def test_what_is_no_web_address_is_refused(website: str) -> None:
    given: dict[str, Any] = {**KNOWN, "website": website}
    with pytest.raises(ValidationError, match="must be a web address"):
        BusinessProfile.model_validate(given)
