"""From problem codes to HTTP: RFC 9457 problem+json with code, message, hint and requestId."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException

from hermes_base.postgres.database import LOST_DATABASE, UNSTORABLE
from hermes_base.postgres.health import note
from hermes_base.problems import STATUSES, Problem
from hermes_base.view import View

log = structlog.get_logger()

Explain = Callable[[Request, Problem], Awaitable[Response]]


class ProblemView(View):
    """An error answer (application/problem+json)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str = Field(
        description="Stable code that programs can rely on", examples=["unknown_site"]
    )
    message: str
    hint: str = Field(description="What to do about it")
    field: str | None = None
    details: Any = None
    request_id: str


def status_of(code: str) -> int:
    """The HTTP status of a problem code; 500 of one that no request should have met."""
    return STATUSES.get(code) or 500


def answer(problem: Problem, request_id: str) -> Response:
    """A problem as problem+json."""
    status = status_of(problem.code)
    view = ProblemView(
        title=problem.code.replace("_", " ").capitalize(),
        status=status,
        detail=problem.message,
        code=problem.code,
        message=problem.message,
        hint=problem.hint,
        field=problem.field,
        details=problem.details,
        request_id=request_id,
    )
    body = view.model_dump(mode="json", by_alias=True, exclude_none=True)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    # ASCII: what somebody sent may be quoted in it, with half of a surrogate pair that UTF-8 cannot hold
    return Response(json.dumps(body), status, headers, media_type="application/problem+json")


def install(app: FastAPI, explain: Explain) -> None:
    """Answer every exception as a problem: JSON for programs, a page made by `explain` for people."""
    app.state.explain = explain
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for lost in LOST_DATABASE:
        app.add_exception_handler(lost, _database_away)
    for beyond in UNSTORABLE:
        app.add_exception_handler(beyond, _unstorable)
    app.add_exception_handler(Exception, _internal)


async def respond(request: Request, problem: Problem) -> Response:
    """People get a page, programs get problem+json."""
    for_people = "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers
    if for_people and not request.url.path.startswith("/api/"):
        explain: Explain = request.app.state.explain
        return await explain(request, problem)
    return answer(problem, request_id_of(request))


def request_id_of(request: Request) -> str:
    """The id that access control gave this request."""
    return str(request.scope.get("hermes.request_id", ""))


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101  # registered for it
    return await respond(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for it
    return await respond(request, problem_of_validation(error.errors()))


def problem_of_validation(faults: Sequence[Any]) -> Problem:
    """Every faulty field named; broken JSON and a missing site id have codes of their own."""
    first = faults[0]
    if first["type"] == "json_invalid":
        where = first.get("ctx", {}).get("error", "")
        return Problem("malformed_json", f"The body is not JSON: {where}", "Send a JSON object.")
    named = [(_field(fault["loc"]), fault["msg"]) for fault in faults]
    if named[0][0] in ("siteId", "site_id") and first["type"] == "missing":
        hint = "Send the id of a site from GET /api/sites."
        return Problem(
            "site_id_missing",
            f"0 services found because: {named[0][0]} missing",
            hint,
            field=named[0][0],
        )
    message = "; ".join(f"{field}: {fault}" for field, fault in named)
    details = [{"field": field, "message": fault} for field, fault in named]
    hint = "Correct the fields named above."
    return Problem("invalid_request", message, hint, field=named[0][0], details=details)


def _field(location: Sequence[int | str]) -> str:
    """`siteId` of ("body", "siteId"); the body itself is called body."""
    steps = [str(step) for step in location if step not in ("body", "query", "path", "header")]
    return ".".join(steps) or str(location[0] if location else "body")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for it
    if error.status_code == 405:
        hint = "See /openapi.json for the methods of this path."
        problem = Problem("method_not_allowed", f"{request.method} is not allowed here.", hint)
    elif error.status_code == 404:
        problem = Problem(
            "not_found", f"There is nothing at {request.url.path}.", "See /openapi.json."
        )
    else:
        problem = Problem("invalid_request", str(error.detail), "See /openapi.json.")
    return await respond(request, problem)


async def _database_away(request: Request, error: Exception) -> Response:
    return await away(request, error)


async def away(request: Request, error: BaseException) -> Response:
    """The answer while the database is away."""
    cause = note(error)
    log.warning("database away", error=type(error).__name__, requestId=request_id_of(request))
    hint = "Nothing was changed. Try again in a moment."
    message = f"{cause[0].upper()}{cause[1:]}."
    return await respond(request, Problem("database_away", message, hint))


async def _unstorable(request: Request, error: Exception) -> Response:
    log.warning(
        "refused what cannot be stored", exc_info=error, requestId=request_id_of(request),
        path=request.url.path,
    )  # fmt: skip
    message = "This holds a character, a number or a depth that cannot be stored."
    hint = "Leave out NUL and lone surrogates; numbers fit into 64 bits."
    return await respond(request, Problem("invalid_request", message, hint))


async def _internal(request: Request, error: Exception) -> Response:
    log.error(
        "request failed", exc_info=error, requestId=request_id_of(request), path=request.url.path
    )
    hint = "Search the Hermes log for the request id and report what you find."
    return await respond(
        request, Problem("internal", "Hermes could not complete this request.", hint)
    )
