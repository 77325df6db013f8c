"""What is to be done with the fields of a form, and what keeps it from being sent."""

from dataclasses import dataclass, field
from typing import Literal

from directory_bolt.core.forms.page import Field
from directory_bolt.core.forms.words import words_of
from directory_bolt.core.mapping.form import Mapped
from directory_bolt.core.orders.states import ResultReason

Action = Literal["type", "choose", "tick", "untick", "leave"]

ORDER = (
    ResultReason.CAPTCHA,
    ResultReason.LOGIN_REQUIRED,
    ResultReason.PAYMENT_REQUIRED,
    ResultReason.VERIFICATION_REQUIRED,
    ResultReason.UNKNOWN_REQUIRED_FIELD,
    ResultReason.LOW_CONFIDENCE,
    ResultReason.MISSING_DATA,
    ResultReason.REJECTED,
)


@dataclass(frozen=True, slots=True)
class Fill:
    """What is done with one field. `values`: what is typed, or the options chosen (values or keys)."""

    mapped: Mapped
    action: Action
    values: tuple[str, ...] = ()
    shown: str = ""
    note: str = ""

    @property
    def field(self) -> Field:
        """The field as it was read from the page."""
        return self.mapped.field

    @property
    def is_done(self) -> bool:
        """Whether the field holds this already; case and punctuation that a mask adds do not count."""
        if self.action == "leave":
            return True
        if self.action in ("tick", "untick"):
            return self.field.checked is (self.action == "tick")
        if self.action == "choose":
            return {o.key or o.value for o in self.field.options if o.chosen} >= set(self.values)
        return "".join(words_of(self.field.value)) == "".join(words_of(self.values[0]))


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a person has to go on, and at which field."""

    reason: ResultReason
    message: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that can be filled in; `stops` say what keeps the form from being sent."""

    fills: tuple[Fill, ...]
    stops: tuple[Stop, ...] = field(default=())

    @property
    def stop(self) -> Stop | None:
        """The stop to report, by the order of `ORDER`; None where the form may be sent."""
        return min(self.stops, key=lambda stop: ORDER.index(stop.reason), default=None)
