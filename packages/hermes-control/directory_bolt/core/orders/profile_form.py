"""A business profile as a form of texts, for staff and for customers."""

from collections.abc import Mapping

from pydantic import ValidationError

from directory_bolt.core.orders.profile import BusinessProfile
from hermes_base.problems import Problem

GROUPS: dict[str, dict[str, str]] = {
    "Business": {
        "business_name": "Name of the business",
        "website": "Website",
        "category": "Trade, such as Bakery",
        "short_description": "In one sentence",
        "description": "Description",
        "year_founded": "Founded in",
        "keywords": "Keywords, separated by commas",
    },
    "Contact": {
        "email": "Email",
        "phone": "Phone",
        "contact_first_name": "First name",
        "contact_last_name": "Last name",
    },
    "Address": {
        "street": "Street and number",
        "street_2": "Address, second line",
        "postal_code": "Postal code",
        "city": "City",
        "state": "State or region",
        "country": "Country",
    },
    "Opening hours": {
        f"hours_{day}": day.capitalize()
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    },
    "Elsewhere on the web": {
        f"social_{name}": label
        for name, label in {
            "facebook": "Facebook", "instagram": "Instagram", "linkedin": "LinkedIn", "x": "X",
            "youtube": "YouTube",
        }.items()
    },
}  # fmt: skip
LABELS = {name: label for fields in GROUPS.values() for name, label in fields.items()}
HINTS = {"hours_monday": "09:00-17:00, or closed", "website": "https://"}
LONG = ("description",)
NEEDED = ("business_name", "email")


def profile_of(form: Mapping[str, str]) -> BusinessProfile:
    """The profile that a form says; fields that it leaves out are empty. Raises `invalid_request` with its field."""
    given = {name: form.get(name, "").strip() for name in LABELS}
    fields = {
        "keywords": [word.strip() for word in given.pop("keywords").split(",") if word.strip()],
        "hours": _table(given, "hours_"),
        "social": _table(given, "social_"),
    }
    try:
        return BusinessProfile.model_validate({**given, **fields})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = "_".join(map(str, first["loc"][:2]))
        field = next((name for name in (field, str(first["loc"][0])) if name in LABELS), field)
        message = f"{LABELS.get(field, field)}: {first['msg']}."
        raise Problem("invalid_request", message, "Correct it.", field=field) from error


def form_of(profile: BusinessProfile) -> dict[str, str]:
    """The texts of the form that says this profile."""
    return {
        **{name: value for name, value in profile.model_dump().items() if isinstance(value, str)},
        "keywords": ", ".join(profile.keywords),
        **{f"hours_{day}": hours for day, hours in profile.hours.items()},
        **{f"social_{name}": address for name, address in profile.social.items()},
    }


def _table(given: dict[str, str], prefix: str) -> dict[str, str]:
    names = [name for name in given if name.startswith(prefix)]
    return {name.removeprefix(prefix): value for name in names if (value := given.pop(name))}
