"""Choosing among options: by code, by name, by nearness with a stated score."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from directory_bolt.core.filling.hours import minutes
from directory_bolt.core.filling.nearness import name_nearness, nearness
from directory_bolt.core.filling.phone import country_calling_code
from directory_bolt.core.filling.values import Values
from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Option
from directory_bolt.core.forms.places import country_code, state
from directory_bolt.core.forms.words import plain, words_of
from directory_bolt.core.mapping.field import CERTAIN
from directory_bolt.core.mapping.form import Mapped
from directory_bolt.core.orders.states import ResultReason

NEAR = 0.8
"""Below this nearness an option is not taken for the category of the business."""
FREE = frozenset(words_of("free basic gratis kostenlos gratuit gratuito gratuita standard"))
YES = frozenset(
    words_of("yes ja oui si sim agree accept akzeptieren accepter acepto accetto aceito")
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The options to choose; without any, why, and what that means for a required field."""

    options: tuple[Option, ...] = ()
    note: str = ""
    reason: ResultReason = ResultReason.UNKNOWN_REQUIRED_FIELD


def choose_options(mapped: Mapped, values: Values) -> Choice:
    """The options of a field that fit this business, or why none is certain enough to be chosen."""
    name = mapped.field.visible_name
    open_ones = [option for option in mapped.field.options if not option.shut]
    if mapped.kind is Kind.OTHER and mapped.mapping.confidence >= CERTAIN:
        return Choice((), f"The order has no value for {name!r}.", ResultReason.MISSING_DATA)
    if not mapped.sure or mapped.kind not in _CHOOSING:
        return Choice((), f"The field {name!r} was not recognised.")
    return _CHOOSING[mapped.kind](mapped, values, open_ones)


def _nearest(
    mapped: Mapped,
    wanted: str,
    options: Sequence[Option],
    near: Callable[[str, str], float] = name_nearness,
) -> Choice:
    """The option that is nearest to what is wanted, when it is near enough."""
    name = mapped.field.visible_name
    if not wanted:
        message = f"The order has no value for {name!r} ({mapped.kind})."
        return Choice((), message, ResultReason.MISSING_DATA)
    scored = [(max(near(wanted, o.text), near(wanted, o.value)), o) for o in options]
    score, best = max(scored, key=lambda found: found[0], default=(0.0, None))
    if best is None or score < NEAR:
        text = best.text if best else "nothing"
        message = f"No option of {name!r} matches {wanted!r} closely enough. The closest is {text!r} ({score:.2f})."
        return Choice((), message, ResultReason.LOW_CONFIDENCE)
    return Choice((best,), f"closest match for {wanted!r} ({score:.2f})")


def _category(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    return _nearest(mapped, values.profile.category, options, nearness)


def _city(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    return _nearest(mapped, values.profile.city, options)


def _country(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    code = values.country
    found = [o for o in options if code and code in (country_code(o.text), o.value.upper())]
    return (
        Choice((found[0],), f"country {code}")
        if found
        else _nearest(mapped, values.profile.country, options)
    )


def _state(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    known = state(values.profile.state, values.country)
    names = {plain(part) for part in known[1:]} if known else set[str]()
    found = [o for o in options if names & {plain(o.value).strip(), plain(o.text).strip()}]
    return (
        Choice((found[0],), f"state {known[1]}")
        if known and found
        else _nearest(mapped, values.profile.state, options)
    )


def _hours(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    wanted = values.hours_part(mapped.mapping.part)
    if not wanted or wanted == "closed":
        return Choice(
            (),
            "closed on this day" if wanted else "not in the order",
            ResultReason.MISSING_DATA,
        )
    time = minutes(wanted)
    found = [o for o in options if time is not None and time in (minutes(o.text), minutes(o.value))]
    if found:
        return Choice((found[0],), f"{mapped.mapping.part} at {wanted}")
    return Choice(
        (),
        f"{wanted} cannot be chosen in {mapped.field.visible_name!r}.",
        ResultReason.LOW_CONFIDENCE,
    )


def _year(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    year = values.profile.year_founded
    found = [o for o in options if year and year in (o.text.strip(), o.value)]
    return (
        Choice((found[0],))
        if found
        else Choice((), "The order does not contain the year.", ResultReason.MISSING_DATA)
    )


def _phone(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    """The dialling code, beside the name of our own country where several share it."""
    code = country_calling_code(values.profile.phone, values.country)
    found = [o for o in options if code and code in words_of(f"{o.text} {o.value}")]
    ours = [o for o in found if values.country in (country_code(o.text), o.value.upper())]
    if found:
        return Choice(((ours or found)[0],), f"dialling code +{code}")
    return Choice((), "The order holds no number with a dialling code.", ResultReason.MISSING_DATA)


def _plan(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    free = [o for o in options if FREE & set(words_of(o.text))]
    if free:
        return Choice((free[0],), "the free listing")
    return Choice(
        (),
        f"{mapped.field.visible_name!r} has no free option.",
        ResultReason.PAYMENT_REQUIRED,
    )


def _terms(mapped: Mapped, values: Values, options: Sequence[Option]) -> Choice:
    agreed = [o for o in options if YES & set(words_of(o.text))]
    return (
        Choice((agreed[0],), "the customer agreed with the order")
        if agreed
        else Choice((), "No option means yes.")
    )


_CHOOSING = {
    Kind.CATEGORY: _category,
    Kind.CITY: _city,
    Kind.COUNTRY: _country,
    Kind.STATE: _state,
    Kind.HOURS: _hours,
    Kind.YEAR_FOUNDED: _year,
    Kind.PHONE: _phone,
    Kind.PLAN: _plan,
    Kind.TERMS: _terms,
}
