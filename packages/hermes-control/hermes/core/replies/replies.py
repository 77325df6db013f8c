"""Reading what workers say: from an HTTP answer to one of a few values.

An answer is `Accepted`, `Working`, `Finished`, `Postponed` or `Failure`; nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from hermes.core.replies.addresses import job_id_in, resolve
from hermes.core.replies.endings import ended, seen, unknown_word
from hermes.core.replies.envelopes import (
    RESULT_NAMES,
    has_result,
    only_envelope,
    phase_of,
    progress_of,
)
from hermes.core.replies.http_errors import (
    forgets_job,
    http_failure,
)
from hermes.core.replies.job_ids import LONGEST_JOB_ID, about_another, guessed_id, job_id_of
from hermes.core.replies.links import result_addresses, status_addresses
from hermes.core.replies.places import places
from hermes.core.replies.standing import Standing, standing_of
from hermes.core.replies.values import (
    Accepted,
    Document,
    Finished,
    PollReply,
    Postponed,
    StartReply,
    Working,
)
from hermes_base.http.answers import Answer, parse_json, retry_after
from hermes_base.reasons import Failure, Reason

ASK_AGAIN = frozenset({408, 425, 502, 503, 504})
"""HTTP statuses that mean: not now."""


def read_start(answer: Answer, now: datetime) -> StartReply:
    """What the answer to a start means."""
    if _is_bare(answer):
        return _accepted(answer, {}, now)
    document = read_document(answer, now)
    if not isinstance(document, Document):
        return document
    fields = document.fields
    standing = standing_of(fields)
    state = standing.state
    if state == "unknown" and (taken := _taken_with_a_word(answer, fields, now)):
        return taken
    if state in ("unknown", "failed", "cancelled", "skipped"):
        return ended(standing, fields)
    if answer.status == 202 and standing.done and has_result(fields):
        taken = _accepted(answer, fields, now)
        return _finished(answer, fields, standing) if isinstance(taken, Failure) else taken
    if answer.status == 202 or state in ("queued", "running") or _takes_it(state, fields):
        return _accepted(answer, fields, now)
    return _finished(answer, fields, standing)


def _is_bare(answer: Answer) -> bool:
    """An answer without content, which says what it says by its status and its address."""
    if answer.status == 204:
        return True
    return answer.status in (201, 202) and not answer.body.strip()


def _takes_it(state: str, fields: Mapping[str, Any]) -> bool:
    """A bare job id, with no status and no result, is a job taken."""
    return state == "" and only_envelope(fields) and job_id_of(fields, strict=True) is not None


def _taken_with_a_word(answer: Answer, fields: Mapping[str, Any], now: datetime) -> Accepted | None:
    """A job with an id that stands at a word which nobody knows is asked for, before it is given up."""
    taken = _accepted(answer, fields, now)
    if isinstance(taken, Failure) or has_result(fields):
        return None
    return replace(taken, doubt=unknown_word(fields))


def _accepted(answer: Answer, fields: Mapping[str, Any], now: datetime) -> Accepted | Failure:
    headers = (answer.headers.get(name, "") for name in ("operation-location", "location"))
    url = _first_own([*status_addresses(places(fields)), *headers], answer)
    job_id = job_id_of(fields) or (job_id_in(url) if url else None)
    if job_id is None and answer.status == 202:
        job_id = guessed_id(fields)
    if job_id is None:
        return Failure(Reason.MISSING_JOB_ID, _nameless(answer, fields))
    if len(job_id) > LONGEST_JOB_ID:
        detail = f"The job id has {len(job_id)} characters; at most {LONGEST_JOB_ID} are read."
        return Failure(Reason.MALFORMED_REPLY, detail)
    return Accepted(job_id, retry_after(answer, now), url)


def _nameless(answer: Answer, fields: Mapping[str, Any]) -> str:
    """What was there instead of an id."""
    if not fields:
        return f"The response ({answer.status}) contains neither a job id nor a status address: it is empty."
    return f"The response ({answer.status}) contains no job id. {seen(fields)}"


def _first_own(addresses: Iterable[str], answer: Answer) -> str | None:
    """The first address on the worker's own origin."""
    urls = (resolve(address, answer.url) for address in addresses if address)
    return next((url for url in urls if url), None)


def read_poll(answer: Answer, job_id: str, now: datetime) -> PollReply:
    """What the answer to a status request for `job_id` means."""
    if forgets_job(answer):
        detail = f"The worker returned {answer.status} for job {job_id}."
        return Failure(Reason.JOB_UNKNOWN_TO_WORKER, detail, over=answer.status == 410)
    if url := see_other(answer):
        return Finished({}, url, said=True)
    document = read_document(answer, now)
    if not isinstance(document, Document):
        return document
    fields = document.fields
    if named := about_another(fields, job_id):
        detail = (
            f"Hermes asked about job {job_id}, but the response is about {named[:LONGEST_JOB_ID]}."
        )
        return Failure(Reason.ANOTHER_JOB, detail)
    standing = standing_of(fields)
    if standing.state == "" and answer.status == 202:
        standing = Standing("running")
    if standing.state == "" and not any(fields.get(name) is not None for name in RESULT_NAMES):
        detail = f"The response has neither a status nor a result. {seen(fields)}"
        return Failure(Reason.UNRECOGNISED_REPLY, detail)
    return _progressed(standing, answer, fields, now)


def see_other(answer: Answer) -> str | None:
    """Where a 303 says that the result stands, on the worker's own origin."""
    location = answer.headers.get("location", "") if answer.status == 303 else ""
    url = resolve(location, answer.url) if location else None
    return url if url != answer.url else None


def _progressed(
    standing: Standing, answer: Answer, fields: dict[str, Any], now: datetime
) -> PollReply:
    if standing.state in ("unknown", "failed", "cancelled", "skipped"):
        return ended(standing, fields)
    if standing.state in ("queued", "running"):
        return _working(standing, answer, fields, now)
    return _finished(answer, fields, standing)


def _working(
    standing: Standing, answer: Answer, fields: Mapping[str, Any], now: datetime
) -> Working:
    told = progress_of(fields), phase_of(fields)
    return Working(standing.state, *told, retry_after(answer, now))


def _finished(answer: Answer, fields: dict[str, Any], standing: Standing) -> Finished | Failure:
    """A result that stands at an address of its own is asked for there, on the worker's origin."""
    partly = standing.mark.quoted if standing.mark else ""
    if has_result(fields) or not (named := list(result_addresses(places(fields)))):
        return Finished(fields, None, standing.done, partly)
    url = _first_own(named, answer)
    if url is None:
        detail = f"The result is at {named[0][:200]}. Hermes does not send its key to another host."
        return Failure(Reason.REDIRECT, detail, over=standing.done)
    return Finished(fields, url, standing.done, partly)


def read_result(answer: Answer, first: Finished, now: datetime) -> PollReply:
    """What stands at the address that a finished answer (`first`) named for its result.

    Both are read as one document; the job has ended, so an unknown status word here is only data.
    """
    document = read_document(answer, now)
    if not isinstance(document, Document):
        return document
    fields = document.fields
    standing = standing_of(fields)
    if standing.state in ("failed", "cancelled", "skipped"):
        return ended(standing, fields)
    if standing.state in ("queued", "running"):
        return _working(standing, answer, fields, now)
    partly = standing.mark.quoted if standing.mark else first.partly
    return Finished({**first.document, **fields}, None, first.said or standing.done, partly)


def read_document(answer: Answer, now: datetime) -> Document | Postponed | Failure:
    """The JSON object of an answer, or why there is none."""
    if (refused := refusal(answer, now)) is not None:
        return refused
    parsed = parse_json(answer)
    return parsed if isinstance(parsed, Failure) else Document(answer.status, parsed)


def refusal(answer: Answer, now: datetime) -> Postponed | Failure | None:
    """What an HTTP status that is no success means; None for one that is."""
    failure = http_failure(answer)
    if failure is None:
        return None
    if failure.reason is Reason.RATE_LIMITED or answer.status in ASK_AGAIN:
        return Postponed(failure, retry_after(answer, now))
    return failure
