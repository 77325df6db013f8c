"""The requests of each step, and what their answers say: all the HTTP between a claim and its save."""

from datetime import datetime
from typing import Any

from hermes.contact import workers
from hermes.contact.foreign import Line
from hermes.contact.workers import Exchange
from hermes.core.catalog import ModeSpec, RunType, Service
from hermes.core.dialects import health as foreign_health
from hermes.core.dialects import replies as foreign_replies
from hermes.core.replies.health import read_health
from hermes.core.replies.key_proofs import read_mirror, read_probe, read_wrong_key
from hermes.core.replies.replies import read_document, read_poll, read_result, read_start
from hermes.core.replies.standing import status_of
from hermes.core.replies.values import Document, Finished, PollReply, Postponed, StartReply, Working
from hermes.core.runs.model import ClaimedRun
from hermes.core.worker_config import WorkerConfig, with_key
from hermes_base.clock import Clock
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.reasons import Failure, Reason


class Requests:
    """What is requested of workers. Each method is one step's: it returns what the worker replied, and
    the exchanges that evidence is kept of. A failure is a reply too; nothing is raised for it."""

    def __init__(self, client: Client, clock: Clock, callback_url: str = "") -> None:
        self._client = client
        self._clock = clock
        self._callback_url = callback_url

    async def health(self, service: Service, config: WorkerConfig) -> Exchange:
        """The worker's health answer."""
        if config.dialect is not None:
            return await self._line(service, config).health(_mode(service, "connection"))
        return await workers.health(
            self._client, service, config, _mode(service, "connection"), self._clock()
        )

    async def connect(
        self, service: Service, config: WorkerConfig
    ) -> tuple[Failure | None, dict[str, Any], Exchange]:
        """(why the connection is not good or None, what the worker reports of itself, the exchange)."""
        failure, facts, exchange = await self.reach(service, config)
        if failure is None and config.key:
            failure, facts = await self._prove_key(service, config, facts)
        return failure, facts, exchange

    async def reach(
        self, service: Service, config: WorkerConfig
    ) -> tuple[Failure | None, dict[str, Any], Exchange]:
        """The same without a proof of the key."""
        exchange, now = await self.health(service, config), self._clock()
        if config.dialect is not None:
            said = foreign_health.read_health(config.dialect, exchange.result, config, now)
        else:
            said = read_health(exchange.result, config, now, service.slug)
        return *said, exchange

    async def _prove_key(
        self, service: Service, config: WorkerConfig, facts: dict[str, Any]
    ) -> tuple[Failure | None, dict[str, Any]]:
        """A public health path proves that the worker is there, not that our key opens it, nor that another
        does not."""
        signed = await self._probe(service, config)
        agreed = facts["keyProof"] == "fingerprints agree"
        failure, facts = _read_probe(config, signed.result, facts)
        if failure is not None:
            return failure, facts
        wrong = with_key(config, workers.random_key())
        if agreed:
            told = await self.health(service, wrong)
            facts = read_mirror(told.result, wrong.key, facts)
        refused = await self._probe(service, wrong)
        return None, read_wrong_key(refused.result, facts)

    async def _probe(self, service: Service, config: WorkerConfig) -> Exchange:
        if config.dialect is not None:
            return await self._line(service, config).probe()
        return await workers.probe(self._client, service, config, self._clock())

    async def start(
        self, run: ClaimedRun, service: Service, config: WorkerConfig
    ) -> tuple[StartReply, Exchange, Exchange | None]:
        """(the reply, the exchange, that of the result where it stands at an address of its own)."""
        mode = _mode(service, run.run_type)
        if config.dialect is not None:
            exchange = await self._line(service, config).start(run, mode, self._callback_url)
        else:
            exchange = await workers.start(
                self._client, service, config, run, mode, self._clock(), self._callback_url
            )
        reply = _read_start(exchange, config, run, self._clock())
        if not isinstance(reply, Finished):
            return reply, exchange, None
        found, result = await self._result(run, service, config, reply, None)
        return _at_once(found), exchange, result

    async def poll(
        self, run: ClaimedRun, service: Service, config: WorkerConfig, job_id: str
    ) -> tuple[PollReply, Exchange, Exchange | None]:
        """(the reply, the exchange, that of the result where it stands at an address of its own)."""
        exchange = await self._status(run, service, config, job_id)
        reply = _read_status(exchange, config, run, job_id, self._clock())
        if not isinstance(reply, Finished):
            return reply, exchange, None
        reply, result = await self._result(run, service, config, reply, job_id)
        return reply, exchange, result

    async def status(
        self, run: ClaimedRun, service: Service, config: WorkerConfig, job_id: str
    ) -> PollReply:
        """Whether the job of a run that is over still goes on; its result is not fetched."""
        exchange = await self._status(run, service, config, job_id)
        return _read_status(exchange, config, run, job_id, self._clock())

    async def _status(
        self, run: ClaimedRun, service: Service, config: WorkerConfig, job_id: str
    ) -> Exchange:
        if config.dialect is not None:
            return await self._line(service, config).status(run, job_id)
        return await workers.status(self._client, service, config, run, job_id, self._clock())

    async def cancel(
        self, run: ClaimedRun, service: Service, config: WorkerConfig, path: str, job_id: str
    ) -> tuple[bool | None, Exchange]:
        """(whether the worker confirms: True, False when it cannot cancel, None not yet; the exchange)."""
        if config.dialect is not None:
            exchange = await self._line(service, config).cancel(run, job_id)
            ends = foreign_replies.confirms(config.dialect, exchange.result, self._clock())
            return ends, exchange
        exchange = await workers.cancel(self._client, config, path, run, job_id, self._clock())
        return _confirmed(exchange.result, self._clock()), exchange

    def _line(self, service: Service, config: WorkerConfig) -> Line:
        return Line(self._client, service, config, self._clock())

    async def _result(
        self,
        run: ClaimedRun,
        service: Service,
        config: WorkerConfig,
        reply: Finished,
        job_id: str | None,
    ) -> tuple[PollReply, Exchange | None]:
        """What is finished as it is, or the result at an address of its own, fetched once."""
        if config.dialect is not None:
            return await self._line(service, config).result(run, reply, job_id)
        url = workers.result_address(config, reply, job_id)
        if url is None:
            return reply, None
        exchange = await workers.result(self._client, config, run, url, self._clock())
        answer = exchange.result
        if isinstance(answer, Failure):
            return answer, exchange
        return read_result(answer, reply, self._clock()), exchange


def _mode(service: Service, run_type: RunType) -> ModeSpec:
    """A mode that the service is known to have: the connection test, or one that the rules let through."""
    mode = service.mode(run_type)
    assert mode is not None  # noqa: S101  # see `core.runs.start.without_request`
    return mode


def _read_start(
    exchange: Exchange, config: WorkerConfig, run: ClaimedRun, now: datetime
) -> StartReply:
    answer = exchange.result
    if isinstance(answer, Failure):
        return answer
    if config.dialect is None:
        return read_start(answer, now)
    return foreign_replies.read_start(config.dialect, answer, str(run.id), now)


def _read_status(
    exchange: Exchange, config: WorkerConfig, run: ClaimedRun, job_id: str, now: datetime
) -> PollReply:
    answer = exchange.result
    if isinstance(answer, Failure):
        return answer
    if config.dialect is None:
        return read_poll(answer, job_id, now)
    cancelling = run.cancel_requested_at is not None or "cancelAsked" in run.metrics
    return foreign_replies.read_poll(
        config.dialect, answer, job_id, str(run.id), now, cancelling=cancelling
    )


def _read_probe(
    config: WorkerConfig, result: Answer | Failure, facts: dict[str, Any]
) -> tuple[Failure | None, dict[str, Any]]:
    if config.dialect is None:
        return read_probe(result, facts)
    return foreign_health.read_probe(result, facts)


def _at_once(found: PollReply) -> Finished | Failure:
    """The result that a start pointed to: there is no job to poll, and nothing to repeat."""
    if isinstance(found, Working):
        detail = f"The worker reported completed, but its result returns {found.status}."
        return Failure(Reason.MALFORMED_REPLY, detail)
    if isinstance(found, Postponed):
        return found.failure
    # made anew: a failure to fetch the result must not read as a start that was never answered (`sent`)
    return found if isinstance(found, Finished) else Failure(found.reason, found.detail)


def _confirmed(result: Answer | Failure, now: datetime) -> bool | None:
    if isinstance(result, Failure):
        return None
    if result.status in (404, 405, 501):
        return False
    document = read_document(result, now)
    ended = isinstance(document, Document) and status_of(document.fields) == "cancelled"
    return True if ended else None
