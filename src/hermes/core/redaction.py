"""Taking secrets out by value, wherever a worker may have put them."""

import json
from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import quote

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
    text = json.dumps(value, ensure_ascii=False, default=str)
    escaped = [json.dumps(form, ensure_ascii=False)[1:-1] for form in forms]
    if not any(form in text for form in escaped):
        return value
    return _masked(value, forms)


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
