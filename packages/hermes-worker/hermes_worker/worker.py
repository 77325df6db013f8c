"""The one object an author makes."""

import inspect
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette

from hermes_worker.api import Api
from hermes_worker.declaration import Declaration, Ready
from hermes_worker.payload import Parameters
from hermes_worker.result import Missing, Result
from hermes_worker.serving import listen, serve
from hermes_worker.shift import Shift
from hermes_worker.work import Function

F = TypeVar("F", bound=Function)


class Worker:
    """A worker service: declare it, decorate one async function with `run`, serve it.

    `outputs`: the slugs it promises. `answer_within`: seconds /start waits for the result before it
    answers 202. `resumable`: after a restart a running job is run again with its checkpoint, else
    it fails. `max_concurrency`: jobs at a time, further ones stay queued. `time_limit`: mode ->
    seconds of one life of a job. `ready`: says what is not ready and why, for /health; it may be async.
    """

    def __init__(
        self,
        slug: str,
        *,
        version: str,
        outputs: Sequence[str],
        modes: Sequence[str] = ("smoke", "full"),
        answer_within: float = 0.0,
        resumable: bool = False,
        max_concurrency: int = 4,
        time_limit: Mapping[str, float] | None = None,
        ready: Ready | None = None,
    ) -> None:
        self.declaration = Declaration(
            slug, version, tuple(outputs), tuple(modes), answer_within, resumable,
            max_concurrency, dict(time_limit or {}), ready,
        )  # fmt: skip
        self._function: Function | None = None
        self._shift: Shift | None = None

    @property
    def slug(self) -> str:
        return self.declaration.slug

    @property
    def shift(self) -> Shift | None:
        """The jobs of the running server; None outside `running`."""
        return self._shift

    def run(self, function: F) -> F:
        """Decorator: `async def name(job: Job, field: type = default, ...) -> Result`. TypeError otherwise."""
        if not inspect.iscoroutinefunction(function):
            raise TypeError(f"{self.slug}: the function must be `async def`.")
        Parameters(function)
        self._function = function
        return function

    def nothing(self, why: Missing) -> Result:
        """A result without a single output: all that the worker promises is missing for one reason."""
        return Result(missing=dict.fromkeys(self.declaration.outputs, why))

    def app(self, key: str, state: Path) -> Starlette:
        """The ASGI app, also for mounting below a path; a mounting app must enter `running` itself."""

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncGenerator[None, None]:
            async with self.running(state):
                yield

        api = Api(self.declaration, lambda: self._shift, key)
        return Starlette(
            lifespan=lifespan, routes=api.routes, exception_handlers=api.exception_handlers
        )

    @asynccontextmanager
    async def running(self, state: Path) -> AsyncGenerator[None, None]:
        """Resumes the jobs kept in the folder `state`, takes new ones, and leaves the unfinished there.

        WorkerError `state_unavailable` when another process uses them.
        """
        if self._function is None or self._shift is not None:
            raise RuntimeError(f"{self.slug} has no function, or is already running.")
        self._shift = Shift(self.declaration, self._function, state)
        try:
            self._shift.resume()
            yield
        finally:
            await self._shift.close()
            self._shift = None

    def serve(self, host: str, port: int, key: str, state: Path) -> None:
        """Serves this worker alone until SIGTERM or Ctrl-C; OSError when the address cannot be bound."""
        serve(self.app(key, state), listen(host, port), self.running(state))
