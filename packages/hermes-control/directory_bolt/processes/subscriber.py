"""The subscriber: takes orders from the queue and hands them to the flow engine, durably."""

import asyncio

import structlog
from pydantic import ValidationError

from directory_bolt.core.orders.messages import QueueBody
from directory_bolt.core.orders.sources import PROVING
from directory_bolt.engines.flow import FlowAwayError, FlowEngine
from directory_bolt.engines.queue import Message, Queue, QueueAwayError
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.storage import history, orders
from hermes_base import tracing
from hermes_base.background.loops import rest
from hermes_base.postgres.database import LOST_DATABASE, Pool

log = structlog.get_logger()

AT_ONCE = 10
WAIT = 20.0  # seconds of one long poll
VISIBILITY = 60.0
PAUSE = 2.0  # after a trouble of queue or engine


class Subscriber:
    """Deletes a message only after its order is durably with the engine, or is over."""

    def __init__(
        self, pool: Pool, queue: Queue, engine: FlowEngine, heartbeat: Heartbeat, wait: float = WAIT
    ) -> None:
        self._pool = pool
        self._queue = queue
        self._engine = engine
        self._heartbeat = heartbeat
        self._wait = wait

    async def run(self, stop: asyncio.Event) -> None:
        """Take messages until `stop`; what is under way is ended first."""
        while not stop.is_set():
            try:
                await self._unless(stop)
            except (QueueAwayError, FlowAwayError, *LOST_DATABASE) as error:
                self._note(error)
                log.warning("queue or engine away, waiting", error=str(error))
                await rest(stop, PAUSE)

    async def _unless(self, stop: asyncio.Event) -> None:
        """One turn; a long poll that is still waiting is given up at `stop`.

        Without its engine nothing is received: three fruitless receives make a dead letter.
        """
        await self._engine.check()
        if self._heartbeat.state.get("troubled") == "flow engine":
            self._clear()
        receiving = asyncio.create_task(self._queue.receive(AT_ONCE, self._wait, VISIBILITY))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({receiving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if receiving.done():
                await self._work(receiving.result())
        finally:
            receiving.cancel()
            stopping.cancel()
            await asyncio.gather(receiving, stopping, return_exceptions=True)

    async def turn(self) -> int:
        """Receive once and work it off; how many messages there were."""
        found = await self._queue.receive(AT_ONCE, self._wait, VISIBILITY)
        await self._work(found)
        return len(found)

    async def _work(self, found: list[Message]) -> None:
        self._clear()
        if found:
            log.info(f"Received {len(found)} messages")  # noqa: G004  # the checklist reads it
        for message in found:
            await self._take(message)

    def _note(self, error: Exception) -> None:
        """Say what is away, to staff by the heartbeat and to whoever asks /health."""
        troubled = "queue" if isinstance(error, QueueAwayError) else "database"
        troubled = "flow engine" if isinstance(error, FlowAwayError) else troubled
        self._heartbeat.state.update(trouble=str(error), troubled=troubled)
        self._heartbeat.fault = f"the {troubled} is unavailable: {error}"

    def _clear(self) -> None:
        self._heartbeat.state.pop("trouble", None)
        self._heartbeat.state.pop("troubled", None)
        self._heartbeat.fault = ""

    async def _take(self, message: Message) -> None:
        try:
            body = QueueBody.model_validate_json(message.body)
        except ValidationError as error:
            field = ".".join(map(str, error.errors()[0]["loc"])) or "body"
            await self._dead_letter(message, f"not an order: {field}: {error.errors()[0]['msg']}")
            return
        parent = str(body.metadata.get("traceparent", ""))
        with (
            structlog.contextvars.bound_contextvars(jobId=str(body.job_id)),
            tracing.span("order trigger", body.job_id, parent, engine=self._engine.name),
        ):
            await self._weigh(message, body)

    async def _weigh(self, message: Message, body: QueueBody) -> None:
        """Hand over what is open; what is over is done with; what nobody knows is a dead letter."""
        job = await orders.order(self._pool, body.job_id)
        if job is None and body.source in PROVING:
            await self._queue.delete(message)  # taken away again by who made it
            return
        if job is None:
            await self._dead_letter(message, f"there is no order {body.job_id}")
            return
        if job.status not in ("pending", "in_progress"):
            log.info("the order is closed", jobId=str(body.job_id), status=job.status)
            await self._queue.delete(message)
            return
        await history.record(
            self._pool, body.job_id, "queue_claimed", worker_id=self._heartbeat.worker_id,
            message_id=message.id, receive_count=message.receive_count,
        )  # fmt: skip
        await self._hand_over(message, body)

    async def _hand_over(self, message: Message, body: QueueBody) -> None:
        flow_run = await self._engine.trigger(body.job_id)
        log.info(f"Triggered {self._engine.title} flow for job {body.job_id}", flow_run=flow_run)  # noqa: G004
        await history.record(
            self._pool, body.job_id, "flow_triggered", worker_id=self._heartbeat.worker_id,
            flow_run=flow_run, engine=self._engine.name,
        )  # fmt: skip
        await self._queue.delete(message)

    async def _dead_letter(self, message: Message, reason: str) -> None:
        log.warning("dead letter", message=message.id, reason=reason)
        await self._queue.dead_letter(message, reason)
