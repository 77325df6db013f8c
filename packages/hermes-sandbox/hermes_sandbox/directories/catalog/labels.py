"""Directories that differ in how a label is tied to its field, and in what fields are called."""

from dataclasses import replace

from hermes_sandbox.directories.catalog.asked import LONG, PLACED, SHORT, USUAL
from hermes_sandbox.directories.fields import form, labelled
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.special import terms

_WRAPPED = form(*USUAL, style="wrap")
_FREE = "It is free: no payment, no account, no password and no CAPTCHA."

_TIED = (
    Directory("harbor-yellow-book", "Harbor Yellow Book", "label_for", (form(*PLACED),)),
    Directory(
        "main-street-finder", "Main Street Finder", "label_for",
        (form(*LONG, wording=1, naming="camel"),), layout="stack", ending="reference", path="listing/new",
    ),
    Directory("northgate-pages", "Northgate Pages", "label_wrapping", (_WRAPPED,), marks="star"),
    Directory(
        "the-corner-list", "The Corner List", "label_wrapping",
        (form(*PLACED, style="wrap", wording=2),), layout="list", marks="both", path="add?plan=free",
    ),
    Directory("clover-index", "Clover Business Index", "aria_label", (form(*USUAL, style="aria"),)),
    Directory(
        "sable-directory", "Sable Directory", "aria_labelledby",
        (form(*PLACED, style="labelledby", naming="numbers", wording=1),), layout="grid", marks="aria",
    ),
    Directory(
        "pinwheel-local", "Pinwheel Local", "placeholder_only", (form(*SHORT, "city", style="placeholder"),)
    ),
    Directory(
        "tidewater-companies", "Tidewater Companies", "placeholder_only",
        (form(*PLACED, style="placeholder", naming="numbers", wording=2),), layout="stack", marks="both",
    ),
)  # fmt: skip
_NEAR = (
    Directory(
        "old-mill-register", "Old Mill Register", "table_cells",
        (form(*LONG, style="text", naming="numbers", typed=False),), layout="table", marks="star",
    ),
    Directory(
        "quarry-county-book", "Quarry County Book", "table_above",
        (form(*PLACED, style="text", naming="numbers", wording=1),), layout="above", marks="star",
    ),
    Directory(
        "meadow-lane-guide", "Meadow Lane Guide", "text_before",
        (form(*USUAL, style="text", naming="numbers", typed=False),), layout="inline", marks="star",
    ),
    Directory(
        "lantern-street-list", "Lantern Street List", "text_before",
        (form(*PLACED, style="text", naming="numbers", wording=2),), layout="dl", marks="both",
    ),
    Directory(
        "birchwood-local", "Birchwood Local", "text_before",
        (form(*SHORT, "street", "city", "postal_code", style="text", naming="bracket"),), layout="grid",
    ),
)  # fmt: skip
_NAMED = (
    Directory(
        "copper-bell-pages", "Copper Bell Pages", "legends",
        (
            (
                *form("business_name*", "website", "description", group="Your business"),
                *form("contact_first_name*", "contact_last_name*", "email*", "phone", group="Contact"),
                *form("street", "city*", "state", "postal_code", group="Address"),
            ),
        ),
    ),
    Directory(
        "fernhill-catalogue", "Fernhill Catalogue", "autocomplete_tokens",
        (labelled(form(*USUAL[:-1], naming="numbers", tokens=True), "Line"),),
    ),
    Directory(
        "seven-rivers-book", "Seven Rivers Book", "autocomplete_tokens",
        (labelled(form(*PLACED[:-1], naming="bracket", tokens=True, typed=False), "Field"),), layout="table",
    ),
    Directory(
        "orchard-row-finder", "Orchard Row Finder", "odd_names", (form(*LONG, naming="numbers"),), marks="both"
    ),
    Directory(
        "saddleback-listings", "Saddleback Listings", "odd_names",
        ((*form(*PLACED, naming="bracket", wording=1), terms(name="wpforms[fields][90]")),), layout="stack",
    ),
    Directory(
        "plainly-said", "Plainly Said", "loud_words",
        (form(*USUAL, naming="camel"),), note=_FREE, ending="reference",
    ),
)  # fmt: skip
DIRECTORIES = tuple(replace(each, tier=1, category="local") for each in (*_TIED, *_NEAR, *_NAMED))
