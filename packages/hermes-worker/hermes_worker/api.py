"""The v1 contract over HTTP: /health, /start, /status, /cancel."""

import logging
import sqlite3
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from hermes_worker.answers import (
    Answer,
    cancel_answer,
    error_answer,
    finished_answer,
    health_body,
    start_answer,
    status_answer,
)
from hermes_worker.declaration import Declaration
from hermes_worker.errors import Refusal
from hermes_worker.keys import fingerprint, opens, presented_keys
from hermes_worker.payload import LARGEST_BODY, payload_of
from hermes_worker.shift import Shift

log = logging.getLogger("hermes_worker")

SECONDS_TO_CANCEL = 0.5


class Api:
    def __init__(
        self, declaration: Declaration, shift: Callable[[], Shift | None], key: str
    ) -> None:
        if not key.strip():
            raise ValueError(f"{declaration.slug} cannot be started without a key.")
        self.declaration = declaration
        self._shift = shift
        self._key = key
        self._fingerprint = fingerprint(key)
        self.routes = [
            Route("/health", self.health),
            Route("/start", self.start, methods=["POST"]),
            Route("/status", self.status),
            Route("/cancel", self.cancel, methods=["POST"]),
        ]
        self.exception_handlers = {
            Refusal: refused,
            HTTPException: not_routed,
            ClientDisconnect: left,
            sqlite3.Error: unwritable,
        }

    async def health(self, request: Request) -> Response:
        """Public; a key that is shown is checked all the same."""
        if presented := presented_keys(request.headers):
            self._check(presented)
        return Answer(await health_body(self.declaration, self._fingerprint))

    async def start(self, request: Request) -> Response:
        shift = self._admit(request)
        payload = payload_of(await limited_body(request))
        key = request.headers.get("idempotency-key", "").strip() or None
        job_id, replayed = shift.start(payload, key)
        record = await shift.settle(job_id, self.declaration.answer_within)
        return start_answer(record, replayed=replayed)

    async def status(self, request: Request) -> Response:
        shift = self._admit(request)
        record = shift.record(job_id_of(request))
        job, _ = shift.live.get(record.id, (None, None))
        return status_answer(record, job)

    async def cancel(self, request: Request) -> Response:
        shift = self._admit(request)
        record = shift.record(job_id_of(request))
        if record.finished:
            return finished_answer(record)
        shift.cancel(record.id)
        return cancel_answer(await shift.settle(record.id, SECONDS_TO_CANCEL))

    def _admit(self, request: Request) -> Shift:
        self._check(presented_keys(request.headers))
        if (shift := self._shift()) is None or shift.stopping:
            raise Refusal(503, "stopping", "This worker is starting or stopping. Try again.")
        return shift

    def _check(self, presented: list[bytes]) -> None:
        if not opens(presented, self._key):
            message = "The key is not accepted" if presented else "A key is needed"
            raise Refusal(
                401,
                "unauthorized",
                f"{message}: expected one with fingerprint {self._fingerprint}.",
            )


async def limited_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refusal(
                413, "payload_too_large", f"The body can have at most {LARGEST_BODY} bytes."
            )
    return bytes(body)


def job_id_of(request: Request) -> str:
    job_id = request.query_params.get("jobId") or request.query_params.get("job_id")
    if not job_id:
        raise Refusal(400, "missing_job_id", "The query parameter jobId is missing.")
    return job_id


def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - tells the type checker what the table above says
    more = {"field": error.field} if error.field else {}
    return error_answer(error.status, error.code, error.message, **more)


def not_routed(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    return error_answer(error.status_code, code, error.detail)


def unwritable(_: Request, error: Exception) -> Response:
    log.error("The ledger cannot be used: %s", error)
    return error_answer(503, "state_unavailable", "This worker cannot write its jobs to disk.")


def left(_: Request, __: Exception) -> Response:
    """Nobody reads this: the caller hung up while sending."""
    return Response(status_code=400)
