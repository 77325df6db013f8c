"""JSON as language models hand it over: in fences, among words, or cut off before its end."""

import json
from typing import Any

from hermes_fleet.content_generator.draft import Draft

MOST_CUTS = 60  # places at which a cut-off answer is tried to be closed


def object_in(text: str) -> str:
    """The JSON object in an answer, without fences or words around it."""
    begin, end = text.find("{"), text.rfind("}")
    return text[begin : end + 1] if 0 <= begin < end else text


def mended(text: str) -> Draft | None:
    """What is whole of an answer that was cut off: closed behind its last whole object."""
    text = text[max(text.find("{"), 0) :]
    ends = [at for at, letter in enumerate(text) if letter == "}"][::-1][:MOST_CUTS]
    for at in ends:
        if draft := _closed(text[: at + 1]):
            return draft
    return None


def _closed(text: str) -> Draft | None:
    try:
        found: Any = json.loads(text + _closers(text))
        return Draft.model_validate({"questions": [], "links": [], **found})
    except (ValueError, RecursionError, TypeError):  # a ValidationError is a ValueError
        return None


def _closers(text: str) -> str:
    """The brackets that are open at the end of a piece of JSON, closed."""
    open_ones, quoted, escaped = list[str](), False, False
    for letter in text:
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = quoted
        elif letter == '"':
            quoted = not quoted
        elif not quoted and letter in "{[":
            open_ones.append("}" if letter == "{" else "]")
        elif not quoted and letter in "}]" and open_ones:
            open_ones.pop()
    return "".join(reversed(open_ones))
