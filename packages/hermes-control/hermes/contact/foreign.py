"""The calls of a worker that speaks a dialect: what `workers` does for Hermes' own contract."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hermes.contact.workers import (
    CANCEL_SECONDS,
    LAST_POLL_SECONDS,
    POLL_SECONDS,
    PROBE_SECONDS,
    PROBED_JOB,
    Exchange,
    masked,
    start_payload,
)
from hermes.core.catalog import ModeSpec, Service
from hermes.core.dialects.dialect import Dialect, Key, Request
from hermes.core.dialects.expressions import find_text
from hermes.core.dialects.replies import read_result
from hermes.core.dialects.requests import (
    Outgoing,
    filling_of,
    next_page,
    outgoing,
    poll_address,
    with_query,
)
from hermes.core.dialects.results import joined
from hermes.core.replies.addresses import join, same_origin, with_job
from hermes.core.replies.values import Finished, PollReply
from hermes.core.runs.model import ClaimedRun
from hermes.core.worker_config import WorkerConfig
from hermes_base import tracing
from hermes_base.http.answers import Answer, parse_value
from hermes_base.http.client import Client
from hermes_base.reasons import Failure

MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Line:
    """The line to one worker: how it speaks, for which service, at which moment."""

    client: Client
    service: Service
    config: WorkerConfig
    now: datetime

    @property
    def dialect(self) -> Dialect:
        """How the worker speaks."""
        assert self.config.dialect is not None  # noqa: S101  # only such workers are called here
        return self.config.dialect

    async def health(self, spec: ModeSpec) -> Exchange:
        """Ask the dialect's health path; without one, ask for a job that nobody has."""
        path = self.config.path("health_path") or self.dialect.health.path
        if not path:
            return await self.probe("connection")
        request = self.dialect.health.model_copy(update={"path": path})
        made = outgoing(request, self.config, filling_of(self.service, self.config, None, {}), path)
        return await self._sent("connection", made, spec.response_seconds)

    async def probe(self, kind: str = "probe") -> Exchange:
        """Ask for the status of a job that nobody has; where jobs have no address of their own, the health path."""
        poll = self.dialect.poll
        if not (poll.path or self.config.path("status_path")) and self.dialect.health.path:
            made = outgoing(self.dialect.health, self.config, self._filling(None, {}), "/")
            return await self._sent(kind, made, PROBE_SECONDS)
        made = self._poll(None, PROBED_JOB)
        return await self._sent(kind, made, PROBE_SECONDS)

    async def start(self, run: ClaimedRun, spec: ModeSpec, callback_url: str = "") -> Exchange:
        """Send the start, with the run id as Idempotency-Key and X-Request-Id."""
        body = start_payload(self.service, run, spec)
        if callback_url:
            body["callback_url"] = f"{callback_url}/api/callbacks/{run.id}"
        request = self.dialect.start
        smoke = self.config.path("smoke_path") if run.run_type == "smoke" else None
        if own := smoke or self.config.path("start_path"):
            request = request.model_copy(update={"path": own})
        if request.body is None and request.method != "GET" and not request.query:
            request = request.model_copy(update={"body": "{payload}"})
        filling = filling_of(self.service, self.config, run, body)
        made = outgoing(request, self.config, filling, self.service.paths.start)
        if isinstance(made, Outgoing):
            made.headers.setdefault("Idempotency-Key", str(run.id))
        return await self._sent("start", made, spec.response_seconds, run)

    async def status(self, run: ClaimedRun, job_id: str) -> Exchange:
        """Ask for a job: at the address that the worker named, and where nothing is there at the dialect's path."""
        left = (run.deadline_at - self.now).total_seconds()
        seconds = POLL_SECONDS if run.over else min(POLL_SECONDS, max(LAST_POLL_SECONDS, left))
        made = self._poll(run, job_id)
        named = run.metrics.get("statusUrl")
        own = self.config.path("status_path")
        if isinstance(named, str) and not own and same_origin(named, self.config.base_url):
            at_name = Outgoing(self.dialect.poll.method, named, dict(self.dialect.poll.headers))
            exchange = await self._sent("poll", at_name, seconds, run)
            if exchange.status not in (404, 405) or not self.dialect.poll.path:
                return exchange
        return await self._sent("poll", made, seconds, run)

    def _poll(self, run: ClaimedRun | None, job_id: str) -> Outgoing | Failure:
        filling = self._filling(run, {}, job_id)
        url = poll_address(self.dialect, self.config, filling, self.service.paths.status, job_id)
        if isinstance(url, Failure):
            return url
        made = outgoing(self.dialect.poll, self.config, filling, "/")
        return made if isinstance(made, Failure) else replace(made, url=url)

    async def cancel(self, run: ClaimedRun, job_id: str) -> Exchange:
        """Send the cancellation of a job."""
        request = self.dialect.cancel or Request(method="POST")
        filling = self._filling(run, {}, job_id)
        own = self.config.path("cancel_path")
        made = outgoing(request, self.config, filling, "/cancel")
        if isinstance(made, Outgoing) and (own or not request.path):
            path = own or self.service.paths.cancel or "/cancel"
            made = replace(made, url=with_job(join(self.config.base_url, path), job_id))
        return await self._sent("cancel", made, CANCEL_SECONDS, run)

    async def result(
        self, run: ClaimedRun, reply: Finished, job_id: str | None
    ) -> tuple[PollReply, Exchange | None]:
        """The finished reply as it is, or its result at an address of its own, with all pages."""
        made = self._result_request(run, reply, job_id or "")
        if made is None:
            return reply, None
        exchange = await self._sent("result", made, POLL_SECONDS, run)
        if isinstance(exchange.result, Failure):
            return exchange.result, exchange
        found = read_result(self.dialect, exchange.result, reply, self.now)
        if isinstance(found, Finished):
            found = await self._with_pages(run, exchange.result, found)
        return found, exchange

    def _result_request(
        self, run: ClaimedRun, reply: Finished, job_id: str
    ) -> Outgoing | Failure | None:
        part = self.dialect.result
        if reply.result_url:
            headers = {name: str(told) for name, told in part.headers.items()} if part else {}
            return Outgoing("GET", reply.result_url, headers)
        own = self.config.path("result_path")
        if own and job_id:
            return Outgoing("GET", with_job(join(self.config.base_url, own), job_id), {})
        if part is None or not part.path:
            return None
        return outgoing(part, self.config, self._filling(run, {}, job_id), part.path)

    async def _with_pages(self, run: ClaimedRun, answer: Answer, found: Finished) -> Finished:
        """The result with the lists of its next pages; what stands behind the last that is read is said."""
        expression = self.dialect.result.next_page if self.dialect.result else ""
        url = _next(expression, answer)
        for _ in range(MOST_PAGES - 1):
            if url is None:
                return found
            exchange = await self._sent("result", Outgoing("GET", url, {}), POLL_SECONDS, run)
            if not isinstance(exchange.result, Answer):
                break
            more = read_result(self.dialect, exchange.result, replace(found, document={}), self.now)
            if not isinstance(more, Finished):
                break
            document = joined(found.document, more.document)
            found, url = replace(found, document=document), _next(expression, exchange.result)
        return found if url is None else replace(found, partly="pages of the result were not read")

    def _filling(self, run: ClaimedRun | None, payload: Mapping[str, Any], job_id: str = "") -> Any:
        return filling_of(self.service, self.config, run, payload, job_id)

    async def _sent(
        self, kind: str, made: Outgoing | Failure, seconds: float, run: ClaimedRun | None = None
    ) -> Exchange:
        """Send a request with the key where the dialect says. One that could not be made is a failure too."""
        key = self._key(kind)
        if isinstance(made, Failure):
            return Exchange(kind, "", self.config.base_url, None, key, self.now, made)
        headers, url = signed(self.dialect.key, made, key)
        headers = tracing.traceparent() | headers
        if run is not None:
            headers.setdefault("X-Request-Id", str(run.id))
        result = await self.client.ask(made.method, url, headers, made.body, seconds=seconds)
        if isinstance(result, Answer):
            result = masked(result, (self.config.key, self.config.read_key))
        return Exchange(kind, made.method, made.url, made.body, key, self.now, result)

    def _key(self, kind: str) -> str:
        """The key that writes where something is started or stopped; else the one that reads, where there is one."""
        writes = kind in ("start", "cancel")
        return self.config.key if writes else self.config.read_key or self.config.key


def _next(expression: str, answer: Answer) -> str | None:
    document = parse_value(answer) if expression else None
    if isinstance(document, Failure):
        return None
    return next_page(find_text(expression, document), answer.url)


def signed(told: Key, made: Outgoing, key: str) -> tuple[dict[str, str], str]:
    """(headers, address) with the key where the dialect puts it; as they are without a key."""
    headers, url = dict(made.headers), made.url
    if not key or told.where == "none":
        return headers, url
    if told.where == "query":
        return headers, with_query(url, {told.name: key})
    if told.where == "header":
        return {**headers, told.name: f"{told.prefix}{key}"}, url
    if told.where == "basic":
        pair = (
            key
            if ":" in key and not told.user
            else f"{told.user}:{key}"
            if told.user
            else f"{key}:"
        )
        return {**headers, "Authorization": f"Basic {b64encode(pair.encode()).decode()}"}, url
    return {**headers, "Authorization": f"Bearer {key}", "x-api-key": key}, url
