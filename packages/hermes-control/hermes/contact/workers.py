"""The calls of the worker contract, each one exchange: what was sent, and the answer or the failure."""

from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from hermes.core.catalog import ModeSpec, Service
from hermes.core.redaction import redact, redact_bytes
from hermes.core.replies.addresses import join, same_origin, with_job
from hermes.core.replies.envelopes import has_result
from hermes.core.replies.job_ids import job_id_of
from hermes.core.replies.values import Finished
from hermes.core.runs.model import ClaimedRun
from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes_base import tracing
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.reasons import Failure
from hermes_base.value import value

PROBE_SECONDS = 5.0
PROBED_JOB = "hermes-connection-test"
LAST_POLL_SECONDS = 2.0  # at its deadline a run is asked once more, and not for long
POLL_SECONDS = 15.0
CANCEL_SECONDS = 15.0


@value
class Exchange:
    """One request to a worker and what came of it."""

    kind: str
    method: str
    url: str
    body: Any
    key: str
    at: datetime
    result: Answer | Failure

    @property
    def requested(self) -> str:
        """Method and URL: `GET https://worker.example/health`."""
        return f"{self.method} {self.url}"

    @property
    def status(self) -> int | None:
        """The HTTP status; None where nothing answered."""
        return self.result.status if isinstance(self.result, Answer) else None

    def evidence(self) -> dict[str, Any]:
        """What people may see of it, as JSON; of the key only its fingerprint."""
        seen: dict[str, Any] = {
            "at": self.at.isoformat(),
            "method": self.method,
            "url": self.url,
            "requestBody": self.body,
            "keyFingerprint": fingerprint(self.key),
        }
        result = self.result
        if isinstance(result, Failure):
            seen["trouble"] = {"reason": result.reason, "detail": result.detail}
            return seen
        seen["status"] = result.status
        seen["contentType"] = result.content_type
        seen["body"] = result.excerpt
        seen["bytes"] = len(result.body)
        seen["seconds"] = round(result.seconds, 4)
        return seen


async def health(
    client: Client, service: Service, config: WorkerConfig, spec: ModeSpec, now: datetime
) -> Exchange:
    """GET the health path with the key."""
    url = join(config.base_url, config.path("health_path") or service.paths.health)
    return await Call(client, config, "connection", now, spec.response_seconds).get(url)


async def probe(client: Client, service: Service, config: WorkerConfig, now: datetime) -> Exchange:
    """GET the status of a job that nobody has: harmless, and behind the key wherever there is one."""
    path = service.protected_path or config.path("status_path") or service.paths.status
    call = Call(client, config, "probe", now, PROBE_SECONDS)
    return await call.get(with_job(join(config.base_url, path), PROBED_JOB))


def random_key() -> str:
    """A key that no worker knows, to see whether it is refused."""
    return f"hermes-wrong-key-{token_hex(12)}"


async def start(
    client: Client,
    service: Service,
    config: WorkerConfig,
    run: ClaimedRun,
    spec: ModeSpec,
    now: datetime,
    callback_url: str = "",
) -> Exchange:
    """POST the start with the run id as Idempotency-Key and X-Request-Id; offer a callback if we can
    be reached at `callback_url`."""
    override = config.path("smoke_path") if run.run_type == "smoke" else None
    url = join(config.base_url, override or config.path("start_path") or service.paths.start)
    call = Call(client, config, "start", now, spec.response_seconds, run)
    body = start_payload(service, run, spec)
    if callback_url:
        body["callback_url"] = f"{callback_url}/api/callbacks/{run.id}"
    return await call.post(url, body, **{"Idempotency-Key": str(run.id)})


def start_payload(service: Service, run: ClaimedRun, spec: ModeSpec) -> dict[str, Any]:
    """Mode, site and run, the settings the service requires of the site, the catalog's payload, and
    what was asked of this run alone."""
    names = (*service.requires_site, *service.uses_site)
    wanted = {name: run.site.settings.get(name) for name in names if name != "base_url"}
    return {
        **spec.payload,
        **run.metrics.get("asked", {}),
        **({"settings": wanted} if wanted else {}),
        "mode": run.run_type,
        "site": run.site.base_url,
        "site_id": str(run.site.id),
        "run_id": str(run.id),
    }


async def status(
    client: Client,
    service: Service,
    config: WorkerConfig,
    run: ClaimedRun,
    job_id: str,
    now: datetime,
) -> Exchange:
    """GET the status of a worker's job: at the secret's path, else at the address that the worker
    named and, where nothing is there, at the catalog's path."""
    left = (run.deadline_at - now).total_seconds()
    seconds = POLL_SECONDS if run.over else min(POLL_SECONDS, max(LAST_POLL_SECONDS, left))
    call = Call(client, config, "poll", now, seconds, run)
    named = _named_address(config, run)
    if named is not None:
        exchange = await call.get(named)
        if not (isinstance(exchange.result, Answer) and exchange.result.status in (404, 405)):
            return exchange
    path = config.path("status_path") or service.paths.status
    return await call.get(with_job(join(config.base_url, path), job_id))


def _named_address(config: WorkerConfig, run: ClaimedRun) -> str | None:
    """The status address from the worker's own answer, while it is on the worker's origin."""
    named = run.metrics.get("statusUrl")
    usable = isinstance(named, str) and same_origin(named, config.base_url)
    return named if usable and not config.path("status_path") else None


async def result(
    client: Client, config: WorkerConfig, run: ClaimedRun, url: str, now: datetime
) -> Exchange:
    """GET the result of a finished job at an address of its own, on the worker's origin."""
    return await Call(client, config, "result", now, POLL_SECONDS, run).get(url)


def result_address(config: WorkerConfig, reply: Finished, job_id: str | None) -> str | None:
    """Where the result of a finished job stands, if not in the answer: the address that the answer
    names, else the secret's result_path."""
    path = config.path("result_path")
    if reply.result_url or path is None or has_result(reply.document):
        return reply.result_url
    named = job_id or job_id_of(reply.document)
    return with_job(join(config.base_url, path), named) if named else None


async def cancel(
    client: Client, config: WorkerConfig, path: str, run: ClaimedRun, job_id: str, now: datetime
) -> Exchange:
    """POST the cancellation of a worker's job."""
    url = with_job(join(config.base_url, config.path("cancel_path") or path), job_id)
    return await Call(client, config, "cancel", now, CANCEL_SECONDS, run).post(url)


@value
class Call:
    """One call to a worker. Keys that the answer echoes are masked before anything reads it."""

    client: Client
    config: WorkerConfig
    kind: str
    now: datetime
    seconds: float
    run: ClaimedRun | None = None

    async def get(self, url: str) -> Exchange:
        """GET with the read key, where there is one."""
        return await self._exchange("GET", url, self.config.read_key or self.config.key)

    async def post(self, url: str, body: Any = None, **more: str) -> Exchange:
        """POST JSON, or nothing; `more` are headers."""
        return await self._exchange("POST", url, self.config.key, body, more)

    async def _exchange(
        self,
        method: str,
        url: str,
        key: str,
        body: Any = None,
        more: dict[str, str] | None = None,
    ) -> Exchange:
        headers = _headers(key, self.run) | (more or {})
        result = await self.client.ask(method, url, headers, body, seconds=self.seconds)
        if isinstance(result, Answer):
            result = masked(result, (self.config.key, self.config.read_key))
        return Exchange(self.kind, method, url, body, key, self.now, result)


def masked(answer: Answer, keys: tuple[str, str]) -> Answer:
    """The answer without our keys in its body and headers, before anything is cut or lower-cased."""
    body, headers = redact_bytes(answer.body, keys), redact(answer.headers, keys)
    untouched = body is answer.body and headers is answer.headers
    return answer if untouched else replace(answer, body=body, headers=headers)


def _headers(key: str, run: ClaimedRun | None) -> dict[str, str]:
    """Both key headers that workers look at, none without a key; the run as request id; the trace."""
    headers = tracing.traceparent()
    if key:
        headers |= {"Authorization": f"Bearer {key}", "x-api-key": key}
    if run:
        headers["X-Request-Id"] = str(run.id)
    return headers
