"""Directories with fields that must stay as they are, and such that are corrected after sending."""

from dataclasses import replace

from hermes_sandbox.directories.catalog.asked import PLACED, SHORT, USUAL
from hermes_sandbox.directories.fields import form
from hermes_sandbox.directories.model import Directory, Field, Form
from hermes_sandbox.directories.special import honeypot, newsletter, terms
from hermes_sandbox.directories.words import label

_MEMBER = Field("unknown", "member_no", label("en", "member", 0), required=True)
_INNUNG = Field("unknown", "feld_9", label("de", "member"), required=True)


def _exact(fields: Form, asks: str, **rule: object) -> Form:
    """The same fields; one of them is checked by a rule that the page does not tell."""
    return tuple(replace(each, **rule) if each.asks == asks else each for each in fields)  # type: ignore[arg-type]


_HONEYPOTS = (
    Directory("bee-line", "Bee Line", "honeypot_none", ((honeypot("none", "url", "Website"), *form(*SHORT, naming="numbers")),)),
    Directory(
        "sweet-clover", "Sweet Clover", "honeypot_offscreen",
        ((*form(*USUAL), honeypot("offscreen", "email2", "E-mail"),),), tier=2,
    ),
    Directory(
        "amber-comb", "Amber Comb", "honeypot_aria",
        ((*form(*USUAL, style="wrap"), honeypot("aria", "company_phone", "Phone"),),), layout="list",
    ),
    Directory("hive-street", "Hive Street", "honeypot_told", ((*form(*SHORT), honeypot("told", "nickname")),), tier=2),
    Directory(
        "imkerei", "Rund um die Imkerei", "honeypot_told",
        ((*form(*SHORT, language="de", naming="label"), honeypot("told", "feld_x", label("de", "empty"))),), "de",
    ),
)  # fmt: skip
_BOXES = (
    Directory("fair-terms", "Fair Terms", "terms", ((*form(*USUAL), terms(wording=1)),), tier=2),
    Directory("gazette-list", "Gazette List", "newsletter", ((*form(*USUAL), terms(), newsletter()),), tier=2),
    Directory(
        "eager-gazette", "Eager Gazette", "newsletter_ticked", ((*form(*SHORT), newsletter(wording=1, ticked=True)),)
    ),
)  # fmt: skip
_UNKNOWN = (
    Directory("guild-hall", "Guild Hall", "unknown_required", ((*form(*USUAL), _MEMBER),), tier=2),
    Directory(
        "innungsbuch", "Innungsbuch", "unknown_required",
        ((*form(*SHORT, language="de", style="text", naming="numbers"), _INNUNG),), "de", layout="table", marks="star",
    ),
)  # fmt: skip
_CORRECTED = (
    Directory(
        "dashes-please", "Dashes, Please", "corrected_phone",
        (_exact(form(*SHORT[:2], "phone*"), "phone", format="phone_dashes"),), tier=2,
    ),
    Directory(
        "nur-ziffern", "Nur Ziffern", "corrected_phone",
        (_exact(form(*SHORT[:2], "phone*", language="de", naming="label"), "phone", format="digits"),), "de",
    ),
    Directory(
        "five-digits", "Five Digits", "corrected_postal_code",
        (_exact(form(*PLACED), "postal_code", format="zip5"),), layout="stack",
    ),
    Directory(
        "brief-notes", "Brief Notes", "corrected_length",
        (_exact(form(*USUAL), "description", limit=120),), ending="reference",
    ),
)  # fmt: skip
DIRECTORIES = (*_HONEYPOTS, *_BOXES, *_UNKNOWN, *_CORRECTED)
