"""Directories whose form is not one plain form of one page."""

from hermes_sandbox.directories.catalog.asked import PLACED, SHORT, USUAL
from hermes_sandbox.directories.fields import form
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.special import category, hours, newsletter, terms

_ADDRESS = form("street*", "city*", "state", "postal_code*")

_STEPS = (
    Directory(
        "two-step-town", "Two Step Town", "steps",
        (form("business_name*", "email*", "phone*"), (*_ADDRESS, *form("description"))), tier=2,
    ),
    Directory(
        "three-turns", "Three Turns", "steps",
        (
            (*form("business_name*", "website"), category()),
            (*form("contact_first_name*", "contact_last_name*", "email*", "phone"), *_ADDRESS),
            (terms(), newsletter()),
        ),
        layout="stack", ending="reference", tier=2,
    ),
    Directory(
        "schritt-fuer-schritt", "Schritt für Schritt", "steps",
        (
            form("business_name*", "email*", "phone", language="de", naming="label"),
            (*form("description*", language="de", naming="label"), *hours("de", labelled=True)),
        ),
        "de", layout="table",
    ),
)  # fmt: skip
_TWO_FORMS = (
    Directory("search-me-first", "Search Me First", "search_beside", (form(*USUAL),), beside=("search",), tier=2),
    Directory(
        "members-and-guests", "Members and Guests", "login_beside", (form(*USUAL, wording=1),), beside=("login",),
        tier=2,
    ),
    Directory(
        "town-crier", "Town Crier", "three_forms", (form(*PLACED, style="wrap"),), layout="list",
        beside=("search", "newsletter"),
    ),
)  # fmt: skip
_FRAMES = (
    Directory("window-pane", "Window Pane", "frame", (form(*USUAL),), shape="frame", tier=2),
    Directory(
        "inner-court", "Inner Court", "frame", (form(*SHORT, style="text", naming="numbers"),), layout="table",
        shape="frame", ending="reference",
    ),
)  # fmt: skip
_SCRIPTS = (
    Directory("built-by-hand", "Built by Hand", "script", (form(*USUAL, naming="camel"),), shape="script", tier=2),
    Directory(
        "late-arrival", "Late Arrival", "script", ((*form(*PLACED, style="placeholder"), terms()),), layout="stack",
        shape="script", ending="listing",
    ),
    Directory(
        "stay-on-page", "Stay on Page", "fetch", (form(*USUAL),), shape="fetch", ending="inline", tier=2
    ),
    Directory(
        "quiet-answer", "Quiet Answer", "fetch", ((*form(*SHORT, style="aria", naming="numbers"), category()),),
        shape="fetch", ending="inline",
    ),
)  # fmt: skip
DIRECTORIES = (*_STEPS, *_TWO_FORMS, *_FRAMES, *_SCRIPTS)
