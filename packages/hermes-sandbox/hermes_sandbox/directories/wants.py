"""What each field should receive for a business."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hermes_sandbox.directories.fitting import BLANK, Rule, Want
from hermes_sandbox.directories.model import Field
from hermes_sandbox.directories.places import STATES, country_code, state_code
from hermes_sandbox.directories.special import CLOCK
from hermes_sandbox.directories.trades import key_of

Profile = Mapping[str, Any]
"""A business: the fields of Hermes' business profile as plain data; what is missing is not given."""


def want(field: Field, profile: Profile) -> Want:
    """What this field should receive for this business."""
    asks, _, part = field.asks.partition(".")
    making = _MAKING.get(asks)
    found = making(field, profile, part) if making else _texts(str(profile.get(asks, "")))
    return found if any(found.values) or found.rule == "any" else BLANK


def _texts(*values: str, rule: Rule = "text") -> Want:
    return Want(rule, tuple(value for value in values if value))


def _contact(_field: Field, profile: Profile, _part: str) -> Want:
    names = (profile.get("contact_first_name", ""), profile.get("contact_last_name", ""))
    return _texts(" ".join(name for name in names if name))


def _email(_field: Field, profile: Profile, _part: str) -> Want:
    return _texts(profile["email"])


def _website(_field: Field, profile: Profile, _part: str) -> Want:
    return _texts(profile.get("website", ""), rule="address")


def _phone(field: Field, profile: Profile, part: str) -> Want:
    number = re.sub(r"\D", "", profile.get("phone", ""))
    if not part and field.format != "phone_dashes":
        return _texts(number, rule="phone")
    american = re.fullmatch(r"1?(\d{3})(\d{3})(\d{4})", number)
    if not american:
        return BLANK
    if not part:
        return _texts("-".join(american.groups()))
    return _texts(american[("area", "exchange", "line").index(part) + 1])


def _postal_code(field: Field, profile: Profile, _part: str) -> Want:
    code = profile.get("postal_code", "")
    if field.format == "zip5":
        found = re.match(r"\d{5}\b", code)
        return _texts(found[0] if found else "")
    return _texts(code)


def _state(field: Field, profile: Profile, _part: str) -> Want:
    given = profile.get("state", "")
    code = state_code(given)
    return _texts(code) if field.options else _texts(given, code, STATES.get(code, ""))


def _country(field: Field, profile: Profile, _part: str) -> Want:
    given = profile.get("country", "")
    return _texts(country_code(given)) if field.options else _texts(given)


def _category(field: Field, profile: Profile, _part: str) -> Want:
    given = profile.get("category", "")
    offered = {option.value for option in field.options}
    return _texts(key_of(given) if key_of(given) in offered else "") if offered else _texts(given)


def _description(_field: Field, profile: Profile, _part: str) -> Want:
    return _texts(
        profile.get("description", ""), profile.get("short_description", ""), rule="start"
    )


def _short(_field: Field, profile: Profile, _part: str) -> Want:
    return _texts(
        profile.get("short_description", ""), profile.get("description", ""), rule="start"
    )


def _keywords(_field: Field, profile: Profile, _part: str) -> Want:
    return _texts(", ".join(profile.get("keywords", [])), rule="words")


def _social(_field: Field, profile: Profile, part: str) -> Want:
    return _texts(profile.get("social", {}).get(part, ""), rule="address")


def _hours(field: Field, profile: Profile, part: str) -> Want:
    hours_by_day: Mapping[str, str] = profile.get("hours", {})
    if not part:
        return _texts(" ".join(hours_by_day.values()), rule="hours")
    day, _, which = part.partition(".")
    hours = hours_by_day.get(day, "")
    if which == "closed":
        return _texts(field.value if hours == "closed" else "")
    opens, _, closes = hours.partition("-") if hours != "closed" else ("", "", "")
    time = opens if which == "opens" else closes
    return _texts(time) if not time or time in CLOCK else Want("any")


def _fixed(field: Field, _profile: Profile, _part: str) -> Want:
    return _texts(field.value)


def _nothing(_field: Field, _profile: Profile, _part: str) -> Want:
    return BLANK


_MAKING: dict[str, Callable[[Field, Profile, str], Want]] = {
    "contact_name": _contact,
    "email": _email,
    "email_again": _email,
    "website": _website,
    "phone": _phone,
    "postal_code": _postal_code,
    "state": _state,
    "country": _country,
    "category": _category,
    "description": _description,
    "short_description": _short,
    "keywords": _keywords,
    "social": _social,
    "hours": _hours,
    "terms": _fixed,
    "preset": _fixed,
    **dict.fromkeys(
        (
            "fax",
            "logo",
            "newsletter",
            "honeypot",
            "unknown",
            "heard",
            "remarks",
            "password",
        ),
        _nothing,
    ),
}
