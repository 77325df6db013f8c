"""Faults of queue, flow engine and stream: the report names exactly that hop."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from moto.server import ThreadedMotoServer

from directory_bolt.core.verification.causes import Cause
from directory_bolt.engines.flow import FlowAwayError, FlowState
from directory_bolt.engines.sqs_queue import SqsQueue, open_client
from directory_bolt.verify import verify
from hermes_base.postgres.database import Pool, open_pool
from tests.directory_bolt.verify.chain import Plan
from tests.directory_bolt.verify.proxy import Fault, proxy_to
from tests.directory_bolt.verify.test_verifying import names, running
from tests.support.waiting import until_fetched

MakeQueue = Callable[[str], SqsQueue]

TROUBLED = "select 1 from worker_heartbeats where state ->> 'troubled' = 'flow engine'"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
    assert server._server is not None
    server._server.server_close()  # moto itself leaves it open


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    found = await open_pool(database_url, size=2)
    yield found
    await found.close()


@pytest.fixture
async def sqs(endpoint: str, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> MakeQueue:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return lambda name: SqsQueue(open_client(endpoint, "us-east-2"), pool, name)


class PrefectStandIn:
    """A flow engine at the protocol's edge that refuses in Prefect's place, or forgets what it takes."""

    name = "prefect"
    title = "Prefect"

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses

    async def trigger(self, job_id: UUID) -> str:
        await self.check()
        return f"flow-of-{job_id}"

    async def state(self, flow_run: str) -> FlowState:
        del flow_run
        return FlowState("scheduled")

    async def cancel(self, flow_run: str) -> None:
        del flow_run

    async def check(self) -> None:
        if self.refuses:
            raise FlowAwayError(self.refuses)


async def test_an_order_passes_through_sqs_too(
    database_url: str, tmp_path: Path, sqs: MakeQueue
) -> None:
    queue = sqs("orders-well")
    await queue.create()
    async with running(database_url, tmp_path, Plan(queue=queue)) as found:
        report = await verify(found.target())
        assert (await queue.depth()).visible == 0
    assert (names(report, "FAIL"), report.exit_code) == ([], 0)


async def test_a_wrong_queue_name_is_named(
    database_url: str, tmp_path: Path, sqs: MakeQueue
) -> None:
    plan = Plan(queue=sqs("no-such-queue"))
    async with running(database_url, tmp_path, plan) as found:
        report = await verify(found.target())
    assert report.broken == [Cause.QUEUE_NAME]
    assert "Backend -> queue" in names(report, "FAIL")


async def test_a_queue_that_is_away_is_named(
    database_url: str, tmp_path: Path, sqs: MakeQueue, pool: Pool
) -> None:
    del sqs  # for its credentials
    away = SqsQueue(open_client("http://127.0.0.1:1", "us-east-2"), pool, "orders")
    async with running(database_url, tmp_path, Plan(queue=away)) as found:
        report = await verify(found.target())
    assert report.broken == [Cause.QUEUE_AWAY]
    assert "Backend -> queue" in names(report, "FAIL")


async def test_a_subscriber_on_another_queue_is_named(
    database_url: str, tmp_path: Path, sqs: MakeQueue
) -> None:
    mine, other = sqs("orders-of-the-brain"), sqs("orders-of-nobody")
    await mine.create()
    await other.create()
    plan = Plan(queue=mine, subscribers_queue=other)
    async with running(database_url, tmp_path, plan) as found:
        report = await verify(found.target(patience=1.5))
    assert report.broken == [Cause.OTHER_QUEUE]


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("Prefect has no deployment process_job/production", Cause.DEPLOYMENT_MISSING),
        ("Prefect is not reached: ConnectError", Cause.FLOW_ENGINE_AWAY),
    ],
)
async def test_a_flow_engine_that_cannot_take_orders_is_named(
    database_url: str, tmp_path: Path, said: str, cause: Cause
) -> None:
    plan = Plan(engine=PrefectStandIn(said))
    async with running(database_url, tmp_path, plan) as found:
        await until_fetched(found.pool, TROUBLED, "the subscriber reports its trouble")
        report = await verify(found.target())
    assert report.broken == [cause]
    assert "Subscriber -> flow engine" in names(report, "FAIL")


async def test_without_its_engine_the_subscriber_wears_out_no_message(
    database_url: str, tmp_path: Path
) -> None:
    plan = Plan(engine=PrefectStandIn("Prefect is not reached: ConnectError"))
    async with running(database_url, tmp_path, plan) as found:
        await found.orders.queue.send("{}", 4)
        await until_fetched(found.pool, TROUBLED, "the subscriber reports its trouble")
        assert await found.pool.fetchval("select receive_count from queue_messages") == 0
        await found.pool.execute("delete from queue_messages")


@pytest.mark.parametrize("fault", ["buffers", "cuts"])
async def test_a_stream_that_is_held_back_or_cut_is_named(
    database_url: str, tmp_path: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory_bolt.verify.facts_reader.HELLO_SECONDS", 0.5)
    async with (
        running(database_url, tmp_path) as found,
        proxy_to(found.url, fault) as between,
    ):
        report = await verify(found.target(url=between))
        found.hub.close()
    assert report.broken == [Cause.LIVE_CUT]
    assert "Staff dashboard: progress updates in real time" in names(report, "FAIL")
