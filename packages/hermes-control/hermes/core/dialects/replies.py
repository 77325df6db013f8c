"""Reading what an API says by its dialect: the same values as of Hermes' own contract (`core.replies`).

What a dialect leaves out is read as Hermes reads any answer.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from hermes.core.dialects.dialect import Accepted as AcceptedPart
from hermes.core.dialects.dialect import Dialect
from hermes.core.dialects.expressions import find, find_text
from hermes.core.dialects.results import document_of, read_lines
from hermes.core.dialects.standing import (
    Standing,
    failure_of,
    job_in,
    phase_of,
    progress_of,
    seconds_of,
    standing_of,
)
from hermes.core.replies import replies
from hermes.core.replies import standing as plain
from hermes.core.replies.addresses import job_id_in, resolve
from hermes.core.replies.contradictions import Mark, mark_in
from hermes.core.replies.endings import ended, outvoted, seen
from hermes.core.replies.http_errors import forgets_job
from hermes.core.replies.job_ids import LONGEST_JOB_ID
from hermes.core.replies.places import METAS, objects, places
from hermes.core.replies.values import Accepted, Finished, PollReply, Postponed, StartReply, Working
from hermes_base.http.answers import Answer, parse_value, retry_after
from hermes_base.reasons import Failure, Reason


def read_start(dialect: Dialect, answer: Answer, run_id: str, now: datetime) -> StartReply:
    """What the answer to a start means."""
    refused = replies.refusal(answer, now)
    if refused is not None:
        return refused
    told = dialect.accepted
    if told is None and not dialect.start.at_once:
        return _translated(dialect, replies.read_start(answer, now))
    document: Any = parse_value(answer) if answer.body.strip() else None
    if isinstance(document, Failure):
        return document
    if told is None:
        return _at_once(dialect, document)
    return _taken(dialect, told, answer, document, run_id, now)


def _at_once(dialect: Dialect, document: Any) -> StartReply:
    """The answer to a start that is the result itself."""
    standing = standing_of(dialect, document, 200)
    if standing.state in ("failed", "cancelled"):
        return failure_of(dialect, standing, document)
    return _finished(dialect, standing, document, None, said=True)


def _taken(
    dialect: Dialect, told: AcceptedPart, answer: Answer, document: Any, run_id: str, now: datetime
) -> StartReply:
    standing = standing_of(dialect, document, answer.status)
    if dialect.poll.status and standing.state == "failed":
        return failure_of(dialect, standing, document)
    named = find_text(told.address, document)
    headers = [answer.headers.get(name.lower(), "") for name in told.headers]
    addresses = [address for address in (named, *headers) if address]
    url = next((own for each in addresses if (own := resolve(each, answer.url))), None)
    job_id = run_id if told.ours else find_text(told.id, document)
    job_id = job_id or (job_id_in(addresses[0]) if addresses else None) or ""
    if not job_id:
        return _without_id(answer, document, now)
    if len(job_id) > LONGEST_JOB_ID:
        detail = f"The job id has {len(job_id)} characters; at most {LONGEST_JOB_ID} are read."
        return Failure(Reason.MALFORMED_REPLY, detail)
    wait = retry_after(answer, now)
    return Accepted(job_id, seconds_of(told.retry_after, document) if wait is None else wait, url)


def _without_id(answer: Answer, document: Any, now: datetime) -> StartReply:
    """No id where the dialect says: a refusal in words, or an answer that is not as the dialect says."""
    reply = replies.read_start(answer, now) if isinstance(document, dict) and document else None
    if isinstance(reply, Failure) and reply.over:
        return reply
    fields = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    detail = f"The response ({answer.status}) has no job id where the dialect says. {seen(fields)}"
    return Failure(Reason.MISSING_JOB_ID, detail)


def read_poll(
    dialect: Dialect, answer: Answer, job_id: str, run_id: str, now: datetime, *, cancelling: bool
) -> PollReply:
    """What the answer to a status request for `job_id` means. `cancelling`: somebody asked to cancel it."""
    if cancelling and dialect.cancel and dialect.cancel.gone and answer.status in (404, 410):
        return Failure(Reason.WORKER_CANCELLED, "The worker no longer has the job.", over=True)
    if not dialect.poll.status:
        return _translated(dialect, replies.read_poll(answer, job_id, now))
    if forgets_job(answer):
        return replies.read_poll(answer, job_id, now)
    if url := replies.see_other(answer):
        return Finished({}, url, said=True)
    refused = replies.refusal(answer, now)
    document = parse_value(answer) if refused is None else refused
    if isinstance(document, Failure | Postponed):
        return document
    job = job_in(dialect, document, job_id, run_id)
    standing = _after_cancel(dialect, standing_of(dialect, job, answer.status), cancelling)
    return _read(dialect, standing, answer, job, now)


def _after_cancel(dialect: Dialect, standing: Standing, cancelling: bool) -> Standing:
    """Some APIs have no word for a job that was cancelled: it is called failed, or finished."""
    then = dialect.cancel.then if dialect.cancel and cancelling else ()
    if standing.word.casefold() in {word.casefold() for word in then}:
        return replace(standing, state="cancelled")
    return standing


def _read(
    dialect: Dialect, standing: Standing, answer: Answer, job: Any, now: datetime
) -> PollReply:
    if standing.state in ("failed", "cancelled", "skipped"):
        return failure_of(dialect, standing, job)
    if standing.state in ("queued", "running"):
        return _working(dialect, standing, answer, job, now)
    if standing.state in ("completed", "partly"):
        return _finished(dialect, standing, job, answer, said=True)
    if standing.state == "no_such_job":
        detail = f"The worker reports {standing.word or 'nothing'!r} for the job."
        return Failure(Reason.JOB_UNKNOWN_TO_WORKER, detail)
    if standing.state == "unknown":
        detail = f"The worker reported the status {standing.word!r}."
        return Failure(Reason.UNKNOWN_STATUS, detail)
    return _unrecognised(dialect, job)


def _unrecognised(dialect: Dialect, job: Any) -> Failure:
    """No word where the dialect says: an error in other words, or an answer about something else."""
    fields = cast("dict[str, Any]", job) if isinstance(job, dict) else {}
    found = plain.standing_of(fields)
    if found.state in ("failed", "cancelled"):
        return ended(found, fields)
    detail = f"The response has no status where the dialect {dialect.name} says. {seen(fields)}"
    return Failure(Reason.UNRECOGNISED_REPLY, detail)


def _working(
    dialect: Dialect, standing: Standing, answer: Answer, job: Any, now: datetime
) -> Working:
    wait = retry_after(answer, now)
    if wait is None:
        wait = seconds_of(dialect.poll.retry_after, job)
    told = find_text(dialect.poll.next_address, job)
    return Working(
        standing.state,
        progress_of(dialect.poll.progress, job),
        phase_of(dialect, job),
        wait,
        resolve(told, answer.url) if told else None,
        find_text(dialect.poll.id, job)[:LONGEST_JOB_ID] or None,
    )


def _finished(
    dialect: Dialect, standing: Standing, job: Any, answer: Answer | None, *, said: bool
) -> Finished | Failure:
    """A job that the API calls completed, unless it says otherwise beside that."""
    fields = cast("dict[str, Any]", job) if isinstance(job, dict) else {}
    mark = None if dialect.poll.history else _against(fields)
    if mark is not None and mark.state != "partly":
        reason = Reason.WORKER_CANCELLED if mark.state == "cancelled" else Reason.WORKER_FAILED
        return Failure(reason, outvoted(mark, fields, ""), over=True)
    partly = mark.quoted if mark else (standing.word if standing.state == "partly" else "")
    named = find_text(dialect.result.address, job) if dialect.result else ""
    if named and answer is not None:
        url = resolve(named, answer.url)
        if url is None:
            detail = (
                f"The result is at {named[:200]}. Hermes does not send its key to another host."
            )
            return Failure(Reason.REDIRECT, detail, over=True)
        return Finished(fields, url, said, partly)
    if dialect.result and dialect.result.path:
        return Finished(fields, None, said, partly)
    return Finished(document_of(dialect, job, job), None, said, partly)


def _against(fields: dict[str, Any]) -> Mark | None:
    found = places(fields)
    return mark_in([*found, *objects(found, METAS)], [])


def read_result(dialect: Dialect, answer: Answer, first: Finished, now: datetime) -> PollReply:
    """What stands at an address of its own, of a job that is finished (`first`)."""
    refused = replies.refusal(answer, now)
    lines = bool(dialect.result and dialect.result.lines)
    document = read_lines(answer, lines) if refused is None else refused
    if isinstance(document, Failure | Postponed):
        return document
    if isinstance(document, dict):
        fields = cast("dict[str, Any]", document)
        found = plain.standing_of(fields)
        if found.state in ("failed", "cancelled", "skipped") and not _is_result(dialect, fields):
            return ended(found, fields)
    return Finished(document_of(dialect, first.document, document), None, True, first.partly)


def _is_result(dialect: Dialect, fields: dict[str, Any]) -> bool:
    """Whether the place that the dialect names holds something: then words beside it are part of the data."""
    inside = dialect.result.inside if dialect.result else ""
    return bool(inside) and find(inside, fields) is not None


def _translated(dialect: Dialect, reply: Any) -> Any:
    """What the plain reading found, with the outputs where the dialect says."""
    if not isinstance(reply, Finished) or not (dialect.result or dialect.outputs):
        return reply
    if reply.result_url or (dialect.result and dialect.result.path):
        return reply
    return replace(reply, document=document_of(dialect, reply.document, reply.document))


def confirms(dialect: Dialect, result: Answer | Failure, now: datetime) -> bool | None:
    """What the answer to a cancel says: True where the job has ended, False where it cannot be cancelled, None where
    its status will tell."""
    if isinstance(result, Failure):
        return None
    if dialect.cancel and result.status in (404, 410) and dialect.cancel.gone:
        return True
    if result.status in (404, 405, 501):
        return False
    if replies.refusal(result, now) is not None:
        return None
    if dialect.cancel and dialect.cancel.confirms:
        return True
    document: Any = parse_value(result) if result.body.strip() else None
    if isinstance(document, Failure):
        return None
    return True if standing_of(dialect, document, 200).state == "cancelled" else None
