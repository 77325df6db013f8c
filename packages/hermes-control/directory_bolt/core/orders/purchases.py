"""What a Stripe checkout says was bought, read tolerantly; what cannot be read is said by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from directory_bolt.core.orders.packages import Package, package
from directory_bolt.core.orders.profile import BusinessProfile, lacking_of
from hermes_base.problems import Problem

PAID_EVENTS = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
FAILED_EVENTS = frozenset({"checkout.session.async_payment_failed", "checkout.session.expired"})
PAID = frozenset({"paid", "no_payment_required"})
PROVES = "hermes_verify"
"""Key of a session's metadata; it counts in Stripe's test mode only."""
NAMES = {
    "businessname": "business_name",
    "company": "business_name",
    "companyname": "business_name",
    "businessemail": "email",
    "url": "website",
    "businesswebsite": "website",
    "businessphone": "phone",
    "address": "street",
    "line1": "street",
    "line2": "street_2",
    "zip": "postal_code",
    "zipcode": "postal_code",
    "postalcode": "postal_code",
    "firstname": "contact_first_name",
    "lastname": "contact_last_name",
    "contactfirstname": "contact_first_name",
    "contactlastname": "contact_last_name",
    "shortdescription": "short_description",
    "yearfounded": "year_founded",
}
"""Other names, without case and punctuation, of fields of the profile."""

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Purchase:
    """A checkout session: `amount` in the currency's smallest unit, None where no usable one is said.

    `payment` is the PaymentIntent, by which a refund or dispute finds the order; "" where there is none."""

    session: str
    paid: bool
    bought: Package
    amount: int | None
    currency: str
    profile: BusinessProfile
    test_mode: bool
    payment: str
    lacking: tuple[str, ...]
    """Fields of the profile that must be asked for first; the payer's own name is not the business's."""
    proves: str
    """The tag of an order that only proves the system (`hermes verify`); "" for a customer's."""

    @property
    def price_fault(self) -> str:
        """Why the amount is not the package's price; "" when it is, or when a discount is named."""
        expected = self.bought.price_usd * 100
        if self.amount is None:
            return f"The checkout session has no usable amount. {self.bought.name} costs {expected / 100:.2f} USD."
        if self.amount == expected and self.currency == "usd":
            return ""
        return (
            f"{self.bought.name} costs {expected / 100:.2f} USD,"
            f" but the checkout session says {self.amount / 100:.2f} {self.currency.upper()}."
        )


def purchase_of(session: Fields) -> Purchase:
    """Read a checkout session. Raises `purchase_unreadable`, naming the field."""
    metadata = _table(session, "metadata")
    amount, currency = _price(session)
    test_mode = session.get("livemode") is not True
    profile = _profile(session)
    return Purchase(
        session=_required(session, "id"),
        paid=session.get("payment_status") in PAID,
        bought=package(package_named(session)),
        amount=amount,
        currency=currency,
        profile=profile,
        lacking=(*(() if _names_business(session) else ("business_name",)), *lacking_of(profile)),
        test_mode=test_mode,
        payment=payment if isinstance(payment := session.get("payment_intent"), str) else "",
        proves=str(metadata.get(PROVES) or "") if test_mode else "",
    )


def package_named(session: Fields) -> str:
    """The package as the checkout's metadata names it; "" where it does not. Older shops say `package_id`."""
    metadata = _table(session, "metadata")
    named = (metadata.get(name) for name in ("package_type", "package", "package_id"))
    return str(next(filter(None, named), ""))


def _price(session: Fields) -> tuple[int | None, str]:
    """(amount before discounts, currency) in the currency of our prices: where Stripe has shown the buyer
    another one, `currency_conversion` keeps ours."""
    converted = _table(session, "currency_conversion")
    said = converted or session
    amount = said.get("amount_subtotal")
    amount = said.get("amount_total") if amount is None else amount
    currency = said.get("source_currency") if converted else said.get("currency")
    usable = type(amount) is int and isinstance(currency, str)
    return (amount if usable else None), str(currency or "").lower()


def known_of(session: Fields) -> dict[str, Any]:
    """Fields of the profile that a checkout session says, unchecked: metadata first, then the custom fields
    of the form, then what Stripe knows of the customer."""
    details, metadata = _table(session, "customer_details"), _table(session, "metadata")
    return {
        **_address(_table(details, "address")),
        "email": details.get("email") or session.get("customer_email"),
        "phone": details.get("phone"),
        "business_name": details.get("business_name") or details.get("name"),
        **_custom(session.get("custom_fields")),
        **_named(metadata),
    }


def _names_business(session: Fields) -> bool:
    """Whether the checkout names the business; otherwise the name is that of whoever paid."""
    details = _table(session, "customer_details")
    return known_of(session)["business_name"] != details.get("name") or bool(
        details.get("business_name")
    )


def _profile(session: Fields) -> BusinessProfile:
    try:
        known = known_of(session)
        return BusinessProfile.model_validate({k: v for k, v in known.items() if v})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        message = f"The checkout session has no usable {field}: {first['msg']}."
        hint = f"Send {field} in the session's metadata or as a custom field of the checkout."
        raise Problem("purchase_unreadable", message, hint, field=field) from error


def _address(found: Fields) -> dict[str, Any]:
    names = {"line1": "street", "line2": "street_2"}
    return {names.get(name, name): found.get(name) for name in
            ("line1", "line2", "city", "state", "postal_code", "country")}  # fmt: skip


def _custom(found: Any) -> dict[str, Any]:
    """Custom fields of a checkout: [{key, text: {value}} | {key, dropdown: {value}} ...]."""
    if not isinstance(found, list):
        return {}
    fields = [cast("Fields", each) for each in cast("list[Any]", found) if isinstance(each, dict)]
    given = {
        str(f.get("key", "")): _table(f, str(f.get("type", "text"))).get("value") for f in fields
    }
    return _named(given)


def _named(found: Fields) -> dict[str, Any]:
    """The fields of a profile among others, under any of their names."""
    result: dict[str, Any] = {}
    for name, value in found.items():
        plain = "".join(c for c in str(name).lower() if c.isalnum())
        field = NAMES.get(plain) or next(
            (known for known in TEXTS if known.replace("_", "") == plain), None
        )
        if field and isinstance(value, str) and value.strip():
            result.setdefault(field, value)
    return result


TEXTS = [
    name for name in BusinessProfile.model_fields if name not in ("hours", "keywords", "social")
]


def _table(found: Fields, name: str) -> Fields:
    value = found.get(name)
    return cast("Fields", value) if isinstance(value, dict) else {}


def _required(session: Fields, name: str) -> str:
    value = session.get(name)
    if isinstance(value, str) and value:
        return value
    raise Problem(
        "purchase_unreadable", f"The checkout session has no {name}.", "Send the complete event."
    )
