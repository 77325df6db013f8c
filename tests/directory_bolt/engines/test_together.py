"""Amazon's queue and Prefect together, and Prefect with the product's own browser."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from directory_bolt.engines.prefect_deploying import deploy
from directory_bolt.engines.sqs_queue import SqsQueue, open_client
from directory_bolt.orders import Orders
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.processes.subscriber import Subscriber
from tests.directory_bolt.engines.site import Site
from tests.directory_bolt.engines.striking import survives_killing
from tests.support.directories import Served, serve_directories
from tests.support.waiting import until


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A local server that speaks SQS."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


async def test_an_order_takes_the_way_over_sqs_and_prefect(site: Site, endpoint: str) -> None:
    pool = site.shop.pool
    queue = SqsQueue(open_client(endpoint, "us-east-2"), pool, "orders")
    await queue.create()
    site.shop.orders = Orders(pool, queue, site.engine, site.home)
    site.worker()
    job_id = await site.order(5)
    await site.shop.enqueue(job_id)
    body = (await queue.receive(1, 1, 0))[0].body
    await queue.send(body, 4)  # delivered twice
    subscriber = Subscriber(pool, queue, site.engine, Heartbeat("subscriber"), 1)

    async def emptied() -> bool:
        await subscriber.turn()
        depth = await queue.depth()
        return (depth.visible, depth.in_flight) == (0, 0)

    await until(emptied, "the queue is empty", 120)
    assert await site.until_over(job_id) == "completed"
    assert await pool.fetchval("select count(*) from flow_runs") == 1
    assert set(site.book("forms", job_id).values()) == {1}


async def test_killed_subscribers_and_workers_on_sqs_and_prefect_change_nothing_but_the_hour(
    site: Site, endpoint: str
) -> None:
    queue = SqsQueue(open_client(endpoint, "us-east-2"), site.shop.pool, "orders")
    await queue.create()
    site.shop.orders = Orders(site.shop.pool, queue, site.engine, site.home)
    site.settings = {
        "HERMES_QUEUE": "sqs", "HERMES_SQS_ENDPOINT_URL": endpoint,
        "HERMES_SQS_REGION": "us-east-2", "HERMES_SQS_QUEUE_NAME": "orders",
    }  # fmt: skip

    async def redelivered() -> None:
        """Amazon may hand out any message twice; so the dead subscriber's comes before its minute."""
        row = await site.shop.pool.fetchrow("select payload from outbox order by id desc limit 1")
        assert row is not None
        await queue.send(json.dumps(row["payload"]), 1)

    await survives_killing(site, redelivered)
    dead = await site.shop.pool.fetch("select body, reason from dead_letters")
    assert [dict(row) for row in dead] == []


async def test_prefect_runs_the_products_own_browser(site: Site) -> None:
    await deploy(site.url, 1)
    async with serve_directories() as demo:
        await site.shop.orders.directories.put_demo(described(demo))
        job_id = await site.shop.order(5)
        site.worker()
        await site.hand_over(job_id)
        rows = await site.shop.pool.fetch("select name, submission_url from directories")
        urls = {row["name"]: row["submission_url"] for row in rows}
        assert await site.until_over(job_id) == "completed"
        found = await site.shop.results(job_id)
        arrived = {name: await forms(demo, urls[name]) for name in found}
    ends = {name: row.status for name, row in found.items()}
    assert len(ends) == 5
    assert "submitted" in ends.values(), ends
    assert all(arrived[name] == 1 for name, end in ends.items() if end == "submitted"), arrived
    assert max(arrived.values()) == 1


def described(demo: Served) -> list[dict[str, Any]]:
    """The first directories as the sandbox announces them, without their pace."""
    return [{**each, "pacing_seconds": 0} for each in demo.directories.announced(demo.base)["list"]]


async def forms(demo: Served, url: str) -> int:
    """How many whole forms a directory received, by its own books."""
    told = await demo.books(url.split("/")[3])
    return sum(entry["arrived"] for entry in told["received"])
