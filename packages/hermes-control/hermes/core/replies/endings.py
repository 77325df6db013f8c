"""Ends of a job without a result, in the worker's own words; and what was seen where nothing was understood."""

from collections.abc import Mapping
from typing import Any

from hermes.core.replies.contradictions import Mark
from hermes.core.replies.envelopes import error_of
from hermes.core.replies.http_errors import LONGEST_MESSAGE, own_reason, words_of
from hermes.core.replies.standing import Standing, said_status
from hermes_base.reasons import Failure, Reason


def seen(fields: Mapping[str, Any]) -> str:
    """What an answer holds, in one sentence: its status as it stands, and the names of its fields."""
    names = ", ".join(sorted(map(str, fields))[:12]) or "no fields"
    status = said_status(fields)
    return f"Seen: {names[:200]}" + (f"; status {status!r}." if status else ".")


def ended(standing: Standing, fields: Mapping[str, Any]) -> Failure:
    """A status that ends the job without a result, or what was said beside one that contradicts it."""
    if standing.state == "unknown":
        return unknown_word(fields)
    code, message = error_of(fields)
    said = words_of(code, message)
    if standing.mark is not None:
        said = outvoted(standing.mark, fields, said)
    elif not said:
        said = f"The worker reported {said_status(fields) or 'no'} without a reason."
    if standing.state == "cancelled":
        return Failure(Reason.WORKER_CANCELLED, said, over=True)
    return Failure(own_reason(code), said, over=True)


def outvoted(mark: Mark, fields: Mapping[str, Any], said: str) -> str:
    """The words of failure, and what they stand beside."""
    word = said_status(fields)
    beside = f", beside status {word!r}" if word and word not in mark.quoted else ""
    why = said or mark.text
    return f"The worker returned {mark.quoted!r}{beside}" + (
        "." if not why or why in mark.quoted else f": {why[:LONGEST_MESSAGE]}"
    )


def unknown_word(fields: Mapping[str, Any]) -> Failure:
    return Failure(
        Reason.UNKNOWN_STATUS, f"The worker reported the status {said_status(fields)!r}."
    )
