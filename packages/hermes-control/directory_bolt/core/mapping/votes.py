"""Everything about a field that speaks for what it asks, and how much each of it counts."""

from collections.abc import Iterator

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Field
from directory_bolt.core.mapping.field_words import field_words
from directory_bolt.core.mapping.labels import Reading, read_name, read_text
from directory_bolt.core.mapping.options import read_options

TYPES = {
    "email": (Kind.EMAIL, 0.9),
    "tel": (Kind.PHONE, 0.85),
    "url": (Kind.WEBSITE, 0.7),
    "search": (Kind.SEARCH, 0.9),
    "password": (Kind.LOGIN, 0.98),
    "file": (Kind.LOGO, 0.3),
    "time": (Kind.HOURS, 0.6),
}
WEIGHTS = {
    "autocomplete": 0.97,
    "label": 0.9,
    "cell": 0.85,
    "name": 0.8,
    "options": 0.8,
    "placeholder": 0.75,
    "id": 0.7,
    "title": 0.7,
    "before": 0.75,
    "column": 0.6,
    "after": 0.2,
    "group": 0.3,
    "hint": 0.3,
}

Vote = tuple[str, Reading, float]  # where it stood, what was read, how much it counts


def votes(field: Field) -> Iterator[Vote]:
    """Everything about a field that speaks for a kind."""
    yield from _declared(field)
    for source, text in texts_of(field):
        if found := read_text(text):
            yield source, found, WEIGHTS[source] * found.strength
    for source, text in (("name", field.name), ("id", field.id if field.id != field.name else "")):
        if found := read_name(text):
            yield source, found, WEIGHTS[source] * found.strength
    if field.options and (found := read_options(field.options)):
        yield "options", found, WEIGHTS["options"] * found.strength


def _declared(field: Field) -> Iterator[Vote]:
    """What the page says in HTML's own vocabulary."""
    for token in field.autocomplete.split():
        if kind := field_words().autofill.get(token):
            yield "autocomplete", Reading(kind, token, 1.0), WEIGHTS["autocomplete"]
    if field.type in TYPES:
        kind, weight = TYPES[field.type]
        yield "type", Reading(kind, field.type, 1.0), weight


def texts_of(field: Field) -> Iterator[tuple[str, str]]:
    """What the page says to people; neighbouring text only counts where nothing is nearer."""
    named = field.label or field.cell
    found = {
        "label": field.label,
        "cell": field.cell,
        "placeholder": field.placeholder,
        "title": field.title,
        "before": "" if named else field.before,
        "column": "" if field.cell else field.column,
        "after": "" if named or field.before or field.placeholder else field.after,
        "group": field.group if field.group != field.label else "",
        "hint": field.hint,
    }
    return ((source, text) for source, text in found.items() if text)
