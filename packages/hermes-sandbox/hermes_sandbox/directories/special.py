"""Fields that are more than a line to fill in."""

from typing import Literal

from hermes_sandbox.directories import trades
from hermes_sandbox.directories.model import Field, Form, Option
from hermes_sandbox.directories.places import COUNTRIES, STATES
from hermes_sandbox.directories.words import DAYS, PHRASES, label

CLOCK = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def terms(language: str = "en", wording: int = 0, name: str = "terms") -> Field:
    """A box that must be ticked."""
    text = label(language, "terms", wording)
    return Field("terms", name, text, "checkbox", required=True, style="wrap", value="yes")


def newsletter(language: str = "en", wording: int = 0, *, ticked: bool = False) -> Field:
    """A box that must not be ticked, however it stands there."""
    text = label(language, "newsletter", wording)
    return Field(
        "newsletter", "newsletter", text, "checkbox", style="wrap", value="1", ticked=ticked
    )


def honeypot(
    hiding: Literal["none", "offscreen", "aria", "told"], name: str, text: str = ""
) -> Field:
    """A field that only a machine fills in."""
    return Field("honeypot", name, text or label("en", "empty"), hiding=hiding)


def category(
    kind: Literal["select", "radio", "checkbox"] = "select",
    language: str = "en",
    wording: int = 0,
    *,
    grouped: bool = False,
    required: bool = True,
) -> Field:
    """One of the trades; a checkbox for each with `checkbox`, below headings with `grouped`."""
    offered = trades.options(language)
    options = offered if grouped else tuple(Option(each.value, each.text) for each in offered)
    name = "categories[]" if kind == "checkbox" else "category"
    text = label(language, "category", wording)
    return Field("category", name, text, kind, required, options=options)


def hobbies() -> Field:
    """A category that suits no business."""
    options = tuple(Option(str(n), text) for n, text in enumerate(trades.HOBBIES, 1))
    return Field("category", "section", "Category", "select", required=True, options=options)


def state_codes(*, required: bool = True) -> Field:
    """States of the USA by code."""
    options = tuple(Option(code, name) for code, name in STATES.items())
    return Field("state", "region", label("en", "state"), "select", required, options=options)


def country_codes(*, required: bool = True) -> Field:
    """Countries by code."""
    options = tuple(Option(code, names[0]) for code, names in COUNTRIES.items())
    return Field("country", "land", label("en", "country"), "select", required, options=options)


def split_phone(*, labelled: bool) -> Form:
    """Three boxes of an American number; with `told` each says its part, else only the row does."""
    parts = (("area", 3), ("exchange", 3), ("line", 4))
    return tuple(
        Field(
            f"phone.{part}",
            f"phone{number}" if labelled else f"ph_{number}",
            label("en", f"phone.{part}"),
            "tel",
            required=True,
            style="aria" if labelled else "none",
            maxlength=digits,
            cluster=label("en", "phone"),
        )
        for number, (part, digits) in enumerate(parts, 1)
    )


def hours(language: str = "en", *, labelled: bool = False) -> Form:
    """A row for each day: two selects of half hours and a box; with `told` each names its day."""
    return tuple(
        field
        for day, name in zip(WEEK, DAYS[language], strict=True)
        for field in _day(day, name, PHRASES[language], labelled=labelled)
    )


def _day(day: str, name: str, phrases: dict[str, str], *, labelled: bool) -> Form:
    times = tuple(Option(each, each) for each in CLOCK)
    style = "aria" if labelled else "none"
    boxes = [
        Field(
            f"hours.{day}.{end}",
            f"hours[{day[:3]}][{end}]",
            f"{name} {phrases[end]}",
            "select",
            style=style,
            options=times,
            cluster=name,
        )
        for end in ("opens", "closes")
    ]
    closed = Field(
        f"hours.{day}.closed", f"hours[{day[:3]}][closed]", phrases["closed"],
        "checkbox", style="wrap", value="1", cluster=name,
    )  # fmt: skip
    return (*boxes, closed)
