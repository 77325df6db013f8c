"""Making the fields of a form from what it asks."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from hermes_sandbox.directories.model import Field, Form, Kind, Style
from hermes_sandbox.directories.words import label

Naming = Literal["plain", "camel", "numbers", "bracket", "label"]

KINDS: dict[str, Kind] = {
    "email": "email",
    "email_again": "email",
    "phone": "tel",
    "fax": "tel",
    "website": "url",
    "social.facebook": "url",
    "social.instagram": "url",
    "social.linkedin": "url",
    "description": "textarea",
    "hours": "textarea",
    "remarks": "textarea",
    "logo": "file",
    "password": "password",
}
TOKENS = {
    "business_name": "organization",
    "contact_name": "name",
    "contact_first_name": "given-name",
    "contact_last_name": "family-name",
    "email": "email",
    "phone": "tel",
    "website": "url",
    "street": "address-line1",
    "street_2": "address-line2",
    "city": "address-level2",
    "state": "address-level1",
    "postal_code": "postal-code",
    "country": "country-name",
}
"""What is asked -> token of the `autocomplete` attribute."""


def form(
    *asked: str | Field,
    language: str = "en",
    style: Style = "for",
    naming: Naming = "plain",
    wording: int = 0,
    group: str = "",
    tokens: bool = False,
    typed: bool = True,
) -> Form:
    """Fields in their order; a word that ends in * is required, a Field stays as it is.

    `tokens` adds autocomplete tokens; without `typed` every line is of type text.
    """
    made: list[Field] = []
    for number, each in enumerate(asked, 1):
        if isinstance(each, Field):
            made.append(each)
            continue
        asks, required = each.rstrip("*"), each.endswith("*")
        text = label(language, asks, wording)
        kind = KINDS.get(asks, "text")
        field = Field(
            asks,
            NAMINGS[naming](asks, text, number),
            text,
            kind if typed or kind in ("textarea", "file", "password") else "text",
            required,
            style,
            autocomplete=TOKENS.get(asks, "") if tokens else "",
            group=group,
        )
        made.append(field)
    return tuple(made)


def labelled(fields: Form, text: str) -> Form:
    """The same fields with a label that says nothing: `text` and a number."""
    return tuple(replace(field, label=f"{text} {n}") for n, field in enumerate(fields, 1))


def _plain(asks: str, _label: str, _number: int) -> str:
    return asks.replace(".", "_")


def _camel(asks: str, _label: str, _number: int) -> str:
    first, *more = re.split(r"[._]", asks)
    return first + "".join(word.capitalize() for word in more)


def _numbers(_asks: str, _label: str, number: int) -> str:
    return f"field_{number}"


def _bracket(_asks: str, _label: str, number: int) -> str:
    return f"wpforms[fields][{number}]"


def _label(_asks: str, text: str, _number: int) -> str:
    return re.sub(r"\W+", "_", text.casefold()).strip("_")


NAMINGS: dict[Naming, Callable[[str, str, int], str]] = {
    "plain": _plain,
    "camel": _camel,
    "numbers": _numbers,
    "bracket": _bracket,
    "label": _label,
}
