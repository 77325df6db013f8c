"""One job tried at a worker, without a database: started, followed to its end, and what was said on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hermes.contact.workers import Exchange
from hermes.core.catalog import Service
from hermes.core.dialects.abilities import adapted
from hermes.core.replies.values import Accepted, Finished, Postponed, Working
from hermes.core.runs.model import ClaimedRun
from hermes.core.sites.site import Site
from hermes.core.worker_config import WorkerConfig
from hermes.runner.requests import Requests
from hermes_base.clock import Clock
from hermes_base.reasons import Failure, Reason

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # s
MOST_TROUBLES = 5
"""Looks in a row that may fail."""

Said = Accepted | Working | Finished | Postponed | Failure
Tell = Callable[[Exchange, Said], None]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Trial:
    """How a job ended: its whole answer, or the failure; `job_id` where the worker took one."""

    end: Finished | Failure
    job_id: str | None = None

    @property
    def started(self) -> bool:
        """Whether the worker took a job, or did it at once."""
        return self.job_id is not None or isinstance(self.end, Finished)


class Trier:
    """Tries jobs over one client. `tell` hears every exchange, and what was read of it."""

    def __init__(
        self, requests: Requests, clock: Clock, tell: Tell, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._requests = requests
        self._clock = clock
        self._tell = tell
        self._sleep = sleep

    async def tried(
        self, service: Service, config: WorkerConfig, site: str, seconds: float
    ) -> Trial:
        """One smoke run of at most so many seconds; a job that takes longer is cancelled where it can be."""
        service = adapted(service, config)
        run = self._run(service, site, seconds)
        reply, exchange, result = await self._requests.start(run, service, config)
        self._tell(result or exchange, reply)
        if isinstance(reply, Postponed):
            return Trial(reply.failure)
        if not isinstance(reply, Accepted):
            return Trial(reply)
        metrics = {"statusUrl": reply.status_url} if reply.status_url else {}
        run = replace(run, worker_job_id=reply.job_id, metrics=metrics)
        return await self._followed(run, service, config, reply)

    def _run(self, service: Service, site: str, seconds: float) -> ClaimedRun:
        now = self._clock()
        return ClaimedRun(
            id=uuid4(), job_id=UUID(int=0), site=Site(uuid4(), "Trial", site),
            service_slug=service.slug, run_type="smoke", status="running", phase="starting",
            lease_no=1, attempts=1, polls=0, expected=service.expected_outputs, started_at=now,
            deadline_at=now + timedelta(seconds=seconds),
        )  # fmt: skip

    async def _followed(
        self, run: ClaimedRun, service: Service, config: WorkerConfig, taken: Accepted
    ) -> Trial:
        wait, troubles, named = taken.retry_after, 0, taken.job_id
        while self._clock() < run.deadline_at:
            await self._sleep(min(wait or min(FIRST_WAIT * 2**run.polls, 3.0), LONGEST_WAIT))
            reply, exchange, result = await self._requests.poll(run, service, config, named)
            self._tell(result or exchange, reply)
            run = replace(run, polls=run.polls + 1)
            if isinstance(reply, Finished) or (isinstance(reply, Failure) and reply.over):
                return Trial(reply, named)
            troubles = 0 if isinstance(reply, Working) else troubles + 1
            if troubles >= MOST_TROUBLES:
                return Trial(_failure(reply), named)
            wait = reply.retry_after if isinstance(reply, Working | Postponed) else None
            if isinstance(reply, Working):
                run, named = _moved(run, reply, named)
        return await self._given_up(run, service, config, named)

    async def _given_up(
        self, run: ClaimedRun, service: Service, config: WorkerConfig, job_id: str
    ) -> Trial:
        path = service.paths.cancel
        said = "It was not cancelled: the dialect does not say how."
        if service.supports_cancel and path:
            _, exchange = await self._requests.cancel(run, service, config, path, job_id)
            said = f"Hermes asked to cancel it ({exchange.status})."
        limit = (run.deadline_at - run.started_at).total_seconds()
        detail = f"The job did not finish within {limit:g} s. {said}"
        return Trial(Failure(Reason.DEADLINE_PASSED, detail), job_id)


def _failure(reply: Any) -> Failure:
    return reply.failure if isinstance(reply, Postponed) else reply


def _moved(run: ClaimedRun, reply: Working, job_id: str) -> tuple[ClaimedRun, str]:
    """The run where the status told another address, or the job's own id."""
    told = {"statusUrl": reply.next_address} if reply.next_address else {}
    return replace(run, metrics={**run.metrics, **told}), reply.job_id or job_id
