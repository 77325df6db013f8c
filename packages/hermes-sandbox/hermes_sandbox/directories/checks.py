"""What a directory checks in a form that was sent."""

import re
from collections.abc import Callable, Sequence

from hermes_sandbox.directories.controls import Sent
from hermes_sandbox.directories.guards import ANSWERED, wrong_answer
from hermes_sandbox.directories.model import Directory, Field, Form
from hermes_sandbox.directories.words import PHRASES

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
FORMATS = {
    "phone_dashes": re.compile(r"\d{3}-\d{3}-\d{4}"),
    "digits": re.compile(r"\d{6,15}"),
    "zip5": re.compile(r"\d{5}"),
}
"""Rule that the page does not tell -> what a value must look like whole."""


def wrong(directory: Directory, form: Form, sent: Sent) -> dict[str, str]:
    """Name of a field -> what is wrong with it, for the fields of one page of the form."""
    found = {
        field.name: message
        for field in form
        if (message := _wrong(field, sent, directory.language))
    }
    if directory.guard and form is directory.pages[-1]:
        name = ANSWERED[directory.guard]
        if message := wrong_answer(directory, _first(sent.get(name, ()))):
            found[name] = message
    return found


def touched(form: Form, sent: Sent) -> list[str]:
    """Names of the honeypots that were filled in."""
    return [f.name for f in form if f.asks == "honeypot" and _first(sent.get(f.name, ()))]


def subscribed(form: Form, sent: Sent) -> bool:
    """Whether the newsletter was ordered."""
    return any(field.asks == "newsletter" and field.name in sent for field in form)


def _wrong(field: Field, sent: Sent, language: str) -> str:
    values = [value.strip() for value in sent.get(field.name, ()) if value.strip()]
    if not values:
        return PHRASES[language]["missing"] if field.required else ""
    for name, check in _CHECKS.items():
        if not check(field, values):
            most = str(field.limit or field.maxlength)
            return PHRASES[language][field.format if name == "format" else name].format(most=most)
    return ""


def _known(field: Field, values: Sequence[str]) -> bool:
    return not field.options or {option.value for option in field.options} >= set(values)


def _mail(field: Field, values: Sequence[str]) -> bool:
    return not field.asks.startswith("email") or EMAIL.fullmatch(values[0]) is not None


def _short(field: Field, values: Sequence[str]) -> bool:
    most = field.limit or field.maxlength
    return not most or len(values[0].replace("\r\n", "\n")) <= most


def _formed(field: Field, values: Sequence[str]) -> bool:
    return not field.format or FORMATS[field.format].fullmatch(values[0]) is not None


def _first(values: Sequence[str]) -> str:
    return next((value.strip() for value in values), "")


_CHECKS: dict[str, Callable[[Field, Sequence[str]], bool]] = {
    "choice": _known,
    "email": _mail,
    "long": _short,
    "format": _formed,
}
"""Phrase -> check, in the order in which people are told."""
