"""The brain: the one door through which orders enter the queue."""

import hmac

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from directory_bolt.core.orders.messages import QueueBody
from directory_bolt.engines.queue import QueueAwayError
from directory_bolt.orders import Orders
from hermes_base import __version__, tracing
from hermes_base.postgres import health as database_health
from hermes_base.postgres.database import LOST_DATABASE
from hermes_base.problems import Problem
from hermes_base.web.access.headers import require_size
from hermes_base.web.problems import status_of

log = structlog.get_logger()


def brain(orders: Orders, token: str) -> FastAPI:
    """The brain's application. `token` opens POST /api/jobs/enqueue; /health is open."""
    app = FastAPI(title="Hermes brain", version=__version__, openapi_url=None)
    app.add_middleware(Door, token=token)
    app.add_exception_handler(Problem, _refuse)
    app.add_exception_handler(RequestValidationError, _invalid)
    for lost in LOST_DATABASE:
        app.add_exception_handler(lost, _away)

    @app.post("/api/jobs/enqueue", status_code=201)
    async def enqueue(request: Request, body: QueueBody) -> JSONResponse:
        """Put an order into the queue; 200 with the same message when it stands there already."""
        parent = request.headers.get("traceparent")
        with (
            structlog.contextvars.bound_contextvars(jobId=str(body.job_id)),
            tracing.span("order enqueue", body.job_id, parent),
        ):
            body.metadata.update(tracing.traceparent())  # travels with the message
            found = await orders.queueing.enqueue(body)
            log.info("order queued", message=found.message_id, new=found.is_new)
        payload = {
            "job_id": str(found.job_id),
            "message_id": found.message_id,
            "queue_provider": found.queue_provider,
            "status": found.status,
        }
        return JSONResponse(payload, 201 if found.is_new else 200)

    @app.get("/health")
    async def health() -> JSONResponse:
        """Healthy only while orders can be queued: database and queue are asked."""
        payload = {"status": "healthy", "service": "brain", "version": __version__}
        if fault := await _fault(orders):
            return JSONResponse({**payload, "status": "unhealthy", "reason": fault}, 503)
        return JSONResponse(payload)

    return app


class Door:
    """Looks at the token before a byte of the body is read, and at the body's length before the rest."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or refuse it. /health is open."""
        if scope["type"] != "http" or scope["path"] == "/health":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            _require(request, self._token)
            require_size(request.headers)
        except Problem as problem:
            refusal = await _refuse(request, problem)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def _fault(orders: Orders) -> str:
    try:
        if fault := await database_health.fault(orders.pool):
            return fault
        await orders.queue.check()
    except (QueueAwayError, *LOST_DATABASE) as error:
        return f"the queue is unavailable: {error}"
    return ""


def _require(request: Request, token: str) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip() or not token:
        raise Problem("token_missing", "This request needs the brain's token.", "Send Authorization: Bearer <token>.")  # fmt: skip
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise Problem("token_wrong", "The brain's token is not valid.", "Use the file brain.token of HERMES_HOME.")  # fmt: skip


async def _refuse(request: Request, error: Exception) -> JSONResponse:
    del request
    assert isinstance(error, Problem)  # noqa: S101  # registered for it
    payload = {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "field": error.field,
    }
    return JSONResponse(payload, status_of(error.code), media_type="application/problem+json")


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for it
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or "body"
    hint = "Send {job_id, customer_id, package_size, priority, created_at, source, metadata}."
    return await _refuse(request, Problem("invalid_request", f"{field}: {first['msg']}.", hint, field=field))  # fmt: skip


async def _away(request: Request, error: Exception) -> JSONResponse:
    message = f"The database is unavailable: {database_health.note(error)}."
    return await _refuse(
        request, Problem("database_away", message, "Nothing was queued. Try again.")
    )
