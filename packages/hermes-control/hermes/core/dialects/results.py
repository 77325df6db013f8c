"""The result of a job by a dialect, as a document that Hermes judges like an answer of its own contract."""

from collections.abc import Mapping
from typing import Any, cast

from hermes.core.dialects.dialect import Dialect
from hermes.core.dialects.expressions import find
from hermes.core.replies.envelopes import CODE_NAMES, ERROR_NAMES, STATUS_NAMES
from hermes.core.replies.job_ids import ID_SPELLINGS
from hermes.core.truth.wrappers import SLUG_LISTS
from hermes_base.http.answers import STRICT, Answer, parse_value
from hermes_base.reasons import Failure

DEEPEST_TEXT = 3
LARGEST_TEXT = 5_000_000
UNTOLD = frozenset(ID_SPELLINGS).union(STATUS_NAMES, ERROR_NAMES, CODE_NAMES, SLUG_LISTS)
"""Fields of an envelope that the dialect has read, or that mean something else in Hermes' contract."""


def document_of(dialect: Dialect, job: Any, held: Any) -> dict[str, Any]:
    """What is judged: the result, its outputs by slug where the dialect says where they stand, and what the API says
    beside it in plain fields (`sample: true`, `generated_at`). `job`: the status; `held`: what holds the result."""
    result = dialect.result
    value: Any = find(result.inside, held) if result and result.inside else held
    if result and result.json_text:
        value = read_texts(value)
    if dialect.outputs:
        value = _mapped(dialect.outputs, value, texts=bool(result and result.json_text))
    if value is job and isinstance(job, dict):  # the outputs stand beside the words
        return dict(cast("dict[str, Any]", job))
    return {**_plain(job), "result": value}


def _mapped(outputs: Mapping[str, str], value: Any, *, texts: bool) -> dict[str, Any]:
    found: dict[str, Any] = {slug: find(expression, value) for slug, expression in outputs.items()}
    told = {slug: each for slug, each in found.items() if each is not None}
    if texts:
        told = {slug: read_texts(each) for slug, each in told.items()}
    beside = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    return {**beside, "outputs": told}


def _plain(job: Any) -> dict[str, Any]:
    if not isinstance(job, dict):
        return {}
    fields = cast("dict[str, Any]", job)
    return {
        name: value for name, value in fields.items()
        if isinstance(value, str | int | float | bool) and name not in UNTOLD
    }  # fmt: skip


def read_texts(value: Any, depth: int = 0) -> Any:
    """A value with the texts in it read that are JSON objects, lists or numbers; other texts stay."""
    if depth > DEEPEST_TEXT:
        return value
    if isinstance(value, str):
        return _read_text(value)
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {name: read_texts(inner, depth + 1) for name, inner in fields.items()}
    if isinstance(value, list):
        return [read_texts(inner, depth + 1) for inner in cast("list[Any]", value)]
    return value


def _read_text(text: str) -> Any:
    start = text.lstrip()[:1]
    if not start or start not in '{["-0123456789tfn' or len(text) > LARGEST_TEXT:
        return text
    try:
        return STRICT.decode(text.strip())
    except (ValueError, RecursionError):
        return text


def joined(first: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Two pages of one result: lists are put together, in the result and in the outputs in it; the rest is the first's."""
    return {**first, "result": _put_together(first.get("result"), more.get("result"))}


def _put_together(first: Any, more: Any) -> Any:
    kept: Any = first
    if isinstance(first, list) and isinstance(more, list):
        return [*cast("list[Any]", first), *cast("list[Any]", more)]
    if isinstance(first, dict) and isinstance(more, dict):
        fields, others = cast("dict[str, Any]", first), cast("dict[str, Any]", more)
        return {name: _put_together(value, others.get(name)) for name, value in fields.items()}
    return kept


def read_lines(answer: Answer, lines: bool) -> Any:
    """The JSON of an answer, or the list of its lines where they may be JSON each; the Failure where it is neither."""
    parsed = parse_value(answer)
    if not lines or not isinstance(parsed, Failure):
        return parsed
    try:
        texts = answer.body.decode("utf-8").splitlines()
        values: list[Any] = [STRICT.decode(text) for text in texts if text.strip()]
    except (ValueError, RecursionError):
        return parsed
    return values or parsed
