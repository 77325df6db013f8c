"""What to do with one field for one business, or why a person has to go on."""

from directory_bolt.core.filling.choices import choose_options
from directory_bolt.core.filling.plan import Fill, Stop
from directory_bolt.core.filling.values import Values
from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.mapping.field import CERTAIN
from directory_bolt.core.mapping.form import Mapped
from directory_bolt.core.orders.states import ResultReason

ONCE = frozenset(
    {Kind.PHONE, Kind.WEBSITE, Kind.FULL_NAME, Kind.STREET, Kind.CITY, Kind.DESCRIPTION}
)
"""Asked for a second time, and not required, it is not told again."""
STOPS = {
    Kind.CAPTCHA: ResultReason.CAPTCHA,
    Kind.LOGIN: ResultReason.LOGIN_REQUIRED,
    Kind.PAYMENT: ResultReason.PAYMENT_REQUIRED,
    Kind.CODE: ResultReason.VERIFICATION_REQUIRED,
}


def fill_of(mapped: Mapped, values: Values, filled: set[Kind]) -> Fill | Stop:
    if mapped.kind is Kind.HONEYPOT:
        return Fill(mapped, "leave", note=f"a person does not fill it in: {_why(mapped)}")
    if mapped.field.shut:
        return Fill(mapped, "leave", note="the page does not let it be changed")
    if mapped.kind in STOPS and _guards(mapped):
        return Stop(
            STOPS[mapped.kind], f"{mapped.field.visible_name!r} must be filled in by a person."
        )
    if mapped.field.is_tick:
        return _tick(mapped, values)
    if mapped.field.is_choice:
        return _choice(mapped, values)
    return _text(mapped, values, filled)


def _why(mapped: Mapped) -> str:
    return ", ".join(signal.words for signal in mapped.mapping.signals)


def _guards(mapped: Mapped) -> bool:
    """Of what is for people, the optional "remember me" and the like does not stand in the way."""
    return mapped.field.required or mapped.field.type == "password" or not mapped.field.is_tick


def _tick(mapped: Mapped, values: Values) -> Fill | Stop:
    field = mapped.field
    if mapped.kind is Kind.TERMS:
        return Fill(mapped, "tick", ("on",), "ticked", "the customer agreed with the order")
    if mapped.kind is Kind.HOURS:
        shut = values.hours_part(mapped.mapping.part) == "closed"
        return Fill(mapped, "tick", ("on",), "ticked") if shut else Fill(mapped, "untick")
    if values.demanded(field):
        return Stop(
            ResultReason.UNKNOWN_REQUIRED_FIELD, f"The tick {field.visible_name!r} is required."
        )
    if mapped.kind is Kind.NEWSLETTER:
        return Fill(mapped, "untick" if field.checked else "leave", note="not part of the order")
    return Fill(mapped, "leave", note="not part of the order")


def _choice(mapped: Mapped, values: Values) -> Fill | Stop:
    demanded = values.demanded(mapped.field)
    if mapped.kind is Kind.NEWSLETTER and not demanded:
        return Fill(mapped, "leave", note="not part of the order")
    found = choose_options(mapped, values)
    if found.options:
        chosen = tuple(option.key or option.value for option in found.options)
        shown = ", ".join(option.text or option.value for option in found.options)
        return Fill(mapped, "choose", chosen, shown, found.note)
    if not demanded or not mapped.field.empty:
        return Fill(mapped, "leave", note=found.note)
    return Stop(found.reason, found.note)


def _text(mapped: Mapped, values: Values, filled: set[Kind]) -> Fill | Stop:
    field = mapped.field
    if field.type == "file":
        return _lacking(mapped, values, f"The order holds no file for {field.visible_name!r}.")
    if not mapped.sure or mapped.kind in (Kind.UNKNOWN, Kind.MESSAGE, Kind.SEARCH, Kind.OTHER):
        return _unknown(mapped, values)
    ways = values.ways(mapped)
    if not ways and values.refused.get(field.name):
        return _not_taken(mapped)
    if not ways:
        message = f"The order has no value for {field.visible_name!r} ({mapped.kind})."
        return _lacking(mapped, values, message)
    again = mapped.kind in ONCE and mapped.kind in filled and not mapped.mapping.part
    if again and not values.demanded(field):
        return Fill(mapped, "leave", note="already entered in another field")
    return Fill(mapped, "type", (ways[0].text,), ways[0].text, ways[0].note)


def _not_taken(mapped: Mapped) -> Fill | Stop:
    """No way of writing it is left: it stays empty where it may."""
    field = mapped.field
    message = f"The directory does not accept the value for {field.visible_name!r}: {field.complaint or field.unmet}"
    if field.required:
        return Stop(ResultReason.REJECTED, message)
    return Fill(mapped, "type", ("",), "", message)


def _lacking(mapped: Mapped, values: Values, message: str) -> Fill | Stop:
    if values.demanded(mapped.field):
        return Stop(ResultReason.MISSING_DATA, message)
    return Fill(mapped, "leave", note=message)


def _unknown(mapped: Mapped, values: Values) -> Fill | Stop:
    field = mapped.field
    if not values.demanded(field) or field.value:
        return Fill(mapped, "leave", note="not recognised, and not required")
    if mapped.kind is Kind.OTHER and mapped.sure:
        message = f"The order has no value for {field.visible_name!r}."
        return Stop(ResultReason.MISSING_DATA, message)
    if 0 < mapped.mapping.confidence < CERTAIN and mapped.kind is not Kind.OTHER:
        message = f"{field.visible_name!r} may ask for {mapped.kind}, which is not certain enough"
        return Stop(ResultReason.LOW_CONFIDENCE, f"{message} ({mapped.mapping.confidence:.2f}).")
    message = f"{field.visible_name!r} is required but was not recognised."
    return Stop(ResultReason.UNKNOWN_REQUIRED_FIELD, message)
