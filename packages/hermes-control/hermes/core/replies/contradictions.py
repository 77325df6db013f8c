"""What stands beside "completed" and says otherwise: words, flags, texts, codes and counts of failure.

A worker that says both is not believed on the better half. Where only a part went wrong (a list of errors beside
results) the outputs count, and the words are kept.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple, cast

from hermes.core.replies.words import WORDS, as_flag, meaning, spellings

Fields = Mapping[str, Any]
NAMES = WORDS.names
LONGEST_QUOTE = 200
HTTP_ERRORS = range(400, 600)


class Mark(NamedTuple):
    """What a field says against the end of a job: `state` is failed, cancelled or partly, `quoted` the field
    as the worker wrote it, `text` its own words where it has any."""

    state: str
    quoted: str
    text: str = ""


def mark_in(places: Iterable[Fields], results: Iterable[Fields]) -> Mark | None:
    """The gravest mark in the places of an envelope, or in the objects that hold its result; None where all is
    well. A result says less of its job than the envelope does: only what cannot be one of its figures is read."""
    found = [mark for place in places for mark in _marks(place, ALL)]
    found += [mark for place in results for mark in _marks(place, OF_RESULTS)]
    if not found:
        return None
    grave = [mark for mark in found if mark.state != "partly"] or found
    text = next((mark.text for mark in grave if mark.text), "")
    return grave[0]._replace(text=text)


def going_on(places: Iterable[Fields]) -> str:
    """The flag that says that a job has not ended (`done: false`), as it is written; "" without one."""
    for place in places:
        for name in sorted(ENDS.keys() & place.keys()):
            if as_flag(place[name]) is ENDS[name]:
                return quoted(name, place[name])
    return ""


def said_done(places: Iterable[Fields]) -> bool:
    """Whether a flag says that the job has ended."""
    return any(place[name] is True for place in places for name in DONE.keys() & place.keys())


def quoted(name: str, value: object) -> str:
    """A field as people read it: `exit_code: 137`."""
    text = str(value).lower() if isinstance(value, bool) or value is None else str(value)
    return f"{name}: {text[:LONGEST_QUOTE]}"


def _marks(place: Fields, names: Mapping[str, tuple["Reader", ...]]) -> list[Mark]:
    told = names.keys() & place.keys()
    read = (
        reader(name, place[name], place)
        for name in sorted(told, key=RANKS.__getitem__)
        for reader in names[name]
    )
    return [mark for mark in read if mark]


Reader = Callable[[str, Any, Fields], Mark | None]


def _word(name: str, value: Any, place: Fields) -> Mark | None:
    found = meaning(value) if isinstance(value, str) else None
    return Mark(found, quoted(name, value)) if found in ("failed", "cancelled", "partly") else None


def _flag(name: str, value: Any, place: Fields, *, bad: bool, state: str) -> Mark | None:
    none = name in ("ok", "success") and not bad and type(value) is int and value == 0
    return Mark(state, quoted(name, value)) if none or as_flag(value) is bad else None


def _text(name: str, value: Any, place: Fields) -> Mark | None:
    text = error_text(value)
    return Mark("failed", quoted(name, text), text) if text else None


FAILURE = re.compile(WORDS.sentences.failure, re.IGNORECASE)
NONE = re.compile(WORDS.sentences.none, re.IGNORECASE)


def _message(name: str, value: Any, place: Fields) -> Mark | None:
    """A message that is a word of failure, or begins with one and counts something."""
    text = value.strip() if isinstance(value, str) else ""
    failed = meaning(text) == "failed" or (FAILURE.match(text) and not NONE.search(text))
    return Mark("failed", quoted(name, text), text) if failed else None


def _error_code(name: str, value: Any, place: Fields) -> Mark | None:
    """A code of an error that is neither zero nor a word for none."""
    if isinstance(value, str):
        text = error_text(value)
        if not text.lstrip("-").isdigit():
            well = not text or meaning(text) == "completed"
            return None if well else Mark("failed", quoted(name, text))
        value = int(text)
    bad = type(value) is int and value != 0 and value // 100 != 2
    return Mark("failed", quoted(name, value), _plain_message(place)) if bad else None


def _listed(name: str, value: Any, place: Fields) -> Mark | None:
    """A list of errors: the job has failed where one of them is fatal, else a part of it has."""
    if isinstance(value, str):
        return _text(name, value, place)
    if isinstance(value, dict):
        value = list(cast("dict[str, Any]", value).values())
    entries = cast("list[Any]", value) if isinstance(value, list) else []
    texts = [text for entry in entries if (text := error_text(entry))]
    if not texts:
        return None
    fatal = any(_is_fatal(entry) for entry in entries)
    return Mark("failed" if fatal else "partly", quoted(name, texts[0]), texts[0])


def _is_fatal(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    fields = cast("dict[str, Any]", entry)
    grave = (fields.get(name) for name in ("level", "severity", "type"))
    return any(isinstance(word, str) and word.lower() in WORDS.no_error.fatal for word in grave)


def error_text(value: Any) -> str:
    """The words of an error; "" where a field of errors says that there is none (`none`, `{}`, `{code: 0}`)."""
    if isinstance(value, str):
        text = value.strip()
        return "" if text.lower().rstrip(".") in WORDS.no_error.words else text
    if isinstance(value, list):
        return next((text for e in cast("list[Any]", value) if (text := error_text(e))), "")
    if isinstance(value, dict):
        return _text_of(cast("dict[str, Any]", value))
    return ""


def _text_of(error: Mapping[str, Any]) -> str:
    parts = [
        (name, str(value)) for name, value in error.items()
        if isinstance(value, str | int) and not isinstance(value, bool) and error_text(str(value))
    ]  # fmt: skip
    plain = ("message", "detail", "msg", "title", "error", "reason", "description")
    said = next((text for wanted in plain for name, text in parts if name == wanted), "")
    if said:
        code = next((text for name, text in parts if name in ("code", "type", "error_code")), "")
        return f"{code}: {said}" if code and code != said else said
    inner = next((t for v in error.values() if isinstance(v, dict | list) and (t := error_text(v))), "")  # fmt: skip
    return inner or ", ".join(f"{name}: {text}" for name, text in parts)


def _exit_code(name: str, value: Any, place: Fields) -> Mark | None:
    number = int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
    bad = isinstance(number, int) and not isinstance(number, bool) and number != 0
    return Mark("failed", quoted(name, value)) if bad else None


def _http_code(name: str, value: Any, place: Fields) -> Mark | None:
    number = int(value) if isinstance(value, str) and value.isdigit() else value
    bad = type(number) is int and number in HTTP_ERRORS
    return Mark("failed", quoted(name, value), _plain_message(place)) if bad else None


def _plain_message(place: Fields) -> str:
    message = place.get("message")
    return message.strip() if isinstance(message, str) else ""


def _failures(name: str, value: Any, place: Fields) -> Mark | None:
    """So many failed, and nothing went well."""
    if type(value) is not int or value <= 0:
        return None
    good = _counts(place, GOOD_COUNTS)
    every = _counts(place, ALL_COUNTS)
    tasks = place.get("tasks")
    every += [len(cast("list[Any]", tasks))] if isinstance(tasks, list) else []
    none_good = (good and max(good) == 0) or (every and value >= max(every))
    if not none_good:
        return None
    return Mark("failed", quoted(name, value), f"{value} failed, and none went well.")


def _counts(place: Fields, names: Mapping[str, str]) -> list[int]:
    found = [place[name] for name in names.keys() & place.keys()]
    return [number for number in found if type(number) is int]


def _table(
    *entries: tuple[Iterable[str], Reader],
) -> dict[str, tuple[Reader, ...]]:
    found: dict[str, tuple[Reader, ...]] = {}
    for names, reader in entries:
        for name in spellings(names):
            found[name] = (*found.get(name, ()), reader)
    return found


NO = partial(_flag, bad=False, state="failed")
YES = partial(_flag, bad=True, state="failed")
STOPPED = partial(_flag, bad=True, state="cancelled")
PARTLY = partial(_flag, bad=True, state="partly")
ALL = _table(
    (NAMES.status, _word),
    (NAMES.words, _word),
    (NAMES.when_false, NO),
    (NAMES.when_true, YES),
    (NAMES.when_cancelled, STOPPED),
    (NAMES.texts, _text),
    (NAMES.lists, _listed),
    (NAMES.exit_codes, _exit_code),
    (NAMES.http_codes, _http_code),
    (NAMES.failed_counts, _failures),
    (NAMES.messages, _message),
    (NAMES.error_codes, _error_code),
    (NAMES.partly, PARTLY),
)
"""Every field that may say that a job has failed, and how it is read."""
RANKS = {name: rank for rank, name in enumerate(ALL)}
OF_RESULTS = _table(
    (("status", "state", "result_state", "conclusion"), _word),
    (("ok", "success"), NO),
    (("is_error", "has_error", "failed", "aborted"), YES),
    (("error", "exception", "traceback"), _text),
    (NAMES.exit_codes, _exit_code),
)
"""The same for what stands beside the figures of a result."""
GOOD_COUNTS, ALL_COUNTS = spellings(NAMES.good_counts), spellings(NAMES.all_counts)
DONE = spellings(NAMES.done)
ENDS: dict[str, bool] = {
    **dict.fromkeys(DONE, False), **dict.fromkeys(spellings(NAMES.going_on), True),
}  # fmt: skip
"""Flags, and the value with which they say that the job goes on."""
