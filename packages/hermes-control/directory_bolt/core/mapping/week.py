"""Rows of opening hours: which day and which end of it each of their fields asks for."""

from functools import cache
from typing import Literal

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Field
from directory_bolt.core.forms.word_lists import WordList
from directory_bolt.core.forms.words import words_of, words_of_name
from directory_bolt.core.mapping.form import Mapped, certain
from hermes_base.data_files import Data, load

FEWEST_DAYS = 3  # of a week, from which on fields are the rows of one
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class WeekWords(Data):
    """week_words.toml; what each list means is said there."""

    opens: WordList
    closes: WordList
    closed: WordList
    days: dict[Day, WordList]


@cache
def week_words() -> WeekWords:
    """The words, read when they are first needed. Raises FaultyFile."""
    return load(__name__, "week_words.toml", WeekWords)


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
        return (
            day
            if week_words().closed.among((*words_of(field.label), *words_of(field.after)))
            else ""
        )
    named = field.label or field.cell or field.placeholder
    return day if each.kind is Kind.HOURS or (not named and field.options) else ""


def _day(field: Field) -> str:
    """The one day of the week that a field is about; "" for none or several."""
    texts = (field.label, field.cell, field.group, field.before, field.title, field.placeholder)
    for words in (*map(words_of, texts), words_of_name(field.name), words_of_name(field.id)):
        telling = {word for word in words if len(word) > 2 or len(words) < 3}  # "so" is a word, too
        days = {day for day, names in week_words().days.items() if names.among(telling)}
        if len(days) == 1:
            return next(iter(days))
    return ""


def _end(field: Field, before: list[str]) -> str:
    """ "opens", "closes", "closed" or (for another tick) "other"; `before`: the ends of its day so far."""
    listed = week_words()
    own = {*words_of(field.label), *words_of(field.after)}
    code = {*words_of_name(field.name), *words_of_name(field.id), *words_of(field.column)}
    if field.type == "checkbox":
        return "closed" if listed.closed.among(own | code) else "other"
    for words in ({*words_of(field.label), *words_of(field.placeholder)}, code):
        if listed.opens.among(words) and not listed.closes.among(words):
            return "opens"
        if listed.closes.among(words) and not listed.opens.among(words):
            return "closes"
    return "closes" if "opens" in before else "opens"
