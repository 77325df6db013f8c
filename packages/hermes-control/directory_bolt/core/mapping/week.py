"""Rows of opening hours: which day and which end of it each of their fields asks for."""

from directory_bolt.core.forms.fields import Kind
from directory_bolt.core.forms.forms import Field
from directory_bolt.core.forms.words import words_of, words_of_name
from directory_bolt.core.mapping.forms import Mapped, certain

DAYS: dict[str, tuple[str, ...]] = {
    "monday": ("monday", "mon", "montag", "mo", "lundi", "lunes", "lunedi", "maandag", "segunda"),
    "tuesday": ("tuesday", "tue", "tues", "dienstag", "di", "mardi", "martes", "martedi", "dinsdag", "terca"),
    "wednesday": ("wednesday", "wed", "mittwoch", "mi", "mercredi", "miercoles", "mercoledi", "woensdag", "quarta"),
    "thursday": ("thursday", "thu", "thur", "thurs", "donnerstag", "jeudi", "jueves", "giovedi", "donderdag", "quinta"),
    "friday": ("friday", "fri", "freitag", "fr", "vendredi", "viernes", "venerdi", "vrijdag", "sexta"),
    "saturday": ("saturday", "sat", "samstag", "sonnabend", "sa", "samedi", "sabado", "sabato", "zaterdag"),
    "sunday": ("sunday", "sun", "sonntag", "so", "dimanche", "domingo", "domenica", "zondag"),
}  # fmt: skip
OPENS = frozenset(
    words_of(
        "open opens opening from start von offnet ouvre abre apre desde das da de van ab begin"
    )
)
CLOSES = frozenset(
    words_of(
        "close closes closing to until end till bis schliesst ferme cierra chiude fecha hasta tot "
        "ate fin"
    )
)
SHUT = frozenset(words_of("closed geschlossen ruhetag ferme cerrado chiuso gesloten fechado"))
FEWEST_DAYS = 3


def with_days(found: list[Mapped]) -> list[Mapped]:
    """Rows of days; the fields of a day that say no end are its opening, then its closing."""
    days = list[str]()
    for each in found:
        days.append(_day(each.field) or _carried(each, days[-1] if days else ""))
    if len({day for day in days if day}) < FEWEST_DAYS:
        return found
    ends = list[str]()
    for at, (each, day) in enumerate(zip(found, days, strict=True)):
        before = [e for e, d in zip(ends, days[:at], strict=True) if d == day]
        ends.append(_end(each.field, before) if day else "")
    alone = {day for day in days if days.count(day) == 1}
    return [
        certain(
            each, Kind.HOURS, f"{day} {'' if day in alone else end}".strip(), "a row for each day"
        )
        if day and not each.field.hidden
        else each
        for each, day, end in zip(found, days, ends, strict=True)
    ]


def _carried(each: Mapped, day: str) -> str:
    """The day of the field before, for what stands nameless in its row."""
    field = each.field
    if field.type == "checkbox":
        return day if SHUT & {*words_of(field.label), *words_of(field.after)} else ""
    named = field.label or field.cell or field.placeholder
    return day if each.kind is Kind.HOURS or (not named and field.options) else ""


def _day(field: Field) -> str:
    """The one day of the week that a field is about; "" for none or several."""
    texts = (field.label, field.cell, field.group, field.before, field.title, field.placeholder)
    for words in (*map(words_of, texts), words_of_name(field.name), words_of_name(field.id)):
        said = {word for word in words if len(word) > 2 or len(words) < 3}  # "so" is a word, too
        days = {day for day, names in DAYS.items() if set(names) & said}
        if len(days) == 1:
            return next(iter(days))
    return ""


def _end(field: Field, before: list[str]) -> str:
    own = {*words_of(field.label), *words_of(field.after)}
    code = {*words_of_name(field.name), *words_of_name(field.id), *words_of(field.column)}
    if field.type == "checkbox":
        return "closed" if (own | code) & SHUT else "other"
    for words in (set(words_of(field.label)) | set(words_of(field.placeholder)), code):
        if words & OPENS and not words & CLOSES:
            return "opens"
        if words & CLOSES and not words & OPENS:
            return "closes"
    return "closes" if "opens" in before else "opens"
