"""Forms as plain data, and a business that fills them."""

from typing import Any

from directory_bolt.core.forms.grouping import grouped
from directory_bolt.core.forms.page import Button, Field, Form, Frame, Option
from directory_bolt.core.orders.profile import BusinessProfile

BUSINESS = BusinessProfile.model_validate(
    {
        "business_name": "Marigold Dental",
        "email": "hello@marigold.example",
        "contact_first_name": "Ada",
        "contact_last_name": "Marigold",
        "phone": "+1 503-555-0142",
        "website": "https://www.marigold.example",
        "street": "12 Orchard Lane",
        "city": "Portland",
        "state": "Oregon",
        "postal_code": "97205-1234",
        "country": "United States",
        "category": "Dental clinic",
        "description": "A family practice for gentle dentistry, where every word was received with a smile.",
        "short_description": "Gentle dentistry.",
        "hours": {"monday": "09:00-17:00", "tuesday": "09:00-17:00", "sunday": "closed"},
        "year_founded": "1998",
        "keywords": ["implants", "whitening"],
        "social": {"facebook": "https://facebook.example/marigold"},
    }
)
SEND = Button(key="900", tag="button", type="submit", text="Submit listing")


def asks(label: str = "", **given: Any) -> Field:
    """One text field, unless told otherwise."""
    made = {"key": "0", "tag": "input", "type": "text", "label": label, **given}
    return Field.model_validate(made)


def select(label: str, *options: str, **given: Any) -> Field:
    """A select; an option is its text, or "value=text"."""
    made = [Option(value=o.partition("=")[0], text=o.rpartition("=")[2]) for o in options]
    return asks(label, tag="select", type="select-one", options=made, **given)


def form(*fields: Field, **given: Any) -> Form:
    """A form with a button; keys are given by position, names where there are none."""
    keyed = [
        each.model_copy(update={"key": str(n), "name": each.name or f"f{n}"})
        for n, each in enumerate(fields)
    ]
    return grouped(
        Form.model_validate({"method": "post", "fields": keyed, "buttons": [SEND], **given})
    )


def frame(text: str = "", *forms: Form, **given: Any) -> Frame:
    """A page that says this and holds these forms."""
    return Frame.model_validate(
        {"url": "http://d.example/add", "text": text, "forms": forms, **given}
    )
