"""Reading one answer of a worker, and the two ways in which a check ends early."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, cast

from hermes_worker.conformance.wire import Exchange, json_object

UNFINISHED = ("queued", "running")
FINISHED = ("completed", "failed", "cancelled")
REFUSED = (401, 403)
MALFORMED = (400, 422)


class Failed(Exception):
    """The requirement is not met; `exchange` shows it."""

    def __init__(self, reason: str, exchange: Exchange | None = None) -> None:
        super().__init__(reason)
        self.exchange = exchange


class Skipped(Failed):
    """The requirement could not be judged, and why."""


def fail(reason: str, exchange: Exchange) -> NoReturn:
    raise Failed(reason, exchange)


def expect(exchange: Exchange, *statuses: int) -> dict[str, Any]:
    """The document of an answer that must have one of these statuses; Failed otherwise."""
    document = read(exchange)
    if exchange.status not in statuses:
        fail(f"answered {exchange.status}, expected {' or '.join(map(str, statuses))}", exchange)
    return document


def read(exchange: Exchange) -> dict[str, Any]:
    """The document of an answer; Skipped when the answer breaks a rule about all answers."""
    if broken := broken_rule(exchange):
        raise Skipped(f"the response breaks {broken[0]}: {broken[1]}", exchange)
    return cast("dict[str, Any]", json_object(exchange.body))


def broken_rule(exchange: Exchange) -> tuple[str, str] | None:
    """The rule (id, what happened) that an answer breaks so badly that it cannot be read."""
    if exchange.trouble:
        return ("ANS-4" if exchange.status else "ANS-5"), exchange.trouble
    if 300 <= exchange.status < 400:
        return "ANS-2", f"a redirect to {exchange.headers.get('Location', 'nowhere')}"
    document = json_object(exchange.body)
    return ("ANS-3", document) if isinstance(document, str) else None


def content_type(exchange: Exchange) -> str:
    """The media type without parameters, in small letters."""
    return exchange.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def job_of(document: Mapping[str, Any]) -> str:
    """The job id in a document, "" where there is none."""
    job = document.get("jobId")
    return job if isinstance(job, str) else ""


def word_of(document: Mapping[str, Any]) -> str:
    """The status word in a document, "" where there is none."""
    word = document.get("status")
    return word if isinstance(word, str) else ""


def result_of(document: Mapping[str, Any]) -> Any:
    """The result of an ended job: `result`, or the answer itself when it holds `outputs`."""
    return document if "outputs" in document else document.get("result")


def wait_asked(exchange: Exchange) -> float:
    """Seconds of Retry-After; 0 without one, or when it is a date."""
    text = exchange.headers.get("Retry-After", "").strip()
    return float(text) if text.isdecimal() else 0.0


def wait_readable(exchange: Exchange) -> bool:
    """Whether Retry-After is absent, a number of seconds or an HTTP date."""
    text = exchange.headers.get("Retry-After")
    if text is None or text.strip().isdecimal():
        return True
    try:
        parsedate_to_datetime(text)
    except ValueError:
        return False
    return True
