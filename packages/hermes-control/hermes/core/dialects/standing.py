"""How a job stands by a dialect: its word, what it says of its progress, and its own words for a failure."""

import re
from dataclasses import dataclass
from typing import Any, cast

from hermes.core.dialects.dialect import Dialect, Progress, State, States
from hermes.core.dialects.expressions import about, find, find_text
from hermes.core.replies.contradictions import error_text
from hermes.core.replies.envelopes import error_of
from hermes.core.replies.http_errors import LONGEST_MESSAGE, own_reason
from hermes.core.replies.words import meaning
from hermes_base.reasons import Failure, Reason

LONGEST_WORD = 60
OF = re.compile(r"(\d{1,12})\s*(?:/|of)\s*(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Standing:
    """The word of an answer, and what it means: a state, `no_such_job`, `unknown` for a word that nobody knows, or ""
    where nothing is said."""

    word: str
    state: str


def job_in(dialect: Dialect, document: Any, job_id: str, run_id: str) -> Any:
    """The part of an answer that is about the job; None where there is none."""
    place = dialect.poll.find
    return find(about(place, job_id, run_id), document) if place else document


def standing_of(dialect: Dialect, job: Any, status: int) -> Standing:
    """How a job stands. `status`: of HTTP, where 202 means that it goes on."""
    poll, word = dialect.poll, find_text(dialect.poll.status, job)
    if word:
        state = _listed(poll.states, word) or poll.otherwise or meaning(word) or "unknown"
        return Standing(word[:LONGEST_WORD], state)
    if status == 202:
        return Standing("", "running")
    return Standing("", _listed(poll.states, "null") or poll.absent or "")


def _listed(states: States, word: str) -> State | str:
    wanted = word.casefold()
    for name in States.model_fields:
        if any(
            each.casefold() == wanted for each in cast("tuple[str, ...]", getattr(states, name))
        ):
            return name
    return ""


def failure_of(dialect: Dialect, standing: Standing, job: Any) -> Failure:
    """The end of a job without a result, in the API's own words."""
    code, said = words_of(dialect, job)
    if not said:
        said = f"The worker reported {standing.word or standing.state!r} without a reason."
    if standing.state == "cancelled":
        return Failure(Reason.WORKER_CANCELLED, said, over=True)
    return Failure(own_reason(code), said, over=True)


def words_of(dialect: Dialect, job: Any) -> tuple[str, str]:
    """(code, words) of a failure, where the dialect says, else where APIs keep them."""
    if said := error_text(find(dialect.poll.error, job)):
        return "", said[:LONGEST_MESSAGE]
    if not isinstance(job, dict):
        return "", ""
    code, message = error_of(cast("dict[str, Any]", job))
    return code, ": ".join(part for part in (code, message) if part)[:LONGEST_MESSAGE]


def progress_of(told: Progress, job: Any) -> dict[str, Any] | None:
    """`{done, total, unit}`, as an answer of Hermes' own contract says it; None where nothing is said."""
    if (percent := _number(told.percent, job)) is not None:
        return {"done": percent, "total": 100, "unit": "%"}
    if (fraction := _number(told.fraction, job)) is not None:
        return {"done": round(fraction * 100, 1), "total": 100, "unit": "%"}
    unit = {"unit": told.unit} if told.unit else {}
    if (done := _number(told.done, job)) is not None:
        total = _number(told.total, job)
        return {"done": done, **({} if total is None else {"total": total}), **unit}
    counts = OF.search(find_text(told.text, job)[:200])
    return {"done": int(counts[1]), "total": int(counts[2]), **unit} if counts else None


def _number(expression: str, job: Any) -> int | float | None:
    found = find(expression, job)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def phase_of(dialect: Dialect, job: Any) -> str | None:
    """The API's own words for what is being done."""
    return find_text(dialect.poll.phase, job)[:200] or None


def seconds_of(expression: str, job: Any) -> float | None:
    """Seconds that an answer asks to wait, in its body."""
    seconds = _number(expression, job)
    return None if seconds is None else min(max(0.0, float(seconds)), 86_400.0)
