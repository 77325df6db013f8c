"""How a job stands by the words, flags and contradictions of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hermes.core.replies.contradictions import Mark, going_on, mark_in, quoted, said_done
from hermes.core.replies.envelopes import OF_THE_CALL, STATUS_NAMES, has_result, only_envelope
from hermes.core.replies.places import (
    ALWAYS_STATUS,
    METAS,
    RESULTS,
    objects,
    places,
    with_states,
)
from hermes.core.replies.words import STATUS_WORDS, is_sentence, is_under_way, meaning, squashed

HAVING = frozenset({"ready", "available"})
"""Words that mean waiting, unless a result stands beside them."""

UNSURE = OF_THE_CALL | HAVING


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands by its envelope: queued, running, completed, failed, cancelled, skipped, `unknown`, or ""
    where nothing is said.

    `mark` is what speaks against a job that is called completed: it has ended the job where `state` is failed or
    cancelled, and is to be said beside the outputs where it is partly. `done`: the worker itself says that
    the job has ended; `going_on`: the flag that says it has not.
    """

    state: str
    done: bool = False
    mark: Mark | None = None
    going_on: str = ""


def standing_of(fields: Mapping[str, Any]) -> Standing:
    """How the job stands. A word or flag of failure outvotes completed, wherever in the envelope it is."""
    found = places(fields)
    state = _plain_state(fields, found)
    if state in ("queued", "running", "failed", "cancelled", "skipped"):
        return Standing(state)
    mark = mark_in([*found, *objects(found, METAS)], objects(found, RESULTS))
    if mark is not None and mark.state != "partly":
        return Standing(mark.state, mark=mark)
    if state == "partly":
        return Standing("completed", done=True, mark=Mark("partly", said_status(fields)))
    if mark is not None and state == "" and only_envelope(fields):
        return Standing("failed", mark=mark)
    return _ended(state, found, mark)


def _ended(state: str, found: list[Mapping[str, Any]], mark: Mark | None) -> Standing:
    flag = going_on(found) or _result_to_come(found)
    if state in ("", "completed") and flag:
        return Standing("running", going_on=flag)
    if state == "" and said_done(found):
        return Standing("completed", done=True, mark=mark)
    return Standing(state, done=state == "completed", mark=mark)


def _result_to_come(found: list[Mapping[str, Any]]) -> str:
    """The word with which the result says of itself that it is still to come; "" where it says none."""
    told = (
        (name, result[name])
        for result in objects(found, RESULTS)
        for name in ALWAYS_STATUS
        if is_under_way(result.get(name))
    )
    return next((quoted(name, word) for name, word in told), "")


def status_of(fields: Mapping[str, Any]) -> str:
    """The state of `standing_of`."""
    return standing_of(fields).state


def _plain_state(fields: Mapping[str, Any], found: list[Mapping[str, Any]]) -> str:
    """What the status words alone say. `ok` and `success` at the top give way to the job's own status
    further in."""
    plain = STATUS_WORDS.get(status) if isinstance(status := fields.get("status"), str) else None
    if plain is not None and status not in UNSURE:
        return plain  # what the contract asks for, and nearly everybody sends
    words = [word for place in with_states(found) if (word := _status_word(place))]
    if not words:
        return ""
    outer = words[0]
    if squashed(outer) in OF_THE_CALL:
        outer = next((word for word in words[1:] if meaning(word)), outer)
    if squashed(outer) in HAVING and has_result(fields):
        return "completed"
    return meaning(outer) or "unknown"


def _status_word(place: Mapping[str, Any]) -> str:
    """The first word that is known; else the first that stands for a status and is no sentence."""
    texts = [(name, text) for name in STATUS_NAMES if isinstance(text := place.get(name), str)]
    known = next((text for _, text in texts if meaning(text)), "")
    unknown = (
        text for name, text in texts
        if name in ALWAYS_STATUS and text.strip() and not is_sentence(text)
    )  # fmt: skip
    return known or next(unknown, "")


def said_status(fields: Mapping[str, Any]) -> str:
    """The status as the worker wrote it, shortened: a word where there is one, else its sentence."""
    found = with_states(places(fields))
    if word := next((word for place in found if (word := _status_word(place))), ""):
        return word.strip()[:60]
    words = (place.get(name) for place in found for name in STATUS_NAMES)
    return next((word.strip()[:60] for word in words if isinstance(word, str)), "")
