"""HTTP errors of workers as reasons, with the worker's own message where it gave one."""

from hermes.core.replies.envelopes import error_of
from hermes_base.http.answers import Answer, parse_json
from hermes_base.reasons import WORKER_MAY_SAY, Failure, Reason

LONGEST_MESSAGE = 500
STATUS_REASONS = {
    401: Reason.AUTH_401,
    402: Reason.QUOTA_EXCEEDED,
    403: Reason.FORBIDDEN_403,
    404: Reason.WRONG_ENDPOINT_404,
    405: Reason.WRONG_ENDPOINT_404,
    410: Reason.WRONG_ENDPOINT_404,
}

NO_SUCH_PATH = frozenset({"not found", "404 not found", "404: not found", "404 page not found"})
"""What frameworks say of a path they do not have; a worker that misses a job says more."""


def http_failure(answer: Answer) -> Failure | None:
    """The reason of an HTTP status; None for 2xx."""
    status = answer.status
    if 200 <= status < 300:
        return None
    code, message = _error(answer)
    words = words_of(code, message)
    detail = f"{status} from {answer.url}" + (f": {words}" if words else "")
    if 300 <= status < 400:
        return Failure(Reason.REDIRECT, f"{detail} -> {answer.headers.get('location', 'nowhere')}")
    if status == 429:
        quota = "quota" in words.lower() or "exhausted" in words.lower()
        return Failure(Reason.QUOTA_EXCEEDED if quota else Reason.RATE_LIMITED, detail)
    if status >= 500:
        return Failure(Reason.SERVER_ERROR_5XX, detail)
    return Failure(STATUS_REASONS.get(status) or own_reason(code), detail)


def forgets_job(answer: Answer) -> bool:
    """Whether a worker does not know the job it is asked for. A path that it does not have is another error."""
    if answer.status != 404 or answer.is_html:
        return answer.status == 410
    message = error_message(answer) or answer.excerpt
    return message.strip().lower() not in NO_SUCH_PATH


def error_message(answer: Answer) -> str:
    """The words of a JSON error body, shortened; "" where there are none."""
    return words_of(*_error(answer))


def _error(answer: Answer) -> tuple[str, str]:
    if "json" not in answer.content_type:
        return "", ""
    parsed = parse_json(answer)
    return ("", "") if isinstance(parsed, Failure) else error_of(parsed)


def words_of(code: str, message: str) -> str:
    """Code and message in one text, shortened."""
    return ": ".join(part for part in (code, message) if part)[:LONGEST_MESSAGE]


def own_reason(code: str) -> Reason:
    """The reason that a worker named itself, where it is one that a worker can know."""
    return Reason(code) if code in WORKER_MAY_SAY else Reason.WORKER_FAILED
