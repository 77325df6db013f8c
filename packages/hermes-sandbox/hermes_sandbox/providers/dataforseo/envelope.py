"""The envelope: HTTP 200 nearly always, the truth in two nested status codes."""

from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple

from hermes_sandbox.providers.wire import Answer

VERSION = "0.1.20260717"
OK = (20000, "Ok.")
NOT_AUTHORISED = (
    40100,
    "You are not authorized to access this resource.",
)
_numbers = count(1)


class Outcome(NamedTuple):
    """How one task went. `results` None: there is none."""

    code: int
    message: str
    results: list[dict[str, Any]] | None = None
    cost: float = 0.0


class Refused(Exception):
    """A task that is answered with an error code inside the 200."""

    def __init__(self, code: int, message: str, cost: float = 0.0) -> None:
        super().__init__(message)
        self.outcome = Outcome(code, message, None, cost)


def done(results: list[dict[str, Any]], cost: float) -> Outcome:
    """A task that delivered."""
    return Outcome(*OK, results, cost)


def invalid(field: str) -> Refused:
    """The refusal of one field."""
    return Refused(40501, f"Invalid Field: '{field}'.")


def envelope(path: list[str], asked: list[tuple[dict[str, Any], Outcome]]) -> Answer:
    """The reply to accepted tasks, each with the fields it was asked with."""
    tasks = [_task(path, data, outcome) for data, outcome in asked]
    cost = round(sum(outcome.cost for _data, outcome in asked), 6)
    failed = sum(outcome.code >= 40000 for _data, outcome in asked)
    return Answer(200, _head(*OK, cost, tasks, failed))


def whole_refusal(status: int, code: int, message: str) -> Answer:
    """The reply to a request none of whose tasks was accepted."""
    return Answer(status, _head(code, message, 0.0, None, 0))


def _head(
    code: int, message: str, cost: float, tasks: list[dict[str, Any]] | None, failed: int
) -> dict[str, Any]:
    return {
        "version": VERSION,
        "status_code": code,
        "status_message": message,
        "time": "0.0412 sec.",
        "cost": cost,
        "tasks_count": len(tasks or ()),
        "tasks_error": failed,
        "tasks": tasks,
    }


def _task(path: list[str], data: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    return {
        "id": f"{datetime.now(UTC):%m%d%H%M}-0000-0000-0000-{next(_numbers):012x}",
        "status_code": outcome.code,
        "status_message": outcome.message,
        "time": "0.0301 sec.",
        "cost": outcome.cost,
        "result_count": len(outcome.results or ()),
        "path": path,
        "data": {"api": path[1], "function": path[-2], "se": "google", **data},
        "result": outcome.results,
    }
