"""What an answer of a worker comes to: `Accepted`, `Working`, `Finished`, `Postponed` or `Failure`."""

from dataclasses import dataclass, field
from typing import Any

from hermes_base.reasons import Failure
from hermes_base.value import value


@dataclass(frozen=True, slots=True)
class Accepted:
    """The worker took the job and will be polled under this id, at its own address if it named one."""

    job_id: str
    retry_after: float | None = None
    status_url: str | None = None
    doubt: Failure | None = None
    """What was odd about the answer, where it names a job all the same."""


@dataclass(frozen=True, slots=True)
class Working:
    """The job is queued or running at the worker."""

    status: str
    progress: dict[str, Any] | None = None
    phase: str | None = None
    retry_after: float | None = None
    next_address: str | None = None
    """Where to ask from now on, on the worker's own origin."""
    job_id: str | None = None
    """The job's own id, where only its status tells it."""


@value
class Finished:
    """The job is done, or the answer holds what may be its result; `document` is the whole answer, judged by
    its outputs.

    `result_url`: where the result stands on the worker's own origin, if not in the document. `said`: whether
    the worker itself says that the job is done. `partly`: its words for a part that failed, else "".
    """

    document: dict[str, Any]
    result_url: str | None = None
    said: bool = False
    partly: str = ""


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
