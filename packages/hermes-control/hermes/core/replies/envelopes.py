"""The envelope of a worker's answer: status, job id, progress and error, as tables.

Every name that workers in the wild use is in a table here; the functions only look them up.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from hermes.core.replies.links import RESULT_URL_NAMES, STATUS_URL_NAMES

JOB_ID_NAMES = ("jobId", "job_id", "reportId", "report_id", "id", "runId", "run_id")
"""From the plainest name to those that may mean something else (`run_id` may be ours, echoed)."""
LONGEST_JOB_ID = 500
STATUS_NAMES = ("status", "state", "job_status", "jobStatus")
RESULT_NAMES = ("result", "results", "outputs", "reportJson", "report_json", "report", "data",
                "latest", "pages")  # fmt: skip
ERROR_NAMES = ("error", "errorMessage", "error_message", "errors", "detail", "message", "title")
CODE_NAMES = ("code", "error_code", "errorCode")
PROGRESS_NAMES = ("progress", "progress_percent", "progressPercent", "percent", "percentage")
LATEST, LATEST_FIELDS, LATEST_LENGTH = 5, 3, 200
"""How many of the newest findings are kept, of how many fields each, of how many letters each."""
PROGRESS_FIELDS = {
    "done": ("done", "completed", "current", "processed"),
    "total": ("total", "max", "of"),
}
STATUS_WORDS: dict[str, str] = {
    **dict.fromkeys(("queued", "pending", "accepted", "claimed", "notstarted"), "queued"),
    **dict.fromkeys(("started", "running", "processing", "inprogress", "cancelling"), "running"),
    **dict.fromkeys(
        ("completed", "complete", "done", "success", "succeeded", "finished", "ok"), "completed"
    ),
    **dict.fromkeys(("failed", "error", "timeout"), "failed"),
    **dict.fromkeys(("canceled", "cancelled"), "cancelled"),
    "skipped": "skipped",
}
"""Words that workers use, without case, dashes and underscores -> the five that matter (and
skipped). Anything else is unknown."""

OF_THE_CALL = frozenset({"ok", "success"})
"""Words and flags that may speak of the HTTP call, while the job's own status stands further in."""

ENVELOPE = OF_THE_CALL.union(
    JOB_ID_NAMES, STATUS_NAMES, ERROR_NAMES, CODE_NAMES, PROGRESS_NAMES, STATUS_URL_NAMES
).union(
    RESULT_URL_NAMES,
    ("data", "job", "links", "_links", "accepted", "queued", "phase", "mode"),
    ("service", "version", "time", "timestamp", "created_at", "createdAt"),
)
"""Fields that carry no result."""


def places(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where the words of the envelope may stand: at the top, under `data`, under `job`."""
    found = [fields]
    if isinstance(data := fields.get("data"), dict):
        found.append(cast("dict[str, Any]", data))
    jobs = [
        cast("Mapping[str, Any]", inner)
        for place in found
        if isinstance(inner := place.get("job"), dict)
    ]
    return found + jobs


def status_of(fields: Mapping[str, Any]) -> str:
    """queued, running, completed, failed, cancelled, skipped, `unknown`, or "" where none is said.

    `ok` and `success` at the top give way to the job's own status further in.
    """
    plain = STATUS_WORDS.get(status) if isinstance(status := fields.get("status"), str) else None
    if plain is not None and status not in OF_THE_CALL:
        return plain  # what the contract asks for, and nearly everybody sends
    words = [word for place in places(fields) if (word := _status_word(place))]
    if not words:
        return "failed" if _says_no(fields) else ""
    outer = words[0]
    if outer in OF_THE_CALL:
        outer = next((word for word in words[1:] if word in STATUS_WORDS), outer)
    return STATUS_WORDS.get(outer, "unknown")


def _status_word(place: Mapping[str, Any]) -> str:
    for name in STATUS_NAMES:
        text = place.get(name)
        if isinstance(text, str) and text.strip():
            word = text.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
            if word in STATUS_WORDS or name in ("status", "state"):
                return word or "?"
    return ""


def _says_no(fields: Mapping[str, Any]) -> bool:
    """`ok: false`, `success: false`, or an error and nothing else."""
    if any(place.get(name) is False for place in places(fields) for name in OF_THE_CALL):
        return True
    error = fields.get("error")
    return (
        isinstance(error, str | dict | list)
        and bool(cast("object", error))
        and only_envelope(fields)
    )


def said_status(fields: Mapping[str, Any]) -> str:
    """The status as the worker wrote it, shortened."""
    words = (place.get(name) for place in places(fields) for name in STATUS_NAMES)
    return next((word.strip()[:60] for word in words if isinstance(word, str)), "")


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


def job_id_of(fields: Mapping[str, Any], *, strict: bool = False) -> str | None:
    """The worker's job id. `strict` looks only at the names that can mean nothing else."""
    names = JOB_ID_NAMES[:2] if strict else JOB_ID_NAMES
    found = places(fields)
    own = fields.get("job")
    if not strict and isinstance(own, dict):  # an id inside `job` is the job's
        found = [cast("Mapping[str, Any]", own), *found]
    for name in names:
        for place in found:
            value = place.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool):
                text = str(value).strip()
                if text:
                    return text
    return None


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
    for place in places(fields):
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
