"""An invented business, for orders that prove the system and belong to nobody."""

from typing import Any

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def invented_business(tag: str) -> dict[str, Any]:
    """An invented business, another one for each tag."""
    return {
        "business_name": f"Hermes Test Bakery {tag}",
        "email": f"bakery-{tag}@example.com",
        "contact_first_name": "Ada",
        "contact_last_name": "Miller",
        "phone": "+1 212 555 0142",
        "website": f"https://bakery-{tag}.example.com",
        "street": "12 Mill Street",
        "city": "Springfield",
        "state": "Illinois",
        "postal_code": "62701",
        "country": "United States",
        "category": "Bakery",
        "description": "A bakery that exists only to test this system. Bread, rolls and patience.",
        "short_description": "A bakery that exists only to test this system.",
        "hours": dict.fromkeys(WEEKDAYS, "07:00-18:00")
        | {"saturday": "08:00-13:00", "sunday": "closed"},
        "year_founded": "1998",
    }
