"""Taking secrets out by value, wherever and in whatever encoding a worker may have put them."""

import html
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple, cast
from urllib.parse import quote

import orjson

MASK = "[redacted]"
SHORTEST = 6
BASE64 = r"[A-Za-z0-9+/_-]"


class Forms(NamedTuple):
    """How a few secrets may be written: the texts to look for, and the pattern that masks them."""

    texts: tuple[str, ...]
    raw: tuple[bytes, ...]
    written: tuple[bytes, ...]
    pattern: re.Pattern[str]


def redact(value: Any, secrets: Iterable[str]) -> Any:
    """The value with every occurrence of a secret masked, in texts, keys and nested values.

    Secrets shorter than 6 characters are left alone: masking "ab" everywhere would destroy answers.
    """
    forms = _forms(tuple(secrets))
    if forms is None or not _holds(value, forms):
        return value
    return _masked(value, forms.texts, lambda text: forms.pattern.sub(MASK, text))


def redact_bytes(body: bytes, secrets: Iterable[str]) -> bytes:
    """The same for the body of an answer, before anything is read from it or cut off. A key of
    digits alone is left to `redact`: in a body it could be a figure."""
    forms = _forms(tuple([secret for secret in secrets if not secret.isdigit()]))
    if forms is None or not any(map(body.__contains__, forms.raw)):
        return body
    return forms.pattern.sub(MASK, body.decode("utf-8", "surrogateescape")).encode(
        "utf-8", "surrogateescape"
    )


@lru_cache(maxsize=512)
def _forms(secrets: tuple[str, ...]) -> Forms | None:
    long = [secret for secret in secrets if len(secret) >= SHORTEST]
    if not long:
        return None
    plain = sorted({form for s in long for form in _written(s)}, key=len, reverse=True)
    cores = sorted({core for s in long for core in _base64_cores(s)}, key=len, reverse=True)
    patterns = [re.escape(form) for form in plain]
    patterns += [f"{BASE64}*{re.escape(core)}{BASE64}*=*" for core in cores]
    texts = (*plain, *cores)
    return Forms(
        texts,
        tuple(text.encode() for text in texts),
        tuple(orjson.dumps(text)[1:-1] for text in texts),
        re.compile("|".join(patterns)),
    )


def _written(secret: str) -> set[str]:
    """A secret as it is, in a URL, in HTML, in JSON, and in JSON that is a text in JSON."""
    in_url = quote(secret, safe="")
    in_json = orjson.dumps(secret)[1:-1].decode()
    lower = re.sub(r"%[0-9A-F]{2}", lambda match: match.group().lower(), in_url)
    return {
        secret,
        in_url,
        lower,
        quote(secret),
        html.escape(secret),
        in_json,
        orjson.dumps(in_json)[1:-1].decode(),
    }


def _base64_cores(secret: str) -> set[str]:
    """What base64 of any text that holds the secret must hold, such as of `user:secret`.

    The secret may begin at any of three places in a group of four characters; the characters that
    also depend on its neighbours are left out.
    """
    cores: set[str] = set()
    for before in range(3):
        padded = b"\0" * before + secret.encode()
        whole = len(padded) // 3 * 3
        core = b64encode(padded[:whole]).decode()[4 if before else 0 :]
        cores |= {core, core.replace("+", "-").replace("/", "_")}
    return {core for core in cores if len(core) >= SHORTEST}


def _holds(value: Any, forms: Forms) -> bool:
    """Whether any text in a value holds a secret: most hold none, and nothing is copied for them."""
    try:
        text = orjson.dumps(value, default=str)
    except TypeError:  # what orjson does not write is looked through piece by piece
        return True
    return any(map(text.__contains__, forms.written))


def _masked(value: Any, texts: tuple[str, ...], mask: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return mask(value) if any(text in value for text in texts) else value
    if isinstance(value, dict):
        fields = cast("dict[Any, Any]", value)
        return {
            _masked(name, texts, mask): _masked(inner, texts, mask)
            for name, inner in fields.items()
        }
    if isinstance(value, list | tuple):
        return [_masked(inner, texts, mask) for inner in cast("list[Any]", value)]
    return value
