"""The whole chain of orders in one event loop over real HTTP and PostgreSQL; any hop can be broken."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.engines.flow import FlowEngine
from directory_bolt.engines.postgres_queue import PostgresQueue
from directory_bolt.engines.queue import Queue
from directory_bolt.orders import Orders
from directory_bolt.processes.brain import brain
from directory_bolt.processes.flow import Flow
from directory_bolt.processes.flow_worker import FlowWorker
from directory_bolt.processes.heartbeat import keep_heartbeat
from directory_bolt.processes.monitor import Monitor
from directory_bolt.processes.relay import Relay
from directory_bolt.processes.subscriber import Subscriber
from directory_bolt.storage import heartbeats
from directory_bolt.verify import Target
from hermes.control import Hermes
from hermes.vault import Environment, Vault
from hermes.wiring.application import application
from hermes_base.clock import utc_now
from hermes_base.people import People
from hermes_base.people.roles import Person
from hermes_base.people.rules import digest
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.listening import Listener
from hermes_base.web.access import LOOPBACK, AccessSettings
from hermes_base.web.live import Hub
from tests.directory_bolt.processes.shop import ScriptedSubmitter
from tests.support.asgi import serving
from tests.support.catalog import shipped_catalog
from tests.support.waiting import until

TOKEN, READER, SECRET = "token-of-an-operator", "token-of-a-viewer", "whsec_of_the_chain"
FLEET = "token-of-the-fleet"
BRAIN_TOKEN = "token-of-the-brain"
ALL = frozenset({"relay", "brain", "subscriber", "flow-worker", "monitor"})


@dataclass
class Plan:
    """What is run, and with what: a test breaks one thing of it."""

    running: frozenset[str] = ALL
    queue: Queue | None = None
    subscribers_queue: Queue | None = None
    engine: FlowEngine | None = None
    brain_url: str = ""
    secret: str = SECRET
    demo: bool = True
    browser: str = "scripted"
    """What the flow worker tells of its browser."""
    submitter: ScriptedSubmitter = field(default_factory=ScriptedSubmitter)


@dataclass
class Chain:
    """A running chain."""

    url: str
    brain_url: str
    pool: Pool
    orders: Orders
    hub: Hub

    def target(self, **changes: Any) -> Target:
        facts: dict[str, Any] = {
            "url": self.url, "token": TOKEN, "brain_url": self.brain_url, "stripe_secret": SECRET,
            "patience": 4.0, "hurry": 1.0, "settle": 0.5,
        }  # fmt: skip
        return Target(**{**facts, **changes})

    async def traces(self) -> dict[str, int]:
        """Rows of every table that an order leaves something in."""
        tables = (
            "jobs", "customers", "job_results", "job_directories", "queue_history", "webhook_inbox",
            "outbox", "queue_messages", "dead_letters", "flow_runs",
        )  # fmt: skip
        return {t: await self.pool.fetchval(f"select count(*) from {t}") for t in tables}


@asynccontextmanager
async def chain(database_url: str, folder: Path, plan: Plan) -> AsyncGenerator[Chain]:
    """Everything that the plan says, until the end."""
    evidence = folder / "evidence"
    evidence.mkdir()
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(_pool(database_url))
        queue = plan.queue or PostgresQueue(pool)
        orders = Orders(pool, queue, plan.engine or EmbeddedFlow(pool), evidence)
        await _directories(orders, demo=plan.demo)
        url, hub = await stack.enter_async_context(_web(database_url, orders, plan.secret))
        where = plan.brain_url
        if "brain" in plan.running:
            stands = await stack.enter_async_context(serving(brain(orders, BRAIN_TOKEN)))
            where = where or stands
        stop = asyncio.Event()
        for name in sorted(plan.running):
            await stack.enter_async_context(_process(name, orders, plan, where, stop))
        stack.callback(stop.set)
        yield Chain(url, where, pool, orders, hub)
        hub.close()


@asynccontextmanager
async def _pool(url: str) -> AsyncGenerator[Pool]:
    pool = await open_pool(url, size=12)
    try:
        yield pool
    finally:
        await pool.close()


async def _directories(orders: Orders, *, demo: bool) -> None:
    found = [
        {"name": name, "submission_url": f"https://{name}.example/submit", "tier": 1,
         "domain_authority": 50, "pacing_seconds": 0}
        for name in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
    ]  # fmt: skip
    await orders.directories.put_demo(found)
    if not demo:
        await orders.pool.execute("update directories set is_demo = false")


@asynccontextmanager
async def _web(database_url: str, orders: Orders, secret: str) -> AsyncGenerator[tuple[str, Hub]]:
    listener = Listener(database_url)
    hub = Hub(listener)
    access = AccessSettings(
        {
            digest(TOKEN): Person("operator", "operator", "operator"),
            digest(READER): Person("viewer", "viewer", "viewer"),
            digest(FLEET): Person("fleet token", "viewer", "fleet token", proves=True),
        },
        LOOPBACK,
    )
    hermes = Hermes(orders.pool, shipped_catalog(), Vault([Environment({})]))
    app = application(hermes, People(orders.pool), hub, access, orders=orders, stripe_secret=secret)
    hearing = asyncio.create_task(listener.run())
    try:
        async with serving(app) as url:
            await until(lambda: listener.connected, "the listener is connected")
            try:
                yield url, hub
            finally:
                hub.close()
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)


@asynccontextmanager
async def _process(
    name: str, orders: Orders, plan: Plan, brain_url: str, stop: asyncio.Event
) -> AsyncGenerator[None]:
    """One background process, as `directory_bolt.wiring` runs it."""
    pool = orders.pool
    async with keep_heartbeat(pool, name, 0) as heartbeat:
        if name == "flow-worker":
            heartbeat.state["browser"] = plan.browser

        async def heard() -> bool:
            return heartbeat.worker_id in {r.worker_id for r in await heartbeats.heartbeats(pool)}

        await until(heard, f"the {name} is heard of")
        await heartbeats.record(pool, heartbeat.worker_id, name, heartbeat.state, utc_now())
        running = {
            "relay": lambda: Relay(pool, lambda: brain_url, BRAIN_TOKEN).run(stop),
            "brain": stop.wait,
            "subscriber": lambda: Subscriber(
                pool, plan.subscribers_queue or orders.queue, orders.engine, heartbeat, 1.0
            ).run(stop),
            "flow-worker": lambda: FlowWorker(pool, Flow(pool, plan.submitter), heartbeat).run(
                stop
            ),
            "monitor": lambda: Monitor(pool, orders.queue, heartbeat).run(stop),
        }[name]
        task = asyncio.create_task(running())  # pyright: ignore[reportArgumentType]
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(asyncio.gather(task), 10)


def answering(status: int, body: Any) -> Starlette:
    """Something at the brain's address whose /health says this, and that has nothing else."""

    async def health(request: Request) -> Response:
        del request
        if isinstance(body, str):
            return PlainTextResponse(body, status)
        return JSONResponse(body, status)

    return Starlette(routes=[Route("/health", health)])
