"""The race of bench/engines.py: one order after the other, embedded and SQS with Prefect in turn."""

import argparse
import asyncio
import logging
import os
import statistics
import tempfile
import time
from pathlib import Path
from uuid import UUID

from moto.server import ThreadedMotoServer

from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.engines.postgres_queue import PostgresQueue
from directory_bolt.engines.sqs_queue import SqsQueue, open_client
from directory_bolt.orders import Orders
from directory_bolt.storage import flows
from tests.directory_bolt.engines.serving import prefect_server
from tests.directory_bolt.engines.site import Site, end_whole, open_site
from tests.directory_bolt.processes.shop import Shop
from tests.support.database import serve
from tests.support.waiting import until


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directories", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench")
    sqs = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    sqs.start()
    host, port = sqs.get_host_and_port()
    with tempfile.TemporaryDirectory() as folder, prefect_server(Path(folder)) as url:
        for server in serve(Path(folder) / "pg"):
            database = asyncio.run(server.database())
            home = Path(folder) / "home"
            home.mkdir()
            asyncio.run(
                race(url, database, home, f"http://{host}:{port}", asked.directories, asked.rounds)
            )
    sqs.stop()


async def race(
    url: str, database: str, home: Path, endpoint: str, directories: int, rounds: int
) -> None:
    """Prints the seconds of every round, and the ratio of the medians."""
    async with open_site(url, database, home, []) as site:
        site.worker()
        queue = SqsQueue(open_client(endpoint, "us-east-2"), site.shop.pool, "orders")
        await queue.create()
        outside = Orders(site.shop.pool, queue, site.engine, home)
        try:
            await by_prefect(site, outside, 1)  # the worker is there
            taken: dict[str, list[float]] = {"embedded": [], "SQS + Prefect": []}
            for _ in range(rounds):
                taken["embedded"].append(await by_us(site, directories))
                taken["SQS + Prefect"].append(await by_prefect(site, outside, directories))
        finally:
            for process in site.workers:
                end_whole(process)
    told(taken, directories)


async def by_us(site: Site, directories: int) -> float:
    """Seconds on the embedded engines."""
    pool = site.shop.pool
    ours = Orders(pool, PostgresQueue(pool), EmbeddedFlow(pool), site.home)
    shop = Shop(pool, ours, site.shop.clock, site.shop.submitter)
    job_id = await site.order(directories)
    began = time.perf_counter()
    await shop.work_off(job_id)
    return await ended(shop, job_id, began, directories)


async def by_prefect(site: Site, outside: Orders, directories: int) -> float:
    """Seconds on SQS and Prefect."""
    shop = Shop(site.shop.pool, outside, site.shop.clock, site.shop.submitter)
    job_id = await site.order(directories)
    began = time.perf_counter()
    await shop.enqueue(job_id)
    await shop.subscriber(wait=1).turn()

    async def over() -> bool:
        return await flows.open_flow(shop.pool, job_id) is None

    await until(over, "all orders are over", 240)
    return await ended(shop, job_id, began, directories)


async def ended(shop: Shop, job_id: UUID, began: float, directories: int) -> float:
    seconds = time.perf_counter() - began
    statuses = [row.status for row in (await shop.results(job_id)).values()]
    assert statuses == ["submitted"] * directories, statuses
    return seconds


def told(taken: dict[str, list[float]], directories: int) -> None:
    medians = {name: statistics.median(found) for name, found in taken.items()}
    for name, found in taken.items():
        rate = directories / medians[name]
        rounds = ", ".join(f"{each:.2f}" for each in found)
        print(f"{name:14} {rounds} s; median {medians[name]:.2f} s, {rate:.1f} directories/s")
    ratio = medians["SQS + Prefect"] / medians["embedded"]
    print(f"SQS + Prefect took {ratio:.1f} times as long as the embedded engines")


if __name__ == "__main__":
    main()
