"""SQS keeps the contract of every queue, over the wire with boto3 against a local server."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import boto3
import pytest
from moto.server import ThreadedMotoServer

from directory_bolt.engines.queue import QueueAwayError
from directory_bolt.engines.sqs_queue import SqsQueue, open_client
from directory_bolt.storage import dead_letters
from hermes_base.postgres.database import Pool
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.queues.queue_contract import *  # noqa: F403  # the tests of every queue
from tests.directory_bolt.queues.queue_contract import one


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


@dataclass
class SqsBench:
    queue: SqsQueue
    pool: Pool

    async def dead(self) -> list[str]:
        """After the monitor has emptied SQS' own dead-letter queue."""
        await self.queue.empty_dead()
        return [row.body for row in await dead_letters.listed(self.pool)]


@pytest.fixture
async def bench(
    shop: Shop, endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> SqsBench:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    name = f"orders-{abs(hash(request.node.name))}"
    queue = SqsQueue(open_client(endpoint, "us-east-2"), shop.pool, name)
    await queue.create()
    return SqsBench(queue, shop.pool)


async def test_creating_twice_changes_nothing(bench: SqsBench) -> None:
    assert await bench.queue.create() == await bench.queue.create()


async def test_what_sqs_itself_gave_up_is_kept_with_the_other_dead_letters(
    bench: SqsBench,
) -> None:
    await bench.queue.send("poison", 4)
    for _ in range(3):
        await one(bench.queue, visibility=0, wait=1)
    assert await bench.queue.receive(1, 0, 30) == []
    assert await bench.dead() == ["poison"]
    assert await bench.queue.empty_dead() == 0


async def test_a_wrong_name_and_a_wrong_address_are_said(bench: SqsBench, endpoint: str) -> None:
    wrong = SqsQueue(open_client(endpoint, "us-east-2"), bench.pool, "no-such-queue")
    with pytest.raises(QueueAwayError, match=r"NonExistentQueue|QueueDoesNotExist"):
        await wrong.check()
    away = SqsQueue(open_client("http://127.0.0.1:1", "us-east-2"), bench.pool, "orders")
    with pytest.raises(QueueAwayError, match="EndpointConnectionError"):
        await away.check()


async def test_the_message_on_the_wire_is_readable_by_anybody(
    bench: SqsBench, endpoint: str
) -> None:
    await bench.queue.send('{"job_id": "x"}', 2)
    client = boto3.client("sqs", endpoint_url=endpoint, region_name="us-east-2")
    url = client.get_queue_url(QueueName=bench.queue._name)["QueueUrl"]
    (told,) = client.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert told["Body"] == '{"job_id": "x"}'
    assert told["MessageAttributes"]["priority"]["StringValue"] == "2"
