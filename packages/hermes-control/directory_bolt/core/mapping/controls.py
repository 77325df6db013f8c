"""Which kinds a control can be at all, and what a single tick asks for."""

from directory_bolt.core.forms.kinds import Kind, Mapping, Signal
from directory_bolt.core.forms.page import Field
from directory_bolt.core.forms.words import words_of, words_of_name
from directory_bolt.core.mapping.phrases import hits

NEVER_TYPED = frozenset({Kind.LOGO, Kind.TERMS, Kind.NEWSLETTER, Kind.PLAN})
CHOSEN = frozenset(
    {
        Kind.CATEGORY,
        Kind.COUNTRY,
        Kind.STATE,
        Kind.CITY,
        Kind.HOURS,
        Kind.YEAR_FOUNDED,
        Kind.PLAN,
        Kind.PHONE,
        Kind.TERMS,
        Kind.NEWSLETTER,
        Kind.KEYWORDS,
        Kind.SEARCH,
        Kind.PAYMENT,
        Kind.HONEYPOT,
        Kind.OTHER,
    }
)
LONG = frozenset(
    {
        Kind.DESCRIPTION,
        Kind.SHORT_DESCRIPTION,
        Kind.MESSAGE,
        Kind.KEYWORDS,
        Kind.HOURS,
        Kind.STREET,
        Kind.CAPTCHA,
        Kind.HONEYPOT,
        Kind.SOCIAL,
        Kind.CATEGORY,
        Kind.OTHER,
    }
)
TIMED = frozenset({Kind.HOURS, Kind.YEAR_FOUNDED, Kind.OTHER, Kind.HONEYPOT})
TICKED = (Kind.HONEYPOT, Kind.NEWSLETTER, Kind.CAPTCHA, Kind.TERMS, Kind.LOGIN)
"""In this order: agreeing to terms and to news at once is news."""
DATES = frozenset({"date", "time", "datetime-local", "month", "week"})


def allowed(kind: Kind, field: Field) -> bool:
    """Whether a control of this sort can ask for this."""
    if field.type == "password":
        return kind in (Kind.LOGIN, Kind.PAYMENT, Kind.CODE)
    if field.options:
        return kind in CHOSEN
    if field.type == "file":
        return kind in (Kind.LOGO, Kind.OTHER)
    if field.type in DATES:
        return kind in TIMED
    if field.tag == "textarea":
        return kind in LONG
    return kind not in NEVER_TYPED


def of_tick(field: Field) -> Mapping:
    """A single checkbox: terms, news, "remember me", a robot's trap - or OTHER."""
    label = field.label or field.after or field.cell or field.before
    found = hits(words_of(label)) + hits(words_of_name(field.name))
    for kind in TICKED:
        words = [hit.words for hit in found if hit.kind == kind]
        if words:
            source = "label" if label else "name"
            return Mapping(kind, 0.9, tuple(Signal(source, word) for word in words))
    return Mapping(Kind.OTHER, 0.5, (Signal("type", "checkbox"),))
