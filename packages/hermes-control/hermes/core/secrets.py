"""What may be told of a secret: its form, and a fingerprint to compare keys by. Never a value."""

from dataclasses import dataclass
from typing import Any, cast

import orjson

from hermes.core.worker_config import KEY_NAMES, URL_NAMES, fingerprint


@dataclass(frozen=True, slots=True)
class Form:
    """`kind` in words; `fault` is what is wrong, empty when nothing is."""

    kind: str
    fingerprint: str | None
    fault: str = ""


def form_of(text: str) -> Form:
    """The form of a secret's text; the fingerprint is of its key, else of the whole text."""
    text = text.strip()
    if not text:
        return Form("empty", None, "It is empty.")
    if text[0] not in '{["':
        return Form("key only", fingerprint(text))
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Form("not readable", None, "It begins like JSON and is not valid JSON.")
    if isinstance(document, str):
        return Form("key only", fingerprint(document.strip()))
    if not isinstance(document, dict):
        return Form("not readable", None, "It is JSON, but neither an object nor a text.")
    return _of_object(cast("dict[str, Any]", document), text)


def _of_object(fields: dict[str, Any], text: str) -> Form:
    given = {name for name, value in fields.items() if isinstance(value, str) and value.strip()}
    key = next((str(fields[name]).strip() for name in KEY_NAMES if name in given), "")
    if given.intersection(URL_NAMES):
        return Form("with base URL", fingerprint(key or text))
    return Form("key only" if key else "JSON object", fingerprint(key or text))
