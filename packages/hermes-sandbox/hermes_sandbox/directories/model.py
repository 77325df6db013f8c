"""What a demo directory is made of: fields, the pages of its form, and how it behaves."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "email", "tel", "url", "textarea", "select", "radio", "checkbox", "file", "hidden", "password",
]  # fmt: skip
Style = Literal["for", "wrap", "aria", "labelledby", "placeholder", "text", "none"]
Layout = Literal["div", "stack", "list", "table", "above", "dl", "grid", "inline"]
Marks = Literal["attribute", "star", "both", "aria"]
Shape = Literal["page", "frame", "script", "fetch"]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `group` is the heading that it stands below."""

    value: str
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One control. `asks` is what it means, `name` what is sent, `style` how its label is tied to it.

    `maxlength` stands in the markup; `limit` (characters) and `format` are checked only after sending.
    Fields of one `cluster` share a row and its label, those of one `group` a fieldset and its legend.
    """

    asks: str
    name: str
    label: str
    kind: Kind = "text"
    required: bool = False
    style: Style = "for"
    options: tuple[Option, ...] = ()
    value: str = ""  # preset; of a checkbox: what a tick sends
    ticked: bool = False
    autocomplete: str = ""
    placeholder: str = ""
    maxlength: int = 0
    limit: int = 0
    format: Literal["", "phone_dashes", "digits", "zip5"] = ""
    hiding: Literal["", "none", "offscreen", "aria", "told"] = ""
    group: str = ""
    cluster: str = ""


Form = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """One little website. `kind` names what is special about it; `pages` holds a form for each step.

    `opening`, `guard` and `ending` are words of verdicts.py: what a visitor meets before, at and after
    the form. `beside` names other forms on the page, `path` the address of the form below the slug.
    """

    slug: str
    name: str
    kind: str
    pages: tuple[Form, ...]
    language: str = "en"
    layout: Layout = "div"
    marks: Marks = "attribute"
    opening: str = "form"
    guard: str = ""
    ending: str = "thanks"
    shape: Shape = "page"
    beside: tuple[Literal["search", "login", "newsletter"], ...] = ()
    path: str = "submit"
    note: str = ""
    category: str = "general"
    tier: int = 3
    lookup: bool = True
    robots: str = ""  # what robots.txt closes, below the slug
    pacing_seconds: float = 0.5

    @property
    def fields(self) -> Form:
        """The fields of all pages, in their order."""
        return tuple(field for page in self.pages for field in page)
