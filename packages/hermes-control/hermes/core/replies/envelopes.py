"""The envelope of a worker's answer: what is no result, progress and error, as tables.

Every name that workers in the wild use is in a table here; the functions only look them up.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from hermes.core.replies.contradictions import ALL, ENDS
from hermes.core.replies.job_ids import ID_SPELLINGS
from hermes.core.replies.links import RESULT_URL_NAMES, STATUS_URL_NAMES
from hermes.core.replies.places import ALWAYS_STATUS, JOBS, objects, places
from hermes.core.replies.words import WORDS, spellings

STATUS_NAMES = tuple(spellings(WORDS.names.status))
RESULT_NAMES = ("result", "results", "outputs", "reportJson", "report_json", "report", "data",
                "latest", "pages")  # fmt: skip
ERROR_NAMES = (
    "error",
    "errorMessage",
    "error_message",
    "errors",
    "yaml_errors",
    "detail",
    "message",
    "title",
)
CODE_NAMES = ("code", "error_code", "errorCode")
PROGRESS_NAMES = ("progress", "progress_percent", "progressPercent", "percent", "percentage")
LATEST, LATEST_FIELDS, LATEST_LENGTH = 5, 3, 200
"""How many of the newest findings are kept, of how many fields each, of how many letters each."""
PROGRESS_FIELDS = {
    "done": ("done", "completed", "current", "processed"),
    "total": ("total", "max", "of"),
}
OF_THE_CALL = frozenset({"ok", "success"})
"""Words and flags that may speak of the HTTP call, while the job's own status stands further in."""
ENVELOPE = OF_THE_CALL.union(
    ID_SPELLINGS, STATUS_NAMES, ERROR_NAMES, CODE_NAMES, PROGRESS_NAMES, STATUS_URL_NAMES
).union(
    RESULT_URL_NAMES, JOBS, ENDS, ALL,
    ("data", "links", "_links", "accepted", "queued", "phase", "mode", "position"),
    ("service", "version", "time", "timestamp", "created_at", "createdAt"),
)  # fmt: skip
"""Fields that carry no result."""


def only_envelope(fields: Mapping[str, Any]) -> bool:
    """Whether an answer holds nothing that could be a result."""
    return all(ENVELOPE.issuperset(place) for place in places(fields)) and not isinstance(
        fields.get("data"), list
    )


def has_result(fields: Mapping[str, Any]) -> bool:
    """Whether one of the usual fields holds a result; results at the top itself do not count."""
    if fields.get("result"):
        return True
    for place in places(fields):
        for name in RESULT_NAMES:
            value = place.get(name)
            if value and not (name == "data" and _is_envelope(value)):
                return True
    return False


def _is_envelope(value: Any) -> bool:
    return isinstance(value, dict) and only_envelope(cast("dict[str, Any]", value))


def progress_of(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """`{done, total, unit, ...}` of plain values, `findings` as counts, and `latest`, the newest of them
    as objects of short texts; a bare number is percent."""
    for place in places(fields):
        for name in PROGRESS_NAMES:
            value = place.get(name)
            if isinstance(value, dict) and value:
                return _progress_fields(cast("dict[str, Any]", value))
            if isinstance(value, int | float) and not isinstance(value, bool):
                return {"done": value, "total": 100, "unit": "%"}
    return None


def _progress_fields(progress: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        name: value[:200] if isinstance(value, str) else value
        for name, value in progress.items()
        if value is None or isinstance(value, str | int | float)
    }
    findings = progress.get("findings")
    if isinstance(findings, dict):
        counts = cast("dict[str, Any]", findings)
        plain["findings"] = {n: c for n, c in counts.items() if type(c) in (int, float)}
    plain.pop("latest", None)
    if latest := _latest(progress.get("latest")):
        plain["latest"] = latest
    for name, others in PROGRESS_FIELDS.items():
        known = [plain[other] for other in others if other in plain]
        if known and name not in plain:
            plain[name] = known[0]
    return plain


def _latest(listed: Any) -> list[dict[str, str]]:
    """The newest findings: the last of a list are the newest."""
    newest = cast("list[Any]", listed)[-LATEST:] if isinstance(listed, list) else []
    objects = [cast("dict[str, Any]", each) for each in newest if isinstance(each, dict)]
    texts = [
        [(name, text[:LATEST_LENGTH]) for name, text in each.items() if isinstance(text, str)]
        for each in objects
    ]
    return [dict(fields[:LATEST_FIELDS]) for fields in texts if fields]


def phase_of(fields: Mapping[str, Any]) -> str | None:
    """The worker's own word for what it is doing, shortened."""
    phases = (place.get(name) for place in places(fields) for name in ("phase", "stage", "step"))
    return next((phase[:200] for phase in phases if isinstance(phase, str)), None)


def error_of(fields: Mapping[str, Any]) -> tuple[str, str]:
    """(code, message) of an error in an answer; both may be empty."""
    found = places(fields)
    for place in [*found, *objects(found, ALWAYS_STATUS)]:
        for name in ERROR_NAMES:
            code, message = _error_in(place.get(name))
            if code or message:
                return code or _text(place, CODE_NAMES), message
    return "", ""


def _error_in(value: Any) -> tuple[str, str]:
    if isinstance(value, list) and value:
        value = cast("list[Any]", value)[0]
    if isinstance(value, str):
        return "", value.strip()
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return _text(inner, (*CODE_NAMES, "type")), _text(
            inner, ("message", "detail", "msg", "title", "error")
        )
    return "", ""


def _text(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    values = (fields.get(name) for name in names)
    return next((str(value) for value in values if isinstance(value, str | int) and value), "")
