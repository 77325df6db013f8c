"""Fields that share one answer: pieces of a phone number, rows of opening hours, networks."""

import re
from collections.abc import Sequence
from dataclasses import replace

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Field
from directory_bolt.core.forms.words import words_of, words_of_name
from directory_bolt.core.mapping.form import Mapped, certain
from directory_bolt.core.mapping.week import with_days

PIECE = 5  # letters that fit at most into one piece of a phone number
DIALLED = re.compile(r"\+ ?\d{1,4}\b")
MOST = 0.6  # of the options
NETWORKS = {
    "facebook": "facebook",
    "instagram": "instagram",
    "linkedin": "linkedin",
    "twitter": "x",
    "x": "x",
    "youtube": "youtube",
    "pinterest": "pinterest",
    "tiktok": "tiktok",
}  # fmt: skip


def with_parts(found: Sequence[Mapped]) -> list[Mapped]:
    """The same fields; those that share an answer say which part of it they want."""
    return _social(_phones(with_days(list(found))))


def _phones(found: list[Mapped]) -> list[Mapped]:
    """Two or more small fields in a row that follow the word for a phone number."""
    made = list(found)
    at = 0
    while at < len(found):
        run = _run(found, at)
        for number, each in enumerate(run, 1):
            part = f"{number} of {len(run)}" if len(run) > 1 else each.mapping.part
            if len(run) > 1:
                made[at + number - 1] = certain(each, Kind.PHONE, part, "pieces in a row")
        at += max(1, len(run))
    return [
        certain(each, Kind.PHONE, "country", "dialling codes") if _dials(each.field) else each
        for each in made
    ]


def _dials(field: Field) -> bool:
    """A select of dialling codes: "Germany (+49)"."""
    texts = [option.text for option in field.options if option.text.strip()]
    return bool(texts) and sum(bool(DIALLED.search(text)) for text in texts) >= MOST * len(texts)


def _run(found: Sequence[Mapped], at: int) -> list[Mapped]:
    run = list[Mapped]()
    for each in found[at : at + 4]:
        vague = each.kind in (Kind.UNKNOWN, Kind.OTHER, Kind.HOUSE_NUMBER) or not each.sure
        if not _small(each.field) or not (each.kind is Kind.PHONE or (run and vague)):
            break
        run.append(each)
    return run


def _small(field: Field) -> bool:
    room = min(length for length in (field.max_length, field.size, 999) if length)
    return field.is_text and not field.hidden and room <= PIECE


def _social(found: list[Mapped]) -> list[Mapped]:
    return [
        replace(each, mapping=replace(each.mapping, part=_network(each.field)))
        if each.kind is Kind.SOCIAL
        else each
        for each in found
    ]


def _network(field: Field) -> str:
    texts = (field.label, field.cell, field.placeholder, field.before, field.title)
    for words in (*map(words_of, texts), words_of_name(field.name), words_of_name(field.id)):
        for word in words:
            if word in NETWORKS:
                return NETWORKS[word]
    return ""
