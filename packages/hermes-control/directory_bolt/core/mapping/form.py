"""What the fields of a form ask for together: a field beside it may tell what one alone does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from directory_bolt.core.forms.kinds import Kind, Mapping, Signal
from directory_bolt.core.forms.page import Field, Form
from directory_bolt.core.mapping.field import CERTAIN, map_field
from directory_bolt.core.mapping.labels import read_text

OF_A_LISTING = frozenset(
    {
        Kind.CATEGORY,
        Kind.DESCRIPTION,
        Kind.SHORT_DESCRIPTION,
        Kind.HOURS,
        Kind.YEAR_FOUNDED,
        Kind.KEYWORDS,
        Kind.LOGO,
        Kind.SOCIAL,
    }
)
OF_A_PLACE = frozenset({Kind.STREET, Kind.CITY, Kind.POSTAL_CODE, Kind.PHONE})
OF_A_LOGIN = 3  # fields at most
GUESSED = 0.8  # how much surer than a guess from the rest of the form a word would be


@dataclass(frozen=True, slots=True)
class Mapped:
    """A field and what it asks for."""

    field: Field
    mapping: Mapping

    @property
    def kind(self) -> Kind:
        return self.mapping.kind

    @property
    def sure(self) -> bool:
        """Whether it is certain enough to fill it in."""
        return self.mapping.confidence >= CERTAIN


def map_alone(form: Form) -> list[Mapped]:
    """Every field by itself, then those called only "name" by the rest of the form."""
    found = [Mapped(field, map_field(field)) for field in form.fields]
    kinds = kinds_of(found)
    if is_search(form, kinds):
        return [
            each if each.kind is Kind.HONEYPOT else _as(each, Kind.SEARCH, "a search", 1)
            for each in found
        ]
    return [_named(each, kinds, form) if _nameless(each, kinds) else each for each in found]


def _nameless(each: Mapped, kinds: set[Kind]) -> bool:
    """Called only "name"; "votre nom" beside "prénom" says no more."""
    halved = Kind.FIRST_NAME in kinds and Kind.LAST_NAME not in kinds
    return each.kind is Kind.NAME or (each.kind is Kind.FULL_NAME and halved and each.sure)


def is_search(form: Form, kinds: set[Kind]) -> bool:
    """Whether the form looks something up: it says so, and asks for nothing that is sent in."""
    says = [read_text(button.text) for button in form.buttons]
    searching = Kind.SEARCH in kinds or any(r and r.kind is Kind.SEARCH for r in says)
    sent = {Kind.EMAIL, Kind.MESSAGE, Kind.LOGIN, Kind.DESCRIPTION, Kind.TERMS}
    return (searching and not kinds & sent and form.method != "post") or form.role == "search"


def _named(each: Mapped, kinds: set[Kind], form: Form) -> Mapped:
    """Whose name it is."""
    typed = [field for field in form.fields if field.is_text]
    if Kind.LOGIN in kinds and Kind.EMAIL not in kinds and len(typed) <= OF_A_LOGIN:
        return _as(each, Kind.LOGIN, "a login", 1)
    if Kind.LAST_NAME in kinds and Kind.FIRST_NAME not in kinds:
        return _as(each, Kind.FIRST_NAME, "a field for the last name is there", 1)
    if Kind.FIRST_NAME in kinds and Kind.LAST_NAME not in kinds:
        return _as(each, Kind.LAST_NAME, "a field for the first name is there", 1)
    if Kind.BUSINESS_NAME in kinds or Kind.MESSAGE in kinds:
        return _as(each, Kind.FULL_NAME, "the form of a person", 1)
    if kinds & OF_A_LISTING or (Kind.WEBSITE in kinds and kinds & OF_A_PLACE):
        return _as(each, Kind.BUSINESS_NAME, "the form of a listing", GUESSED)
    return _as(each, Kind.FULL_NAME, "no field of a business", 1)


def _as(each: Mapped, kind: Kind, why: str, share: float) -> Mapped:
    mapping = replace(
        each.mapping,
        kind=kind,
        confidence=round(each.mapping.confidence * share, 3),
        signals=(*each.mapping.signals, Signal("form", why)),
    )
    return replace(each, mapping=mapping)


def kinds_of(found: Sequence[Mapped]) -> set[Kind]:
    """The kinds of the fields whose mapping is certain enough to be filled in."""
    return {each.kind for each in found if each.sure}


def certain(each: Mapped, kind: Kind, part: str, why: str) -> Mapped:
    """The field taken for part of an answer, because of the fields around it."""
    confidence = max(0.8, each.mapping.confidence) if each.kind is kind else 0.8
    signals = (*each.mapping.signals, Signal("form", why))
    return replace(each, mapping=Mapping(kind, confidence, signals, part))
