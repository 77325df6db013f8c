"""Reading what workers say: from an HTTP answer to one of a few values. Tables first, then code.

An answer is `Accepted`, `Working`, `Finished`, `Postponed` or `Trouble`; nothing else.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, cast

from hermes.core.failures import Reason, Trouble

JOB_ID_NAMES = ("jobId", "job_id", "id", "report_id", "reportId", "run_id", "runId")
STATUS_NAMES = ("status", "state", "job_status", "jobStatus")
RESULT_NAMES = ("result", "results", "outputs", "reportJson", "report_json", "data")
ERROR_NAMES = ("error", "errorMessage", "error_message", "detail", "message")
PROGRESS_NAMES = ("progress",)

STATUS_WORDS: dict[str, str] = {
    **dict.fromkeys(("queued", "pending", "accepted", "claimed", "not_started"), "queued"),
    **dict.fromkeys(("started", "running", "processing", "in_progress", "cancelling"), "running"),
    **dict.fromkeys(
        ("completed", "complete", "done", "success", "succeeded", "finished", "ok"), "completed"
    ),
    **dict.fromkeys(("failed", "error", "timeout"), "failed"),
    **dict.fromkeys(("canceled", "cancelled"), "cancelled"),
    "skipped": "skipped",
}
"""Words that workers use -> the five that matter (and skipped). Anything else is unknown."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


STRICT = json.JSONDecoder(parse_constant=_no_constant)
"""JSON without NaN and Infinity, which are not JSON."""
MAX_DEPTH = 60
BODY_EXCERPT = 200


@dataclass(frozen=True, slots=True)
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
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def excerpt(self) -> str:
        """The first 200 characters of the body, for evidence."""
        return self.body[: BODY_EXCERPT * 4].decode("utf-8", "replace")[:BODY_EXCERPT]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The worker took the job and will be polled under this id."""

    job_id: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Working:
    """The job is queued or running at the worker."""

    status: str
    progress: dict[str, Any] | None = None
    phase: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The job is done; `document` is the whole answer, judged by `outputs`."""

    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now: ask again after `retry_after` seconds (None: when Hermes thinks fit)."""

    trouble: Trouble
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON object that was read from an answer, with the HTTP status it came with."""

    status: int
    fields: dict[str, Any] = field(default_factory=dict[str, Any])


StartReply = Accepted | Finished | Postponed | Trouble
PollReply = Working | Finished | Postponed | Trouble


def read_start(answer: Answer, now: datetime) -> StartReply:
    """What the answer to a start means."""
    document = read_document(answer, now)
    if not isinstance(document, Document):
        return document
    fields = document.fields
    state = status_of(fields)
    if state == "unknown":
        return _unknown_status(fields)
    if state in ("failed", "cancelled", "skipped"):
        return _ended(state, fields)
    if answer.status == 202 or state in ("queued", "running"):
        job_id = job_id_of(fields)
        if job_id is None:
            return Trouble(Reason.MISSING_JOB_ID, f"The answer ({answer.status}) names no job id.")
        return Accepted(job_id, retry_after(answer, now))
    return Finished(fields)


def read_poll(answer: Answer, job_id: str, now: datetime) -> PollReply:
    """What the answer to a status request for `job_id` means."""
    if answer.status in (404, 410) and answer.content_type != "text/html":
        detail = f"The worker answers {answer.status} for job {job_id}."
        return Trouble(Reason.JOB_UNKNOWN_TO_WORKER, detail)
    document = read_document(answer, now)
    if not isinstance(document, Document):
        return document
    fields = document.fields
    named = job_id_of(fields, strict=True)
    if named is not None and named != job_id:
        return Trouble(
            Reason.MALFORMED_REPLY, f"Asked for job {job_id}, the answer is about {named}."
        )
    state = status_of(fields)
    if state == "unknown":
        return _unknown_status(fields)
    if state in ("failed", "cancelled", "skipped"):
        return _ended(state, fields)
    if state in ("queued", "running"):
        return Working(state, progress_of(fields), _phase(fields), retry_after(answer, now))
    if state == "" and not any(fields.get(name) is not None for name in RESULT_NAMES):
        return Trouble(Reason.MALFORMED_REPLY, "The answer has neither a status nor a result.")
    return Finished(fields)


def read_document(answer: Answer, now: datetime) -> Document | Postponed | Trouble:
    """The JSON object of an answer, or why there is none."""
    trouble = http_trouble(answer)
    if trouble is not None and trouble.reason in (Reason.RATE_LIMITED, Reason.SERVER_ERROR_5XX):
        wait = retry_after(answer, now)
        asks_back = trouble.reason is Reason.RATE_LIMITED or answer.status in (502, 503, 504)
        return Postponed(trouble, wait) if asks_back else trouble
    if trouble is not None:
        return trouble
    parsed = parse_json(answer)
    return parsed if isinstance(parsed, Trouble) else Document(answer.status, parsed)


def http_trouble(answer: Answer) -> Trouble | None:
    """What the status line alone says; None for 2xx."""
    status = answer.status
    if 200 <= status < 300:
        return None
    said = error_message(answer)
    detail = f"{status} from {answer.url}" + (f": {said}" if said else "")
    if 300 <= status < 400:
        return Trouble(Reason.REDIRECT, f"{detail} -> {answer.headers.get('location', 'nowhere')}")
    if status == 429:
        quota = "quota" in said.lower() or "exhausted" in said.lower()
        return Trouble(Reason.QUOTA_EXCEEDED if quota else Reason.RATE_LIMITED, detail)
    fixed = {
        401: Reason.AUTH_401,
        403: Reason.FORBIDDEN_403,
        404: Reason.WRONG_ENDPOINT_404,
        405: Reason.WRONG_ENDPOINT_404,
        410: Reason.WRONG_ENDPOINT_404,
    }
    if status in fixed:
        return Trouble(fixed[status], detail)
    return Trouble(Reason.SERVER_ERROR_5XX if status >= 500 else Reason.WORKER_FAILED, detail)


def parse_json(answer: Answer) -> dict[str, Any] | Trouble:
    """The body as a JSON object. HTML, broken JSON, NaN, bad encoding and lists are told apart."""
    start = answer.body.lstrip()[:100].lower()
    if answer.content_type in ("text/html", "application/xhtml+xml") or start.startswith(
        (b"<!doctype html", b"<html")
    ):
        return Trouble(
            Reason.HTML_APP_SHELL, f"{answer.url} answers {answer.status} with an HTML page."
        )
    try:
        parsed = STRICT.decode(answer.body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Trouble(Reason.NOT_JSON, f"{answer.url} answers with bytes that are not UTF-8.")
    except RecursionError:
        return Trouble(Reason.MALFORMED_REPLY, f"{answer.url} answers with JSON nested too deeply.")
    except ValueError as error:
        return Trouble(Reason.NOT_JSON, f"{answer.url} answers with broken JSON: {error}.")
    if not isinstance(parsed, dict):
        return Trouble(
            Reason.MALFORMED_REPLY, f"{answer.url} answers with JSON that is not an object."
        )
    fields = cast("dict[str, Any]", parsed)
    if depth(fields) > MAX_DEPTH:
        return Trouble(Reason.MALFORMED_REPLY, f"{answer.url} answers with JSON nested too deeply.")
    return fields


def depth(value: Any, limit: int = MAX_DEPTH + 1) -> int:
    """How deeply lists and objects are nested, counted up to `limit`."""
    level, nodes = 0, [value]
    while nodes and level <= limit:
        nodes = [child for node in nodes for child in _children(node)]
        level += 1
    return level


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(cast("dict[str, Any]", node).values())
    return cast("list[Any]", node) if isinstance(node, list) else []


def status_of(fields: Mapping[str, Any]) -> str:
    """queued, running, completed, failed, cancelled, skipped, `unknown`, or "" where none is said."""
    for place in places(fields):
        for name in STATUS_NAMES:
            word = place.get(name)
            if isinstance(word, str) and word.strip():
                return STATUS_WORDS.get(
                    word.strip().lower().replace("-", "_").replace(" ", "_"), "unknown"
                )
    return ""


def job_id_of(fields: Mapping[str, Any], *, strict: bool = False) -> str | None:
    """The worker's job id. `strict` looks only at the names that can mean nothing else."""
    names = JOB_ID_NAMES[:2] if strict else JOB_ID_NAMES
    for place in places(fields):
        for name in names:
            value = place.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                return str(value)
    return None


def progress_of(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """`{done, total, unit, ...}`; a bare number is read as percent."""
    for place in places(fields):
        for name in PROGRESS_NAMES:
            value = place.get(name)
            if isinstance(value, dict):
                return cast("dict[str, Any]", value)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return {"done": value, "total": 100, "unit": "%"}
    return None


def _phase(fields: Mapping[str, Any]) -> str | None:
    for place in places(fields):
        if isinstance(phase := place.get("phase"), str):
            return phase
    return None


def places(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where the words of the envelope may stand: at the top, under `data`, under `job`."""
    found: list[Mapping[str, Any]] = [fields]
    for name in ("data", "job"):
        inner = fields.get(name)
        if isinstance(inner, dict):
            found.append(cast("dict[str, Any]", inner))
    return found


def error_of(fields: Mapping[str, Any]) -> tuple[str, str]:
    """(code, message) of an error in an answer; both may be empty."""
    for place in places(fields):
        for name in ERROR_NAMES:
            value = place.get(name)
            if isinstance(value, str) and value.strip():
                return "", value.strip()
            if isinstance(value, dict):
                inner = cast("dict[str, Any]", value)
                code = inner.get("code") or inner.get("type") or ""
                said = inner.get("message") or inner.get("detail") or ""
                if code or said:
                    return str(code), str(said)
    return "", ""


def error_message(answer: Answer) -> str:
    """The message of a JSON error body, shortened; "" where there is none."""
    if "json" not in answer.content_type:
        return ""
    parsed = parse_json(answer)
    if isinstance(parsed, Trouble):
        return ""
    code, said = error_of(parsed)
    return ": ".join(part for part in (code, said) if part)[:300]


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds that the worker asks us to wait; reads seconds and HTTP dates. Never negative."""
    text = answer.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _unknown_status(fields: Mapping[str, Any]) -> Trouble:
    words = [repr(p[n]) for p in places(fields) for n in STATUS_NAMES if n in p]
    return Trouble(
        Reason.UNKNOWN_STATUS, f"The worker reports status {words[0] if words else '?'}."
    )


def _ended(state: str, fields: Mapping[str, Any]) -> Trouble:
    code, said = error_of(fields)
    words = ": ".join(part for part in (code, said) if part)
    if state == "cancelled":
        return Trouble(Reason.WORKER_CANCELLED, words or "The worker says cancelled.")
    named = code if code in set(Reason) else ""
    if state == "skipped":
        return Trouble(Reason.WORKER_FAILED, words or "The worker skipped the job.")
    reason = Reason(named) if named else Reason.WORKER_FAILED
    return Trouble(reason, words or "The worker says failed, and not why.")
