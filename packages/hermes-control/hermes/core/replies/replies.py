"""Reading what workers say: from an HTTP answer to one of a few values.

An answer is `Accepted`, `Working`, `Finished`, `Postponed` or `Failure`; nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hermes.core.replies.addresses import job_id_in, resolve
from hermes.core.replies.envelopes import (
    LONGEST_JOB_ID,
    RESULT_NAMES,
    error_of,
    has_result,
    job_id_of,
    only_envelope,
    phase_of,
    places,
    progress_of,
    said_status,
    status_of,
)
from hermes.core.replies.http_errors import forgets_job, http_failure, own_reason, words_of
from hermes.core.replies.links import result_addresses, status_addresses
from hermes_base.http.answers import Answer, parse_json, retry_after
from hermes_base.reasons import Failure, Reason
from hermes_base.value import value


@dataclass(frozen=True, slots=True)
class Accepted:
    """The worker took the job and will be polled under this id, at its own address if it named one."""

    job_id: str
    retry_after: float | None = None
    status_url: str | None = None


@dataclass(frozen=True, slots=True)
class Working:
    """The job is queued or running at the worker."""

    status: str
    progress: dict[str, Any] | None = None
    phase: str | None = None
    retry_after: float | None = None


@value
class Finished:
    """The job is done; `document` is the whole answer, judged by `outputs`.

    `result_url`: where the result stands on the worker's own origin, if not in the document.
    """

    document: dict[str, Any]
    result_url: str | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now: ask again after `retry_after` seconds (None: when Hermes thinks fit)."""

    failure: Failure
    retry_after: float | None = None


@value
class Document:
    """A JSON object that was read from an answer, with the HTTP status it came with."""

    status: int
    fields: dict[str, Any] = field(default_factory=dict[str, Any])


StartReply = Accepted | Finished | Postponed | Failure
PollReply = Working | Finished | Postponed | Failure


def read_start(answer: Answer, now: datetime) -> StartReply:
    """What the answer to a start means."""
    document = read_document(answer, now)
    if not isinstance(document, Document):
        return document
    fields = document.fields
    state = status_of(fields)
    if state in ("unknown", "failed", "cancelled", "skipped"):
        return _ended(state, fields)
    if answer.status == 202 or state in ("queued", "running") or _takes_it(state, fields):
        return _accepted(answer, fields, now)
    return _finished(answer, fields)


def _takes_it(state: str, fields: Mapping[str, Any]) -> bool:
    """A bare job id, with no status and no result, is a job taken."""
    return state == "" and only_envelope(fields) and job_id_of(fields, strict=True) is not None


def _accepted(answer: Answer, fields: Mapping[str, Any], now: datetime) -> Accepted | Failure:
    named = [*status_addresses(places(fields)), answer.headers.get("location", "")]
    url = _first_own(named, answer)
    job_id = job_id_of(fields) or (job_id_in(url) if url else None)
    if job_id is None:
        return Failure(Reason.MISSING_JOB_ID, f"The response ({answer.status}) contains no job id.")
    if len(job_id) > LONGEST_JOB_ID:
        detail = f"The job id has {len(job_id)} characters; at most {LONGEST_JOB_ID} are read."
        return Failure(Reason.MALFORMED_REPLY, detail)
    return Accepted(job_id, retry_after(answer, now), url)


def _first_own(addresses: Iterable[str], answer: Answer) -> str | None:
    """The first address on the worker's own origin."""
    urls = (resolve(address, answer.url) for address in addresses if address)
    return next((url for url in urls if url), None)


def read_poll(answer: Answer, job_id: str, now: datetime) -> PollReply:
    """What the answer to a status request for `job_id` means."""
    if forgets_job(answer):
        detail = f"The worker returned {answer.status} for job {job_id}."
        return Failure(Reason.JOB_UNKNOWN_TO_WORKER, detail)
    document = read_document(answer, now)
    if not isinstance(document, Document):
        return document
    fields = document.fields
    named = job_id_of(fields, strict=True)
    if named is not None and named != job_id:
        detail = (
            f"Hermes asked about job {job_id}, but the response is about {named[:LONGEST_JOB_ID]}."
        )
        return Failure(Reason.MALFORMED_REPLY, detail)
    state = status_of(fields) or ("running" if answer.status == 202 else "")
    if state == "" and not any(fields.get(name) is not None for name in RESULT_NAMES):
        return Failure(Reason.MALFORMED_REPLY, "The response has neither a status nor a result.")
    return _progressed(state, answer, fields, now)


def _progressed(state: str, answer: Answer, fields: dict[str, Any], now: datetime) -> PollReply:
    if state in ("unknown", "failed", "cancelled", "skipped"):
        return _ended(state, fields)
    if state in ("queued", "running"):
        return Working(state, progress_of(fields), phase_of(fields), retry_after(answer, now))
    return _finished(answer, fields)


def _finished(answer: Answer, fields: dict[str, Any]) -> Finished | Failure:
    """A result that stands at an address of its own is asked for there, on the worker's origin."""
    if has_result(fields) or not (named := list(result_addresses(places(fields)))):
        return Finished(fields)
    url = _first_own(named, answer)
    if url is None:
        detail = f"The result is at {named[0][:200]}. Hermes does not send its key to another host."
        return Failure(Reason.REDIRECT, detail)
    return Finished(fields, url)


def read_result(answer: Answer, first: Mapping[str, Any], now: datetime) -> PollReply:
    """What stands at the address that a finished answer (`first`) named for its result.

    Both are read as one document; the job has ended, so an unknown status word here is only data.
    """
    document = read_document(answer, now)
    if not isinstance(document, Document):
        return document
    fields = document.fields
    state = status_of(fields)
    if state in ("failed", "cancelled", "skipped"):
        return _ended(state, fields)
    if state in ("queued", "running"):
        return Working(state, progress_of(fields), phase_of(fields), retry_after(answer, now))
    return Finished({**first, **fields})


def read_document(answer: Answer, now: datetime) -> Document | Postponed | Failure:
    """The JSON object of an answer, or why there is none."""
    failure = http_failure(answer)
    if failure is None:
        parsed = parse_json(answer)
        return parsed if isinstance(parsed, Failure) else Document(answer.status, parsed)
    if failure.reason is Reason.RATE_LIMITED or answer.status in (502, 503, 504):
        return Postponed(failure, retry_after(answer, now))
    return failure


def _ended(state: str, fields: Mapping[str, Any]) -> Failure:
    """A status that ends the job without a result."""
    if state == "unknown":
        return Failure(
            Reason.UNKNOWN_STATUS, f"The worker reported the status {said_status(fields)!r}."
        )
    code, message = error_of(fields)
    word = said_status(fields) or "no"
    detail = words_of(code, message) or f"The worker reported {word} without a reason."
    if state == "cancelled":
        return Failure(Reason.WORKER_CANCELLED, detail)
    return Failure(own_reason(code), detail)
