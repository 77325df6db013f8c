"""Wiring of Directory-Bolt: its processes, each of which also runs alone."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

import structlog
import uvicorn

import hermes_browser
from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.engines.flow import FlowAwayError, FlowEngine
from directory_bolt.engines.postgres_queue import PostgresQueue
from directory_bolt.engines.prefect_api import DEPLOYMENT
from directory_bolt.engines.prefect_deploying import deploy
from directory_bolt.engines.prefect_flow import PrefectFlow
from directory_bolt.engines.queue import Queue, QueueAwayError
from directory_bolt.engines.sqs_queue import SqsQueue, open_client
from directory_bolt.orders import Orders
from directory_bolt.processes.brain import brain
from directory_bolt.processes.flow import Flow
from directory_bolt.processes.flow_worker import FlowWorker
from directory_bolt.processes.heartbeat import HEARTBEAT_SECONDS, Heartbeat, keep_heartbeat
from directory_bolt.processes.monitor import Monitor
from directory_bolt.processes.postman import MailServer, Postman
from directory_bolt.processes.prefect_worker import run_prefect_worker
from directory_bolt.processes.reconciling import Reconciling
from directory_bolt.processes.relay import Relay
from directory_bolt.processes.subscriber import Subscriber
from directory_bolt.reading import OrderQueries
from hermes_base.background.loops import beside
from hermes_base.clock import Clock, utc_now
from hermes_base.home import make_home
from hermes_base.home.announcements import Announcement
from hermes_base.postgres.database import Pool
from hermes_base.postgres.opening import clock_of, connect, current_database
from hermes_base.problems import Problem
from hermes_base.processes import address, ending, open_socket, stopping
from hermes_base.secret_files import read_secret
from hermes_base.settings import Settings
from hermes_base.supervisor import Child
from hermes_base.web.bounded_http import server_config
from hermes_egress.opened import Opened

log = structlog.get_logger()


def queue_of(settings: Settings, pool: Pool) -> Queue:
    """The queue that the settings choose. Raises `engine_missing`."""
    match settings.queue:
        case "postgres":
            return PostgresQueue(pool)
        case "sqs":
            return sqs_of(settings, pool)


def sqs_of(settings: Settings, pool: Pool) -> SqsQueue:
    """The SQS queue of the settings. Raises `engine_missing` where boto3 is not installed."""
    try:
        client = open_client(settings.sqs_endpoint_url, settings.sqs_region)
    except QueueAwayError as error:
        raise Problem("engine_missing", f"{error}.", "Or set HERMES_QUEUE=postgres.") from error
    return SqsQueue(client, pool, settings.sqs_queue_name)


async def create_sqs(settings: Settings) -> tuple[str, str]:
    """Make the queues of the settings unless they are there; their addresses. Raises `QueueAwayError`."""
    pool = await connect(settings, size=1)
    try:
        return await sqs_of(settings, pool).create()
    finally:
        await pool.close()


def engine_of(settings: Settings, pool: Pool, clock: Clock) -> FlowEngine:
    """The flow engine that the settings choose. Raises `engine_missing`."""
    match settings.flow:
        case "embedded":
            return EmbeddedFlow(pool)
        case "prefect":
            return prefect_of(settings, pool, clock)


def prefect_of(settings: Settings, pool: Pool, clock: Clock = utc_now) -> PrefectFlow:
    """Prefect by the settings. Raises `engine_missing` where it is not installed."""
    if find_spec("prefect") is None:
        message = "Prefect is not installed: install hermes-control[prefect]."
        raise Problem("engine_missing", message, "Or set HERMES_FLOW=embedded.")
    return PrefectFlow(pool, settings.prefect_api_url, clock)


async def deploy_to_prefect(settings: Settings) -> str:
    """Register work pool and deployment in Prefect. Raises `flow_away`."""
    try:
        await deploy(settings.prefect_api_url, settings.orders_at_once)
    except FlowAwayError as error:
        hint = "Start it (prefect server start) and set HERMES_PREFECT_API_URL, e.g. http://127.0.0.1:4200/api."
        raise Problem("flow_away", f"The deployment failed: {error}.", hint) from error
    return DEPLOYMENT


@asynccontextmanager
async def open_orders(settings: Settings, *, size: int = 8) -> AsyncGenerator[Orders]:
    """Directory-Bolt on a current schema. Raises `schema_old` with the command to run."""
    async with current_database(settings, size=size) as pool:
        clock = await clock_of(pool)
        async with beside(clock.keep(pool)):
            yield orders_on(settings, pool, clock)


def orders_on(settings: Settings, pool: Pool, clock: Clock) -> Orders:
    """Directory-Bolt on an open pool, with the engines that the settings choose; `clock` is the database's."""
    settings.evidence.mkdir(parents=True, exist_ok=True, mode=0o700)
    engines = queue_of(settings, pool), engine_of(settings, pool, clock)
    return Orders(pool, *engines, settings.evidence, clock)


async def run_brain(settings: Settings, parent: int | None = None) -> None:
    """The brain: POST /api/jobs/enqueue and /health."""
    make_home(settings)
    stop = stopping(parent)
    async with (
        open_orders(settings) as orders,
        keep_heartbeat(orders.pool, "brain", clock=orders.clock) as heartbeat,
    ):
        listening = open_socket(settings.host, settings.brain_port)
        token = brain_token(settings)
        server = uvicorn.Server(server_config(brain(orders, token)))
        heartbeat.state["address"] = address(settings.host, listening.getsockname()[1])
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        announcement = Announcement(settings.brain_file, heartbeat.state["address"])
        keeping = asyncio.create_task(announcement.keep())
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
        await ending(waiting, keeping)
        announcement.end()


async def run_subscriber(settings: Settings, parent: int | None, health_port: int) -> None:
    """The subscriber: from the queue to the flow engine."""
    stop = stopping(parent)
    async with _alive(settings, "subscriber", health_port) as (orders, heartbeat):
        await Subscriber(orders.pool, orders.queue, orders.engine, heartbeat).run(stop)


async def run_flow_worker(settings: Settings, parent: int | None, health_port: int) -> None:
    """A flow worker with its browser: any number of them may share a database."""
    if settings.flow == "prefect":
        await _run_prefect_worker(settings, parent, health_port)
        return
    from directory_bolt.browser import BrowserSubmitter  # noqa: PLC0415  # loads Playwright

    stop = stopping(parent)
    async with (
        _alive(settings, "flow-worker", health_port) as (orders, heartbeat),
        beside(_note_browser(heartbeat)),
        BrowserSubmitter(
            settings.evidence,
            at_once=settings.directories_at_once,
            opened=Opened(settings.private_sites),
        ) as submitter,
    ):
        flow = Flow(orders.pool, submitter, settings.directories_at_once, orders.clock)
        await FlowWorker(orders.pool, flow, heartbeat, settings.orders_at_once).run(stop)


async def _run_prefect_worker(settings: Settings, parent: int | None, health_port: int) -> None:
    """The same for Prefect: every order is a process of its own, with its own browser."""
    stop = stopping(parent)
    async with (
        _alive(settings, "flow-worker", health_port) as (orders, heartbeat),
        beside(_note_browser(heartbeat)),
    ):
        await run_prefect_worker(orders.engine, settings.prefect_api_url, heartbeat, stop)


async def run_monitor(settings: Settings, parent: int | None, health_port: int) -> None:
    """The monitor: what is stuck, and who is silent."""
    stop = stopping(parent)
    async with _alive(settings, "monitor", health_port) as (orders, heartbeat):
        looking = [Monitor(orders.pool, orders.queue, heartbeat, orders.clock).run(stop)]
        if isinstance(orders.engine, PrefectFlow):
            looking.append(Reconciling(orders.pool, orders.engine, orders.clock).run(stop))
        if postman := postman_of(settings, orders):
            looking.append(postman.run(stop))
        await asyncio.gather(*looking)


def postman_of(settings: Settings, orders: Orders) -> Postman | None:
    """Who writes to customers; None where no mail server, sender or public address is set."""
    server = settings.mail_server.get_secret_value()
    if not server or not settings.mail_from or not settings.public_url:
        return None

    async def link(job_id: UUID) -> str:
        token, _ = await OrderQueries(orders).customer_link(job_id, "Hermes")
        return f"{settings.public_url}/orders/{token}"

    return Postman(orders.pool, MailServer(server, settings.mail_from), link)


async def run_relay(settings: Settings, orders: Orders, stop: asyncio.Event) -> None:
    """The relay, beside the web server: from the outbox to the brain, wherever it is just now."""
    token = brain_token(settings)
    async with keep_heartbeat(orders.pool, "relay", clock=orders.clock):
        await Relay(orders.pool, lambda: brain_address(settings), token).run(stop)


def brain_token(settings: Settings) -> str:
    """What opens the brain's door: the operator's, else the one in the home."""
    given = settings.brain_token.get_secret_value()
    return given or read_secret(settings.brain_token_file)


def brain_address(settings: Settings) -> str:
    """Where the brain is; "" while it has not said so."""
    if settings.brain_url:
        return settings.brain_url
    try:
        return settings.brain_file.read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


@asynccontextmanager
async def _alive(
    settings: Settings, process: str, health_port: int
) -> AsyncGenerator[tuple[Orders, Heartbeat]]:
    make_home(settings)
    async with (
        open_orders(settings) as orders,
        keep_heartbeat(orders.pool, process, health_port, orders.clock) as heartbeat,
    ):
        log.info("process started", process=process, worker=heartbeat.worker_id)
        yield orders, heartbeat


async def _note_browser(heartbeat: Heartbeat) -> None:
    """Keep in each heartbeat where this machine's browser is; "" where there is none yet."""
    while True:
        heartbeat.state["browser"] = str(await asyncio.to_thread(hermes_browser.find) or "")
        await asyncio.sleep(HEARTBEAT_SECONDS)


def children(
    environment: Callable[[str], Mapping[str, str]], logs: Path, me: list[str]
) -> list[Child]:
    """The processes of Directory-Bolt that `hermes up` keeps alive, each in its own environment."""
    return [
        Child(name, ["-m", "hermes", name, *me], environment(name), logs / f"{name}.log")
        for name in ("brain", "subscriber", "flow-worker", "monitor")
    ]


async def register_demo(settings: Settings) -> int:
    """Register the directories that the sandbox says it serves. Returns how many there are."""
    written = json.loads(settings.sandbox_file.read_text("utf-8"))
    found = written.get("directories", {}).get("list", [])
    async with open_orders(settings, size=2) as orders:
        return await orders.directories.put_demo(found)


def stripe_secret(settings: Settings) -> str:
    """The webhook's signing secret: the operator's, else the demo's; "" where there is none."""
    secret = settings.stripe_webhook_secret.get_secret_value()
    if not secret and settings.stripe_file.exists():
        return read_secret(settings.stripe_file)
    return secret
