"""Which form of a page is the one to submit, and what stands in the way when none is."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Button, Form, Frame
from directory_bolt.core.mapping.buttons import press
from directory_bolt.core.mapping.form import Mapped, kinds_of, map_alone
from directory_bolt.core.mapping.parts import with_parts

WEIGHTS = {
    Kind.BUSINESS_NAME: 4.0,
    Kind.CATEGORY: 3.0,
    Kind.DESCRIPTION: 2.0,
    Kind.SHORT_DESCRIPTION: 2.0,
    Kind.WEBSITE: 2.0,
    Kind.HOURS: 2.0,
    Kind.YEAR_FOUNDED: 2.0,
    Kind.KEYWORDS: 1.5,
    Kind.PHONE: 1.0,
    Kind.STREET: 1.5,
    Kind.LOGO: 1.0,
    Kind.SOCIAL: 1.0,
    Kind.PLAN: 1.0,
    Kind.CITY: 1.0,
    Kind.STATE: 0.5,
    Kind.POSTAL_CODE: 0.5,
    Kind.COUNTRY: 0.5,
    Kind.EMAIL: 0.5,
    Kind.FULL_NAME: 0.5,
    Kind.FIRST_NAME: 0.5,
    Kind.LAST_NAME: 0.5,
    Kind.TERMS: 0.5,
    Kind.MESSAGE: -2.0,
    Kind.SEARCH: -4.0,
}
ENOUGH = 4.0
"""What the fields of a form must weigh together on the first page; later pages ask for less."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A form of a frame (both by index), its fields, and the button that goes on."""

    frame: int
    index: int
    form: Form
    fields: tuple[Mapped, ...]
    button: Button | None

    @property
    def kinds(self) -> set[Kind]:
        return kinds_of(self.fields)


def choose(frames: Sequence[Frame], *, later: bool = False) -> Chosen | None:
    """The form that a listing is submitted by; None when no form of the page can be it.

    `later`: a page after the first, where also the rest of a form or a bare confirmation counts.
    """
    found = [
        look(f, i, form) for f, frame in enumerate(frames) for i, form in enumerate(frame.forms)
    ]
    seen = [each for each in found if each is not None]
    ranked = sorted(seen, key=weight, reverse=True)
    if ranked and weight(ranked[0]) >= (ENOUGH if not later else 0.5):
        return ranked[0]
    return next((each for each in ranked if later and _confirms(each)), None)


def look(frame: int, index: int, form: Form) -> Chosen | None:
    """The form with what its fields ask for; None when a person sees nothing of it."""
    if form.hidden and not any(not field.hidden for field in form.fields):
        return None
    fields = tuple(with_parts(map_alone(form)))
    return Chosen(frame, index, form, fields, press(form))


def weight(chosen: Chosen) -> float:
    """How much a form looks like the submission of a listing."""
    return sum(WEIGHTS.get(kind, 0.0) for kind in chosen.kinds)


def _confirms(chosen: Chosen) -> bool:
    """A form without fields to fill in, and a button that confirms."""
    visible = [each for each in chosen.fields if each.kind is not Kind.HONEYPOT]
    return not visible and chosen.button is not None and press(chosen.form, firm=True) is not None


def wants_login(frames: Sequence[Frame]) -> bool:
    """Whether a page without a submission form has one for signing in."""
    forms = [form for frame in frames for form in frame.forms if not form.hidden]
    return any(f.type == "password" and not f.hidden for form in forms for f in form.fields)
