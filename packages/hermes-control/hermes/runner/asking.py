"""One step of a run: decide what to ask, ask it, and turn the reply into a change."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from hermes.contact import workers
from hermes.contact.workers import Exchange
from hermes.core.catalog import Catalog, Service
from hermes.core.redaction import redact
from hermes.core.replies import replies
from hermes.core.replies.envelopes import status_of
from hermes.core.replies.health import read_health, read_open_door, read_probe
from hermes.core.replies.replies import Accepted, Document, Finished, PollReply, Postponed, Working
from hermes.core.runs import runs
from hermes.core.runs.runs import Change, Ticket
from hermes.core.runs.stages import stages
from hermes.core.runs.warming import allowance
from hermes.core.worker_config import WorkerConfig
from hermes.vault import Vault
from hermes_base.clock import Clock
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.reasons import Reason, Trouble

T = TypeVar("T")
Earlier = Callable[[Ticket], Awaitable[Sequence[float]]]
"""How long earlier runs of a ticket's service took at its site, in seconds."""


@dataclass(frozen=TYPE_CHECKING, slots=True)  # cheap: see CONTRIBUTING
class Step:
    """What one step came to: the change to write, and the evidence, both free of keys."""

    change: Change
    evidence: dict[str, Any]


class Asking:
    """Asks workers about claimed runs."""

    def __init__(
        self,
        catalog: Catalog,
        vault: Vault,
        client: Client,
        clock: Clock,
        jitter: Callable[[], float],
        earlier: Earlier,
        callback_url: str = "",
    ) -> None:
        self._catalog = catalog
        self._vault = vault
        self._client = client
        self._clock = clock
        self._jitter = jitter
        self._earlier = earlier
        self._callback_url = callback_url

    async def step(self, ticket: Ticket) -> Step:
        """Do what is due for a run. Never raises for anything that a worker does."""
        service = self._catalog.find(ticket.service_slug)
        if service is None:
            detail = f"{ticket.service_slug} is not in the catalog any more."
            return Step(
                runs.fail(ticket, Trouble(Reason.MISSING_CONFIG, detail), self._clock()), {}
            )
        late = (
            runs.overdue(ticket, service, self._clock()) if ticket.worker_job_id is None else None
        )
        if late is not None:
            return Step(late, {})
        config = self._vault.worker(service)
        if isinstance(config, Trouble):
            return self._without_config(ticket, service, config)
        return await self._with_config(ticket, service, config)

    def _without_config(self, ticket: Ticket, service: Service, trouble: Trouble) -> Step:
        now = self._clock()
        if ticket.over:
            return Step(runs.settle(ticket, trouble, now, 0.0), {})
        change = runs.without_config(ticket, service, trouble, now, self._jitter())
        seen = stages(trouble, None, None, trouble, judged=False)
        return Step(change, {"stages": seen})

    async def _with_config(self, ticket: Ticket, service: Service, config: WorkerConfig) -> Step:
        if ticket.over:
            return await self._settle(ticket, service, config)
        if ticket.run_type == "connection":
            return await self._connect(ticket, service, config)
        if ticket.worker_job_id is None:
            return await self._start(ticket, service, config)
        if ticket.cancel_requested_at is not None and ticket.phase != "cancel":
            return await self._cancel(ticket, service, config, ticket.worker_job_id)
        return await self._poll(ticket, service, config, ticket.worker_job_id)

    async def _connect(self, ticket: Ticket, service: Service, config: WorkerConfig) -> Step:
        ask = service.ask("connection")
        assert ask is not None  # noqa: S101  # every service has a connection test
        exchange = await workers.health(self._client, service, config, ask, self._clock())
        now = self._clock()
        trouble, facts = read_health(exchange.result, config, now)
        if trouble is None and config.key:
            trouble, facts = await self._prove_key(service, config, facts)
        warm_up = allowance(service, config)
        change = runs.after_connection(ticket, trouble, facts, now, warm_up)
        return self._judged(change, config, exchange)

    async def _prove_key(
        self, service: Service, config: WorkerConfig, facts: dict[str, Any]
    ) -> tuple[Trouble | None, dict[str, Any]]:
        """A public health path proves that the worker is there, not that our key opens it."""
        signed = await workers.probe(self._client, service, config, self._clock(), signed=True)
        trouble, facts = read_probe(signed.result, facts)
        if trouble is not None or service.protected_path is None:
            return trouble, facts
        bare = await workers.probe(self._client, service, config, self._clock(), signed=False)
        return None, read_open_door(bare.result, facts)

    async def _start(self, ticket: Ticket, service: Service, config: WorkerConfig) -> Step:
        now = self._clock()
        ask = service.ask(ticket.run_type)
        if ticket.cancel_requested_at is not None:
            return Step(
                runs.cancelled(ticket, "Cancelled before the worker took the job.", now), {}
            )
        if ask is None:
            detail = f"{service.name} has no {ticket.run_type} mode any more."
            return Step(runs.fail(ticket, Trouble(Reason.MISSING_CONFIG, detail), now), {})
        if ticket.phase == "starting" and ticket.attempts > 1:
            lost = runs.after_lapsed_start(ticket, service, now)
            if lost is not None:
                return Step(lost, {})
        if not service.honours_idempotency:
            asleep = await self._asleep(ticket, service, config)
            if asleep is not None:
                return asleep
        exchange = await workers.start(
            self._client, service, config, ticket, ask, now, self._callback_url
        )
        now = self._clock()
        reply = _read(exchange, lambda answer: replies.read_start(answer, now))
        result = None
        if isinstance(reply, Finished):
            result, found = await self._result(ticket, config, reply, None)
            reply, now = _at_once(found), self._clock()
        if isinstance(reply, Accepted):
            ticket = replace(ticket, earlier=await self._earlier(ticket))
        good = isinstance(reply, Accepted | Finished)
        answered = (
            good or result is not None
        )  # then the host is awake, and nothing is started again
        warm_up = 0.0 if answered else allowance(service, config)
        change = runs.after_start(ticket, service, reply, now, self._jitter(), warm_up)
        return self._judged(change, config, exchange, result)

    async def _asleep(self, ticket: Ticket, service: Service, config: WorkerConfig) -> Step | None:
        """A start that cannot be repeated is sent only to a host that is awake: knock first."""
        warm_up = allowance(service, config)
        if not warm_up:
            return None
        ask = service.ask("connection")
        assert ask is not None  # noqa: S101  # every service has a connection test
        knock = await workers.health(self._client, service, config, ask, self._clock())
        change = runs.while_asleep(ticket, knock.result, self._clock(), warm_up)
        return self._judged(change, config, knock) if change else None

    async def _poll(
        self, ticket: Ticket, service: Service, config: WorkerConfig, job_id: str
    ) -> Step:
        exchange = await workers.status(
            self._client, service, config, ticket, job_id, self._clock()
        )
        now = self._clock()
        reply = _read(exchange, lambda answer: replies.read_poll(answer, job_id, now))
        result = None
        if isinstance(reply, Finished):
            result, reply = await self._result(ticket, config, reply, job_id)
        if isinstance(reply, Working):
            ticket = replace(ticket, earlier=await self._earlier(ticket))
        change = runs.after_poll(ticket, service, reply, self._clock(), self._jitter())
        return self._judged(change, config, exchange, result)

    async def _result(
        self, ticket: Ticket, config: WorkerConfig, reply: Finished, job_id: str | None
    ) -> tuple[Exchange | None, PollReply]:
        """What is finished as it is, or the result at an address of its own, asked for once."""
        url = workers.result_address(config, reply, job_id)
        if url is None:
            return None, reply
        exchange = await workers.result(self._client, config, ticket, url, self._clock())
        now = self._clock()
        return exchange, _read(
            exchange, lambda answer: replies.read_result(answer, reply.document, now)
        )

    async def _cancel(
        self, ticket: Ticket, service: Service, config: WorkerConfig, job_id: str
    ) -> Step:
        path = service.paths.cancel
        if not service.supports_cancel or path is None:
            return Step(runs.after_cancel(ticket, False, self._clock()), {})
        exchange = await workers.cancel(self._client, config, path, ticket, job_id, self._clock())
        confirmed = _confirmed(exchange.result, self._clock())
        return self._judged(runs.after_cancel(ticket, confirmed, self._clock()), config, exchange)

    async def _settle(self, ticket: Ticket, service: Service, config: WorkerConfig) -> Step:
        """The verdict is written; ask until the remote job has ended and its slot is free."""
        job_id = ticket.worker_job_id or ""
        path = service.paths.cancel if service.supports_cancel else None
        if path and "cancelAsked" not in ticket.metrics:
            await workers.cancel(self._client, config, path, ticket, job_id, self._clock())
            ticket = replace(ticket, metrics={**ticket.metrics, "cancelAsked": True})
        exchange = await workers.status(
            self._client, service, config, ticket, job_id, self._clock()
        )
        now = self._clock()
        reply = _read(exchange, lambda answer: replies.read_poll(answer, job_id, now))
        return Step(runs.settle(ticket, reply, now, self._jitter()), {})

    def _judged(
        self,
        change: Change,
        config: WorkerConfig,
        exchange: Exchange,
        result: Exchange | None = None,
    ) -> Step:
        """Add what was asked to the outputs, the stages to the evidence, and take the keys out."""
        trouble = _trouble_of(change)
        judged = change.finished_at is not None
        last = result or exchange
        change.outputs["debug"] = _debug(last)
        evidence: dict[str, Any] = {exchange.kind: exchange.evidence()}
        if result:
            evidence[result.kind] = result.evidence()
        evidence["stages"] = stages(config, last.url, last.result, trouble, judged=judged)
        return clean(Step(change, evidence), config)


def clean(step: Step, config: WorkerConfig) -> Step:
    """The single place where keys are taken out of what a run stores."""
    change = step.change
    stored = {
        "outputs": change.outputs,
        "metrics": change.metrics,
        "detail": change.detail,
        "artifacts": change.artifacts,
    }
    cleaned, evidence = redact((stored, step.evidence), [config.key, config.read_key])
    return step if cleaned is stored else Step(replace(change, **cleaned), evidence)


def _read(exchange: Exchange, read: Callable[[Answer], T]) -> T | Trouble:
    return exchange.result if isinstance(exchange.result, Trouble) else read(exchange.result)


def _at_once(found: PollReply) -> Finished | Trouble:
    """What a result says that a start pointed to: there is no job to poll, and nothing to repeat."""
    if isinstance(found, Working):
        detail = f"The worker says completed, but its result is still {found.status}."
        return Trouble(Reason.MALFORMED_REPLY, detail)
    if isinstance(found, Postponed):
        return found.trouble
    return found if isinstance(found, Finished) else Trouble(found.reason, found.detail)


def _debug(exchange: Exchange) -> dict[str, Any]:
    status = exchange.result.status if isinstance(exchange.result, Answer) else None
    return {"requested": f"{exchange.method} {exchange.url}", "status": status}


def _trouble_of(change: Change) -> Trouble | None:
    if change.reason is None:
        return None
    return Trouble(Reason(change.reason), change.detail or "")


def _confirmed(result: Answer | Trouble, now: datetime) -> bool | None:
    """True: ended at once. None: accepted, keep looking. False: this worker cannot cancel."""
    if isinstance(result, Trouble):
        return None
    if result.status in (404, 405, 501):
        return False
    document = replies.read_document(result, now)
    ended = isinstance(document, Document) and status_of(document.fields) == "cancelled"
    return True if ended else None
