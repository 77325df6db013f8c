"""The steps of a run: what is due is requested of its worker, and the reply becomes an update."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from hermes.contact.workers import Exchange
from hermes.core.catalog import Catalog, Catalogs, Service
from hermes.core.dialects.abilities import adapted
from hermes.core.replies.values import Accepted, Finished, Working
from hermes.core.runs.cancel import after_cancel
from hermes.core.runs.conclude import fail, overdue
from hermes.core.runs.model import ClaimedRun, StepContext
from hermes.core.runs.poll import after_poll, without_config
from hermes.core.runs.settle import CANCEL_TRIES, confirmed, settle
from hermes.core.runs.stages import stages
from hermes.core.runs.start import after_connection, after_start, while_asleep, without_request
from hermes.core.runs.warming import allowance
from hermes.core.views.changes import found_with
from hermes.core.worker_config import WorkerConfig
from hermes.runner.durations import Durations
from hermes.runner.requests import Requests
from hermes.runner.results import StepResult, judged
from hermes.vault import Vault
from hermes_base.clock import Clock
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure, Reason


class StepRunner:
    """Takes claimed runs one step on."""

    def __init__(
        self,
        catalog: Catalog | Catalogs,
        vault: Vault,
        requests: Requests,
        clock: Clock,
        jitter: Callable[[], float],
        durations: Durations,
    ) -> None:
        self._catalogs: Catalogs = (lambda: catalog) if isinstance(catalog, Catalog) else catalog
        self._vault = vault
        self._requests = requests
        self._clock = clock
        self._jitter = jitter
        self._durations = durations

    async def step(self, run: ClaimedRun) -> StepResult:
        """One step of a run; read downwards, its whole life. Never raises for what a worker does.

        Each step is a pipeline of four: request and reply (`runner.requests`), the rules that make an
        update of the reply (the module of `core.runs` of the same name), and evidence and redaction
        (`runner.results`). A run comes here once it is claimed (`storage.runs.claiming`), and leaves for
        `runner.saver`; it comes back when the `due_at` of its update is reached.
        """
        context = self._context()
        service = self._catalogs().find(run.service_slug)
        if service is None:
            return _out_of_catalog(run, context)
        if run.worker_job_id is None and (late := overdue(run, service, context)):
            return StepResult(late, {})
        config = self._vault.worker(service)
        if isinstance(config, Failure):
            return _unconfigured(run, service, config, context)
        service = adapted(service, config)
        if "foundWith" not in run.metrics and not run.over:
            run = replace(run, metrics={**run.metrics, "foundWith": found_with(service, config)})
        if run.over:  # the verdict is written, the slot is still held
            return await self._settle(run, service, config)
        if run.run_type == "connection":
            return await self._connect(run, service, config)
        if run.worker_job_id is None:
            if ended := without_request(run, service, context):
                return StepResult(ended, {})
            return await self._start(run, service, config)
        if run.cancel_requested_at is not None and run.phase != "cancel":
            return await self._cancel(run, service, config, run.worker_job_id)
        return await self._poll(run, service, config, run.worker_job_id)

    async def _connect(self, run: ClaimedRun, service: Service, config: WorkerConfig) -> StepResult:
        failure, facts, exchange = await self._requests.connect(service, config)
        context = self._context(exchange)
        update = after_connection(run, failure, facts, context, allowance(service, config))
        return judged(update, config, exchange)

    async def _start(self, run: ClaimedRun, service: Service, config: WorkerConfig) -> StepResult:
        if not service.honours_idempotency:
            asleep = await self._asleep(run, service, config)
            if asleep is not None:
                return asleep
        reply, exchange, result = await self._requests.start(run, service, config)
        if isinstance(reply, Accepted):
            run = replace(run, earlier=await self._durations.of(run))
        # a host that answered is awake, and nothing is started again
        awake = result is not None or isinstance(reply, Accepted | Finished)
        warm_up = 0.0 if awake else allowance(service, config)
        update = after_start(
            run, service, reply, self._context(result or exchange, config), warm_up
        )
        return judged(update, config, exchange, result)

    async def _asleep(
        self, run: ClaimedRun, service: Service, config: WorkerConfig
    ) -> StepResult | None:
        """A start that cannot be repeated is sent only to a host that is awake: probe it first."""
        warm_up = allowance(service, config)
        if not warm_up:
            return None
        exchange = await self._requests.health(service, config)
        update = while_asleep(run, exchange.result, self._context(exchange), warm_up)
        return judged(update, config, exchange) if update else None

    async def _poll(
        self, run: ClaimedRun, service: Service, config: WorkerConfig, job_id: str
    ) -> StepResult:
        reply, exchange, result = await self._requests.poll(run, service, config, job_id)
        if isinstance(reply, Working):
            run = replace(run, earlier=await self._durations.of(run))
        update = after_poll(run, service, reply, self._context(result or exchange, config))
        return judged(update, config, exchange, result)

    async def _cancel(
        self, run: ClaimedRun, service: Service, config: WorkerConfig, job_id: str
    ) -> StepResult:
        path = service.paths.cancel
        if not service.supports_cancel or path is None:
            return StepResult(after_cancel(run, False, self._context()), {})
        confirmed, exchange = await self._requests.cancel(run, service, config, path, job_id)
        return judged(after_cancel(run, confirmed, self._context(exchange)), config, exchange)

    async def _settle(self, run: ClaimedRun, service: Service, config: WorkerConfig) -> StepResult:
        job_id = run.worker_job_id
        if job_id is None:  # taken without a name
            return StepResult(settle(run, None, self._context()), {})
        path = service.paths.cancel if service.supports_cancel else None
        asked = int(run.metrics.get("cancelAsked", 0))
        if path and asked < CANCEL_TRIES:
            ended, exchange = await self._requests.cancel(run, service, config, path, job_id)
            tries = CANCEL_TRIES if _was_heard(exchange) else asked + 1
            run = replace(run, metrics={**run.metrics, "cancelAsked": tries})
            if ended:
                return StepResult(confirmed(run, self._context()), {})
        reply = await self._requests.status(run, service, config, job_id)
        return StepResult(settle(run, reply, self._context()), {})

    def _context(
        self, exchange: Exchange | None = None, config: WorkerConfig | None = None
    ) -> StepContext:
        """What the rules know of this moment, and of the exchange that led to it."""
        now, jitter = self._clock(), self._jitter()
        if exchange is None:
            return StepContext(now, jitter)
        answer = exchange.result
        headers: Mapping[str, str] = answer.headers if isinstance(answer, Answer) else {}
        claims = config.accept_claim if config else frozenset[str]()
        return StepContext(now, jitter, exchange.requested, exchange.status, headers, claims)


def _was_heard(exchange: Exchange) -> bool:
    """Whether the worker has taken note of a cancel, so that it need not be sent again."""
    status = exchange.status
    return status is not None and status < 500 and status not in (408, 425, 429)


def _out_of_catalog(run: ClaimedRun, context: StepContext) -> StepResult:
    detail = f"{run.service_slug} is no longer in the catalog."
    return StepResult(fail(run, Failure(Reason.MISSING_CONFIG, detail), context), {})


def _unconfigured(
    run: ClaimedRun, service: Service, failure: Failure, context: StepContext
) -> StepResult:
    if run.over:
        return StepResult(settle(run, failure, context), {})
    update = without_config(run, service, failure, context)
    return StepResult(update, {"stages": stages(failure, None, None, failure, judged=False)})
