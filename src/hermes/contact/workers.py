"""The calls of the worker contract, each one exchange: what was sent, and the answer or the trouble."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hermes.contact.client import Client
from hermes.core.addresses import join, with_job
from hermes.core.answers import Answer
from hermes.core.catalog import Ask, Service
from hermes.core.failures import Trouble
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
    headers = _auth(config.read_key or config.key)
    result = await client.ask("GET", url, headers, seconds=ask.response_seconds)
    return Exchange("connection", "GET", url, None, config.key, now, result)


async def start(
    client: Client, service: Service, config: WorkerConfig, ticket: Ticket, ask: Ask, now: datetime
) -> Exchange:
    """POST the start with the run id as Idempotency-Key and X-Request-Id."""
    override = config.path("smoke_path") if ticket.run_type == "smoke" else None
    url = join(config.base_url, override or config.path("start_path") or service.paths.start)
    body = start_payload(service, ticket, ask)
    headers = {
        **_auth(config.key),
        "Idempotency-Key": str(ticket.id),
        "X-Request-Id": str(ticket.id),
    }
    result = await client.ask("POST", url, headers, body, seconds=ask.response_seconds)
    return Exchange("start", "POST", url, body, config.key, now, result)


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
    """GET the status of a worker's job."""
    url = with_job(
        join(config.base_url, config.path("status_path") or service.paths.status), job_id
    )
    headers = {**_auth(config.read_key or config.key), "X-Request-Id": str(ticket.id)}
    result = await client.ask("GET", url, headers, seconds=POLL_SECONDS)
    return Exchange("poll", "GET", url, None, config.key, now, result)


async def cancel(
    client: Client, config: WorkerConfig, path: str, ticket: Ticket, job_id: str, now: datetime
) -> Exchange:
    """POST the cancellation of a worker's job."""
    url = with_job(join(config.base_url, config.path("cancel_path") or path), job_id)
    headers = {**_auth(config.key), "X-Request-Id": str(ticket.id)}
    result = await client.ask("POST", url, headers, seconds=CANCEL_SECONDS)
    return Exchange("cancel", "POST", url, None, config.key, now, result)


def _auth(key: str) -> Mapping[str, str]:
    """Both headers that workers look at; none without a key."""
    return {"Authorization": f"Bearer {key}", "x-api-key": key} if key else {}
