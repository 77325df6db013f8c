"""How an answer says of itself that its data is made up: one table for fields, names, sentences and rows."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

import orjson
from jsonschema_rs import Draft202012Validator, RegexOptions

from hermes.core.contracts.reading import squashed
from hermes_base.data_files import Data, load

Fields = Mapping[str, Any]
DEEPEST = 4
"""Levels below a row in which a mark is looked for."""
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
MOST_TEXT = 500


class MarkerData(Data):
    """What `markers.toml` holds."""

    true_says_so: tuple[str, ...]
    false_says_so: tuple[str, ...]
    named: tuple[str, ...]
    words: tuple[str, ...]
    whole: tuple[str, ...]
    provenances: tuple[str, ...]
    sentences: tuple[str, ...]
    says: tuple[str, ...]
    denials: str
    nobody: tuple[str, ...]
    nowhere: str
    stems: tuple[str, ...]


class Markers(NamedTuple):
    """The same, ready to be looked up."""

    true: frozenset[str]
    false: frozenset[str]
    named: frozenset[str]
    words: frozenset[str]
    whole: frozenset[str]
    provenances: frozenset[str]
    sentences: frozenset[str]
    says: re.Pattern[str]
    denials: re.Pattern[str]
    nobody: frozenset[str]
    nowhere: re.Pattern[str]
    names: frozenset[str]
    stems: Draft202012Validator


@cache
def markers() -> Markers:
    """The table, read once."""
    data = load(__name__, "markers.toml", MarkerData)
    true, false = (
        frozenset(map(squashed, data.true_says_so)),
        frozenset(map(squashed, data.false_says_so)),
    )
    named, sentences = (
        frozenset(map(squashed, data.named)),
        frozenset(map(squashed, data.sentences)),
    )
    return Markers(
        true, false, named, frozenset(data.words), frozenset(data.whole),
        frozenset(data.provenances), sentences,
        re.compile("|".join(f"(?:{each})" for each in data.says), re.IGNORECASE),
        re.compile(data.denials, re.IGNORECASE), frozenset(data.nobody),
        re.compile(data.nowhere, re.IGNORECASE), true | false | named | sentences,
        _search(data.stems),
    )  # fmt: skip


def _search(words: Sequence[str]) -> Draft202012Validator:
    """A search for many words at once: as the pattern of a schema it takes 1 µs, word by word 40."""
    pattern = "|".join(re.sub(r"([.*+?()\\[\\]{}|^$])", r"\\\1", word) for word in words)
    return Draft202012Validator({"pattern": f"(?i){pattern}"}, pattern_options=RegexOptions())


def may_be_marked(document: Fields) -> bool:
    """Whether an answer holds any word of which marks are made. Few do, and the others need no closer look."""
    try:
        text = orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, RecursionError):  # what orjson cannot write
        return True
    return markers().stems.is_valid(text)


def marker_of(fields: Fields) -> str:
    """The mark of made-up data that an object bears (`isRealData: false`), or ""."""
    table = markers()
    known = {name: short for name in fields if (short := squashed(name)) in table.names}
    marked = (name for name in sorted(known) if _marks(table, known[name], fields[name]))
    return next((_shown(name, fields[name]) for name in marked), "")


def _marks(table: Markers, name: str, value: Any) -> bool:
    if name in table.true and _is(value, "true"):
        return True
    if name in table.false and _is(value, "false"):
        return True
    if name in table.named and isinstance(value, str) and _names_no_source(table, value):
        return True
    return name in table.sentences and any(_admits(table, each) for each in _texts(value))


def _is(value: Any, word: str) -> bool:
    """A flag, also as a text: `"true"`, `"yes"`."""
    if isinstance(value, bool):
        return value == (word == "true")
    told = value.strip().lower() if isinstance(value, str) else ""
    return told == word or (told == ("yes" if word == "true" else "no") and word == "true")


def _names_no_source(table: Markers, text: str) -> bool:
    """Whether what should name a source names none: `MockProvider`, `demo`. Not a company called Sample."""
    told = " ".join(text.strip().lower().split())
    if told in table.whole or told in table.words:
        return True
    if "://" in told or len(told) > 60:
        return False
    tokens = re.split(r"[^a-z]+", CAMEL.sub(" ", text).lower())
    return not table.words.isdisjoint(tokens) or "hard-coded" in told


def _texts(value: Any) -> Iterator[str]:
    for each in cast("list[Any]", value)[:20] if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each[:MOST_TEXT]
        elif isinstance(each, dict):
            inner = cast("Fields", each)
            yield from (text[:MOST_TEXT] for text in inner.values() if isinstance(text, str))


def _admits(table: Markers, text: str) -> bool:
    """Whether a sentence says that data is made up, and no word before that denies it."""
    text = text.replace(" - ", "; ")  # a dash between two sentences
    found = table.says.search(text)
    return found is not None and not table.denials.search(text[: found.start()])


def _shown(name: str, value: Any) -> str:
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{name}: {shown[:120]}"


def marker_in(value: Any, real: Collection[str] = (), depth: int = DEEPEST) -> str:
    """The mark in the value of an output: on it, or deeper in its rows. `real`: hosts that are no example."""
    if isinstance(value, dict):
        return _marker_in_object(cast("Fields", value), real, depth)
    if isinstance(value, list) and depth:
        rows = cast("list[Any]", value)
        return next((mark for row in rows if (mark := marker_in(row, real, depth - 1))), "")
    return _nobody(value, real) if isinstance(value, str) else ""


def _marker_in_object(fields: Fields, real: Collection[str], depth: int) -> str:
    table = markers()
    for name, value in sorted(fields.items()) if len(fields) > 1 else fields.items():
        short = squashed(name)
        if short in table.names and _marks_a_row(table, short, value):
            return _shown(name, value)
        if isinstance(value, str):
            if mark := _nobody(value, real):
                return f"{name}: {mark}"
        elif (
            isinstance(value, dict | list) and depth and (mark := marker_in(value, real, depth - 1))
        ):
            return mark
    return ""


def _marks_a_row(table: Markers, name: str, value: Any) -> bool:
    """A row is data of its own: only flags count, and a source that is nothing but a word for none."""
    if name in table.true or name in table.false:
        return _marks(table, name, value)
    told = value.strip().lower() if isinstance(value, str) else ""
    return name in OF_ROWS and (told in table.words or told in table.whole)


OF_ROWS = frozenset(
    [
        "provider",
        "source",
        "datasource",
        "generator",
        "generatedby",
        "generatedwith",
        "provenance",
        "origin",
    ]
)


def _nobody(text: str, real: Collection[str]) -> str:
    """A name of nobody, or an address at one of the hosts of examples that is not `real`."""
    if len(text) > 300:
        return ""
    table = markers()
    if text.strip().lower() in table.nobody:
        return text.strip()
    found = table.nowhere.match(text)
    if found is None or any(host and host in text for host in real):
        return ""
    return text[:100]
