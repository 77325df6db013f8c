"""Taking secrets out by value, wherever a worker may have put them."""

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import quote

import orjson

MASK = "[redacted]"
SHORTEST = 6


def redact(value: Any, secrets: Iterable[str]) -> Any:
    """The value with every occurrence of a secret masked, in texts, keys and nested values.

    Secrets shorter than 6 characters are left alone: masking "ab" everywhere would destroy answers.
    """
    forms = sorted(
        {f for s in secrets if len(s) >= SHORTEST for f in (s, quote(s, safe=""))},
        key=len,
        reverse=True,
    )
    if not forms:
        return value
    return _masked(value, forms) if _holds(value, forms) else value


def _holds(value: Any, forms: list[str]) -> bool:
    """Whether any text in a value holds a secret: most hold none, and nothing is copied for them."""
    try:
        text = orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # what orjson cannot write is looked through piece by piece
        return True
    return any(orjson.dumps(form)[1:-1] in text for form in forms)


def _masked(value: Any, forms: list[str]) -> Any:
    if isinstance(value, str):
        for form in forms:
            value = value.replace(form, MASK)
        return value
    if isinstance(value, dict):
        fields = cast("dict[Any, Any]", value)
        return {_masked(name, forms): _masked(inner, forms) for name, inner in fields.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner, forms) for inner in cast("list[Any]", value)]
    return value
