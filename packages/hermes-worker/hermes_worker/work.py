"""The author's function, called with what the payload says; whatever it does becomes an ending."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from hermes_worker.declaration import Declaration
from hermes_worker.errors import WorkerError, code_of, message_of
from hermes_worker.job import Job
from hermes_worker.ledger import Ending
from hermes_worker.payload import Parameters, envelope_of
from hermes_worker.result import Result, result_json

log = logging.getLogger("hermes_worker")

Function = Callable[..., Coroutine[Any, Any, Result]]


class Work:
    def __init__(self, declaration: Declaration, function: Function) -> None:
        self._declaration = declaration
        self._function = function
        self._parameters = Parameters(function)

    def check(self, payload: Mapping[str, Any]) -> None:
        """Refusal 422 when the function cannot be called with this payload."""
        envelope_of(payload, self._declaration.modes)
        self._parameters.arguments(payload)

    async def end(self, job: Job) -> Ending:
        """Does the job; whatever happens is an ending."""
        try:
            result = await self._within_limit(job)
            return Ending("completed", result_json(result, self._declaration.outputs))
        except asyncio.CancelledError:
            return Ending(
                "failed", code="cancelled_error", message="The function cancelled itself."
            )
        except WorkerError as error:
            log.warning("%s: job %s failed: %s", self._declaration.slug, job.id, error.code)
            return Ending("failed", code=error.code, message=message_of(error))
        except (Exception, SystemExit) as error:
            log.exception("%s: job %s failed", self._declaration.slug, job.id)
            return Ending("failed", code=code_of(error), message=message_of(error))

    async def _within_limit(self, job: Job) -> Result:
        limit = self._declaration.time_limit.get(job.mode)
        clock = asyncio.timeout(limit)
        try:
            async with clock:
                return await self._function(job, **self._parameters.arguments(job.payload))
        except TimeoutError as error:
            if not clock.expired():
                raise
            message = f"The job exceeded this worker's limit of {limit:g} s for {job.mode} jobs."
            raise WorkerError("time_limit_exceeded", message) from error
