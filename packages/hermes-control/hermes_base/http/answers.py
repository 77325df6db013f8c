"""One HTTP answer, and what can be said of it before anything is known about workers."""

import json
import math
from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, NoReturn, cast

from hermes_base.http.records import document_text
from hermes_base.reasons import Failure, Reason
from hermes_base.value import value

MAX_DEPTH = 60
BODY_EXCERPT = 200
LONGEST_RETRY_AFTER = 30 * 86_400.0


@value
class Answer:
    """One HTTP answer: status, headers with lower-case names, body, and how long it took (s)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    seconds: float = 0.0

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case."""
        return _media_type(self.headers.get("content-type", ""))

    @property
    def excerpt(self) -> str:
        """The first 200 characters of the body, for evidence."""
        return self.body[: BODY_EXCERPT * 4].decode("utf-8", "replace")[:BODY_EXCERPT]

    @property
    def is_html(self) -> bool:
        """Whether the answer is a web page, whatever its header says."""
        if self.content_type in ("text/html", "application/xhtml+xml"):
            return True
        if self.body.startswith(b"{"):
            return False
        start = self.body.lstrip()[:100].lower()
        return start.startswith((b"<!doctype html", b"<html"))


@lru_cache(maxsize=256)
def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


class DuplicateKey(ValueError):
    """An object holds a key twice, so what it says depends on who reads it."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        raise DuplicateKey(next(name for name in names if names.count(name) > 1))
    return fields


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


STRICT = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant
)
"""JSON without NaN, Infinity and numbers that become them, and with no key twice in an object."""


def parse_json(answer: Answer) -> dict[str, Any] | Failure:
    """The body as a JSON object. HTML, broken JSON, wrong encodings and lists are told apart."""
    parsed = parse_value(answer)
    if isinstance(parsed, list) and len(cast("list[Any]", parsed)) == 1:
        parsed = cast("list[Any]", parsed)[0]  # one answer to a batch of one
    if isinstance(parsed, Failure | dict):
        return cast("dict[str, Any] | Failure", parsed)
    return _unread(Reason.MALFORMED_REPLY, answer, "JSON that is not an object")


def parse_value(answer: Answer) -> Any:
    """The body as any JSON value, or the Failure that says why it is none."""
    if answer.is_html:
        return _unread(Reason.HTML_APP_SHELL, answer, "an HTML page")
    if not answer.body.strip():
        return _unread(Reason.NOT_JSON, answer, "an empty body")
    try:
        text = answer.body.removeprefix(BOM_UTF8).decode("utf-8")
        parsed = STRICT.decode(document_text(answer.content_type, text))
    except UnicodeDecodeError:
        return _unread(Reason.NOT_JSON, answer, f"bytes that are not UTF-8{_charset(answer)}")
    except DuplicateKey as error:
        return _unread(Reason.MALFORMED_REPLY, answer, f"the key {str(error)[:60]!r} twice")
    except RecursionError:
        return _unread(Reason.MALFORMED_REPLY, answer, "JSON nested too deeply")
    except ValueError as error:
        return _unread(Reason.NOT_JSON, answer, f"broken JSON{_charset(answer)}: {error}")
    opened = answer.body.count(b"{") + answer.body.count(b"[")
    if opened > MAX_DEPTH and _too_deep(parsed):
        return _unread(Reason.MALFORMED_REPLY, answer, "JSON nested too deeply")
    return parsed


def _unread(reason: Reason, answer: Answer, what: str) -> Failure:
    return Failure(reason, f"{answer.url} returned {answer.status} with {what}.")


def _charset(answer: Answer) -> str:
    """The declared encoding, where it is one that JSON cannot have."""
    _, found, name = answer.headers.get("content-type", "").lower().partition("charset=")
    name = name.split(";")[0].strip(" \"'")
    return f" (charset {name[:40]})" if found and name not in ("utf-8", "utf8", "us-ascii") else ""


def _too_deep(value: Any) -> bool:
    level, nodes = 0, [value]
    while nodes:
        nodes = [child for node in nodes for child in _children(node)]
        level += 1
        if level > MAX_DEPTH:
            return True
    return False


def _children(node: Any) -> list[Any]:
    """What is nested in a list or object; what is nested in nothing is left out."""
    if isinstance(node, dict):
        node = cast("dict[str, Any]", node).values()
    return [child for child in cast("list[Any]", node) if isinstance(child, dict | list)]


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds that the worker asks us to wait, 0 to 30 days; None where it does not ask.

    Reads seconds and HTTP dates; a date counts from the answer's own Date, because its clock and
    ours may differ.
    """
    text = answer.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        then = _http_date(text)
        if then is None:
            return None
        seconds = (then - (_http_date(answer.headers.get("date", "")) or now)).total_seconds()
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER) if math.isfinite(seconds) else None


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
