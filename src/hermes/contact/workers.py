"""The calls of the worker contract, each one exchange: what was sent, and the answer or the trouble."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hermes.contact.client import Client
from hermes.core.addresses import join, same_origin, with_job
from hermes.core.answers import Answer
from hermes.core.catalog import Ask, Service
from hermes.core.envelopes import has_result
from hermes.core.failures import Trouble
from hermes.core.redaction import redact_bytes
from hermes.core.replies import Elsewhere, Finished
from hermes.core.runs import Ticket
from hermes.core.worker_config import WorkerConfig, fingerprint

POLL_SECONDS = 15.0
CANCEL_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to a worker and what came of it."""

    kind: str
    method: str
    url: str
    body: Any
    key: str
    at: datetime
    result: Answer | Trouble

    def evidence(self) -> dict[str, Any]:
        """What people may see of it; keys are never in it, only their fingerprint."""
        seen: dict[str, Any] = {
            "at": self.at.isoformat(),
            "method": self.method,
            "url": self.url,
            "requestBody": self.body,
            "keyFingerprint": fingerprint(self.key),
        }
        if isinstance(self.result, Trouble):
            return seen | {"trouble": {"reason": self.result.reason, "detail": self.result.detail}}
        return seen | {
            "status": self.result.status,
            "contentType": self.result.content_type,
            "body": self.result.excerpt,
            "bytes": len(self.result.body),
            "seconds": round(self.result.seconds, 4),
        }


async def health(
    client: Client, service: Service, config: WorkerConfig, ask: Ask, now: datetime
) -> Exchange:
    """GET the health path with the key."""
    url = join(config.base_url, config.path("health_path") or service.paths.health)
    call = Call(client, config, "connection", now, ask.response_seconds)
    return await call.get(url, _read_headers(config))


async def start(
    client: Client, service: Service, config: WorkerConfig, ticket: Ticket, ask: Ask, now: datetime
) -> Exchange:
    """POST the start with the run id as Idempotency-Key and X-Request-Id."""
    override = config.path("smoke_path") if ticket.run_type == "smoke" else None
    url = join(config.base_url, override or config.path("start_path") or service.paths.start)
    headers = {**_headers(config.key, ticket), "Idempotency-Key": str(ticket.id)}
    call = Call(client, config, "start", now, ask.response_seconds)
    return await call.post(url, headers, start_payload(service, ticket, ask))


def start_payload(service: Service, ticket: Ticket, ask: Ask) -> dict[str, Any]:
    """Mode, site and run, the settings the service requires of the site, and the catalog's payload."""
    wanted = {
        name: ticket.site.settings.get(name) for name in service.requires_site if name != "base_url"
    }
    return {
        **ask.payload,
        **({"settings": wanted} if wanted else {}),
        "mode": ticket.run_type,
        "site": ticket.site.base_url,
        "site_id": str(ticket.site.id),
        "run_id": str(ticket.id),
    }


async def status(
    client: Client,
    service: Service,
    config: WorkerConfig,
    ticket: Ticket,
    job_id: str,
    now: datetime,
) -> Exchange:
    """GET the status of a worker's job: at the secret's path, else at the address that the worker
    named and, where nothing is there, at the catalog's path."""
    call = Call(client, config, "poll", now, POLL_SECONDS)
    headers = _read_headers(config, ticket)
    named = _named_address(config, ticket)
    if named is not None:
        exchange = await call.get(named, headers)
        if not (isinstance(exchange.result, Answer) and exchange.result.status in (404, 405)):
            return exchange
    path = config.path("status_path") or service.paths.status
    return await call.get(with_job(join(config.base_url, path), job_id), headers)


def _named_address(config: WorkerConfig, ticket: Ticket) -> str | None:
    """The status address from the worker's own answer, while it is on the worker's origin."""
    named = ticket.metrics.get("statusUrl")
    usable = isinstance(named, str) and same_origin(named, config.base_url)
    return named if usable and not config.path("status_path") else None


async def result(
    client: Client, config: WorkerConfig, ticket: Ticket, url: str, now: datetime
) -> Exchange:
    """GET the result of a finished job at an address of its own, on the worker's origin."""
    call = Call(client, config, "result", now, POLL_SECONDS)
    return await call.get(url, _read_headers(config, ticket))


def result_address(config: WorkerConfig, reply: object, job_id: str) -> str | None:
    """Where the result of a finished job stands, if not in the answer: the address that the answer
    names, else the secret's result_path."""
    if isinstance(reply, Elsewhere):
        return reply.url if same_origin(reply.url, config.base_url) else None
    path = config.path("result_path")
    if path is None or not isinstance(reply, Finished) or has_result(reply.document):
        return None
    return with_job(join(config.base_url, path), job_id)


async def cancel(
    client: Client, config: WorkerConfig, path: str, ticket: Ticket, job_id: str, now: datetime
) -> Exchange:
    """POST the cancellation of a worker's job."""
    url = with_job(join(config.base_url, config.path("cancel_path") or path), job_id)
    call = Call(client, config, "cancel", now, CANCEL_SECONDS)
    return await call.post(url, _headers(config.key, ticket))


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a worker. Keys that the answer echoes are masked before anything reads it."""

    client: Client
    config: WorkerConfig
    kind: str
    now: datetime
    seconds: float

    async def get(self, url: str, headers: Mapping[str, str]) -> Exchange:
        """GET; the exchange holds the answer or the trouble."""
        return await self._exchange("GET", url, headers, None)

    async def post(self, url: str, headers: Mapping[str, str], body: Any = None) -> Exchange:
        """POST JSON, or nothing."""
        return await self._exchange("POST", url, headers, body)

    async def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: Any
    ) -> Exchange:
        config = self.config
        result = await self.client.ask(method, url, headers, body, seconds=self.seconds)
        if isinstance(result, Answer):
            masked = redact_bytes(result.body, (config.key, config.read_key))
            result = result if masked is result.body else replace(result, body=masked)
        return Exchange(self.kind, method, url, body, config.key, self.now, result)


def _read_headers(config: WorkerConfig, ticket: Ticket | None = None) -> Mapping[str, str]:
    return _headers(config.read_key or config.key, ticket)


def _headers(key: str, ticket: Ticket | None) -> Mapping[str, str]:
    """Both key headers that workers look at, none without a key; and the run as request id."""
    auth = {"Authorization": f"Bearer {key}", "x-api-key": key} if key else {}
    return auth | ({"X-Request-Id": str(ticket.id)} if ticket else {})
