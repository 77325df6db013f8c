"""Directories with something to choose, to split or to upload."""

from dataclasses import replace

from hermes_sandbox.directories import special
from hermes_sandbox.directories.catalog.asked import LONG, PLACED, SHORT, USUAL
from hermes_sandbox.directories.fields import form
from hermes_sandbox.directories.model import Directory, Field, Option

_PLANS = (Option("free", "Basic entry, free"), Option("gold", "Gold entry, $49 a year"))
_PLAN = Field("preset", "plan", "Kind of entry", "radio", options=_PLANS, value="free")
_HEARD = Field(
    "heard", "heard", "How did you hear about us?", "select",
    options=(Option("friend", "From a friend"), Option("web", "On the web")),
)  # fmt: skip
_NAMES = form("contact_first_name*", "contact_last_name*", style="aria", naming="numbers")

_CATEGORIES = (
    Directory("juniper-road-book", "Juniper Road Book", "category_select", ((*form(*USUAL), special.category()),)),
    Directory(
        "hilltop-index", "Hilltop Index", "category_groups",
        ((*form(*SHORT, wording=1), special.category(grouped=True, wording=1)),), layout="stack",
    ),
    Directory(
        "ferry-town-guide", "Ferry Town Guide", "category_radio", ((*form(*SHORT), special.category("radio")),)
    ),
    Directory(
        "willow-creek-tree", "Willow Creek Tree", "category_tree",
        ((*form(*USUAL), special.category("checkbox", grouped=True)),), ending="listing",
    ),
    Directory("curious-hobbies", "Curious Hobbies", "category_foreign", ((*form(*SHORT), special.hobbies()),)),
)  # fmt: skip
_HOURS = (
    Directory("open-doors", "Open Doors", "hours_rows", ((*form(*SHORT), *special.hours()),)),
    Directory(
        "ladenschluss", "Ladenschluss", "hours_rows",
        ((*form(*SHORT, language="de", naming="label"), *special.hours("de", labelled=True)),), "de", layout="table",
    ),
    Directory("when-open", "When Open", "hours_text", (form(*SHORT, "hours"),), ending="reference"),
)  # fmt: skip
_CODES = (
    Directory(
        "fifty-states-book", "Fifty States Book", "state_codes",
        ((*form(*PLACED[:6], "postal_code*"), special.state_codes()),),
    ),
    Directory(
        "worldwide-traders", "Worldwide Traders", "country_codes",
        ((*form(*PLACED[:6], "postal_code", wording=1), special.country_codes(), special.state_codes(required=False)),),
        layout="grid",
    ),
)  # fmt: skip
_SPLIT = (
    Directory(
        "three-boxes", "Three Boxes", "split_phone",
        ((*form("business_name*", "email*"), *special.split_phone(labelled=True), *form("city")),),
    ),
    Directory(
        "dialtone-pages", "Dialtone Pages", "split_phone",
        ((*form("business_name*", "email*", style="text"), *special.split_phone(labelled=False)),), layout="table",
    ),
    Directory(
        "first-and-last", "First and Last", "split_name",
        ((*form("business_name*"), *(replace(each, cluster="Your name") for each in _NAMES), *form("email*", "phone")),),
    ),
)  # fmt: skip
_OTHERS = (
    Directory("picture-pages", "Picture Pages", "upload_optional", (form(*USUAL, "logo"),), ending="listing"),
    Directory("logo-wall", "Logo Wall", "upload_required", (form(*SHORT, "logo*"),)),
    Directory("basic-or-gold", "Basic or Gold", "preset_plan", ((*form(*USUAL, wording=1), _PLAN, _HEARD),)),
    Directory(
        "social-corner", "Social Corner", "social_links",
        (form(*SHORT, "social.facebook", "social.instagram", "social.linkedin", "remarks"),),
    ),
    Directory("whole-story", "The Whole Story", "everything", ((*form(*LONG), special.terms()),), layout="dl"),
    Directory(
        "short-and-sweet", "Short and Sweet", "maximum_told",
        ((*form(*SHORT), *(replace(each, maxlength=90) for each in form("description*"))),),
    ),
)  # fmt: skip
DIRECTORIES = tuple(
    replace(each, tier=2, category="trade")
    for each in (*_CATEGORIES, *_HOURS, *_CODES, *_SPLIT, *_OTHERS)
)
