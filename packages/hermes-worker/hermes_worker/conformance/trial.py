"""One worker on trial: what was asked of it so far, and the requests that several checks make."""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

from hermes_worker.conformance.reading import (
    FINISHED,
    UNFINISHED,
    Skipped,
    job_of,
    read,
    wait_asked,
    word_of,
)
from hermes_worker.conformance.wire import Credential, Exchange, Wire, json_object

FIRST_WAIT, LONGEST_WAIT, GROWTH = 0.05, 2.0, 1.5
UNASKED = Exchange("GET /health", 0, {}, b"", 0.0, "not asked yet")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: for one answer, for the smoke run, for a cancelled job, for a restart."""

    health: float = 5
    start: float = 30
    other: float = 15
    job: float = 120
    cancel: float = 30
    restart: float = 60


@dataclass(frozen=True, slots=True)
class Start:
    """A start that can be sent again: its Idempotency-Key and its body."""

    key: str
    body: Mapping[str, Any]

    @classmethod
    def new(cls, mode: str, payload: Mapping[str, Any]) -> Self:
        """As Hermes does it: the key is the id of the run."""
        key = str(uuid.uuid4())
        given = {"mode": mode, "site": "https://example.com", "site_id": str(uuid.uuid4())}
        return cls(key, {**given, "run_id": key, **payload})


@dataclass
class Trial:
    """The worker, the options, and what the checks have found out so far."""

    wire: Wire
    mode: str
    payload: Mapping[str, Any]
    limits: Limits
    restart_command: str | None
    health: dict[str, Any] = field(default_factory=dict[str, Any])
    jobs: list[str] = field(default_factory=list[str])
    smoke_answers: list[Exchange] = field(default_factory=list[Exchange])
    health_answer: Exchange = UNASKED
    parallel_job: str = ""
    cancelled_job: str = ""

    def __post_init__(self) -> None:
        self.smoke_start = self.new_start()

    @property
    def smoke_job(self) -> str:
        """The id of the smoke run; Skipped when the worker answers at once and names none."""
        if job := job_of(read(self.smoke_answers[0])):
            return job
        raise Skipped("the worker answers at once and names no job", self.smoke_answers[0])

    def new_start(self) -> Start:
        return Start.new(self.mode, self.payload)

    async def ask_health(self) -> Exchange:
        """Without a key; slow answers are waited for, so that their time can be told."""
        return await self.wire.ask("GET", "/health", "no key", seconds=3 * self.limits.health)

    async def start(self, start: Start, credential: Credential = "") -> Exchange:
        body = json.dumps(start.body).encode()
        return await self.post_start(body, credential, start.key)

    async def post_start(
        self, body: bytes, credential: Credential = "", key: str | None = None
    ) -> Exchange:
        """POST /start; whatever job it made is remembered."""
        headers = {"X-Request-Id": str(uuid.uuid4()), "Idempotency-Key": key or str(uuid.uuid4())}
        exchange = await self.wire.ask(
            "POST", "/start", credential, body=body, headers=headers, seconds=self.limits.start
        )
        document = json_object(exchange.body)
        job = job_of(document) if isinstance(document, dict) else ""
        if exchange.status < 300 and job and job not in self.jobs:
            self.jobs.append(job)
        return exchange

    async def status(self, job: str, credential: Credential = "") -> Exchange:
        path = f"/status?jobId={quote(job, safe='')}"
        return await self.wire.ask("GET", path, credential, seconds=self.limits.other)

    async def cancel(self, job: str, credential: Credential = "") -> Exchange:
        path = f"/cancel?jobId={quote(job, safe='')}"
        return await self.wire.ask("POST", path, credential, seconds=self.limits.other)

    async def follow(self, job: str, seconds: float) -> list[Exchange]:
        """All answers about a job until one says something else than queued or running, at most so long."""
        answers: list[Exchange] = []
        deadline, wait = time.monotonic() + seconds, FIRST_WAIT
        while True:
            answers.append(answer := await self.status(job))
            left = deadline - time.monotonic()
            if left <= 0 or answer.status != 200 or word_of(read(answer)) not in UNFINISHED:
                return answers
            wait = min(wait * GROWTH, LONGEST_WAIT)
            await asyncio.sleep(min(max(wait, wait_asked(answer)), LONGEST_WAIT, left))

    async def end(self, job: str) -> Exchange:
        """The last answer about a job that is cancelled, or waited for where that is not possible."""
        answer = await self.status(job)
        if answer.status != 200 or word_of(read(answer)) in FINISHED:
            return answer
        cancelled = (await self.cancel(job)).status in (200, 202)
        seconds = self.limits.cancel if cancelled else self.limits.job
        return (await self.follow(job, seconds))[-1]
