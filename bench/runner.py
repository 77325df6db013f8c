"""Durable runs per second through real HTTP, beside a bare aiohttp loop that stores nothing.

Both ask the same worker (a process of its own) with the same payload, each in one process, one after
the other in this run, alternating; the first of each warms up and does not count. PostgreSQL is the
embedded one with its real durability settings. On a noisy machine single rounds say little.

    .venv/bin/python bench/runner.py [--runs 15600] [--rounds 21]

With `--contracts`: what the contracts and rules of the thirteen services add to a whole run, each answered
with the truth of tests/world/answers; beside the same services without contracts, in turns.

    .venv/bin/python bench/runner.py --contracts [--runs 5200] [--rounds 9]
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp
import structlog
import uvloop

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.judging import without_contracts
from hermes.bootstrap import load_catalog
from hermes.control import Hermes
from hermes.core.catalog import Catalog, Paths, Service
from hermes.core.runs.model import pending_outputs
from hermes.runner.loop import Runner, steady_memory
from hermes.storage.runs import jobs
from hermes.storage.runs.jobs import NewRun
from hermes.vault import Environment, Vault
from hermes_base.clock import utc_now
from hermes_base.http.client import Client
from hermes_base.logs import configure_logging
from hermes_base.postgres import schema
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.embedded import embedded
from hermes_base.settings import Settings
from tests.support.catalog import THIRTEEN
from tests.world.playing import SITE

ORIGINAL = "orchestrator"
SERVICES = tuple(f"service_{number}" for number in range(13))
AT_ONCE = 200
KEY = "bench-key-bench-key"
SIGNED = {"Authorization": f"Bearer {KEY}", "x-api-key": KEY}


@contextmanager
def worker() -> Generator[str]:
    """The worker process; its address."""
    command = [sys.executable, str(Path(__file__).with_name("worker_server.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        yield f"http://127.0.0.1:{process.stdout.readline().decode().strip()}"
        process.stdin.close()


@asynccontextmanager
async def control_room(address: str, catalog: Catalog) -> AsyncGenerator[Hermes]:
    """A fresh embedded database and a control room that knows the one worker."""
    with tempfile.TemporaryDirectory() as home:
        server = embedded(Path(home), f"bench-{uuid4().hex[:8]}")
        await asyncio.to_thread(server.start)
        pool = await open_pool(server.url)
        await schema.migrate(pool)
        secret = json.dumps({"base_url": address, "api_key": KEY})
        vault = Vault([Environment({"HERMES_WORKER_BENCH": secret})])
        yield Hermes(pool, catalog, vault)
        await pool.close()
        server.stop()


def thirteen(catalog: Catalog) -> Catalog:
    """Thirteen services of one kind, with no limit on how many runs at once."""
    changes = {"max_concurrency": 50_000, "aliases": (), "secret": "HERMES_WORKER_BENCH"}
    original = catalog.service(ORIGINAL)
    return Catalog(
        version=1,
        services=tuple(original.model_copy(update={**changes, "slug": slug}) for slug in SERVICES),
    )


def with_contracts(catalog: Catalog) -> Catalog:
    """The thirteen services that were built first, each asked below a path of its own name."""
    return Catalog(
        version=1,
        services=tuple(
            service.model_copy(
                update={
                    "max_concurrency": 50_000,
                    "secret": "HERMES_WORKER_BENCH",
                    "paths": Paths(start=f"/{service.slug}/start"),
                }
            )
            for service in catalog.services
            if service.slug in THIRTEEN
        ),
    )


async def queue_runs(hermes: Hermes, number: int) -> None:
    """Jobs as the smoke button writes them: for each of many sites one job with a run per service."""
    services = [service.slug for service in hermes.catalog]
    settings = dict(SITE.settings)
    async with hermes.pool.acquire() as connection, connection.transaction():
        for _ in range(number // len(services)):
            name = f"{SITE.base_url}/{uuid4().hex}"
            site = await connection.fetchval(
                "insert into sites (name, base_url, settings) values ($1, $1, $2) returning id",
                name,
                settings,
            )
            job, now = uuid4(), utc_now()
            await jobs.add_job(connection, job, site, "smoke_all", None, "bench", now, {}, "")
            new = [_run(hermes.catalog.service(slug)) for slug in services]
            await jobs.add_runs(connection, job, site, "smoke", now, new)
        await connection.execute("analyze service_runs")


def _run(service: Service) -> NewRun:
    return NewRun(uuid4(), service.slug, pending_outputs("smoke", service.expected_outputs), 60)


async def durable(hermes: Hermes, number: int) -> tuple[float, float]:
    """From the first claim to the last verdict in the database: runs per second, and µs of CPU a run, of this
    process alone."""
    await queue_runs(hermes, number)
    async with Client(AT_ONCE) as client:
        runner = Runner(hermes.pool, hermes.catalog, hermes.vault, client)
        began, used = time.perf_counter(), time.process_time()
        await runner.drain()
        seconds, used = time.perf_counter() - began, time.process_time() - used
    await require_all_done(hermes.pool)
    runs = number // len(SERVICES) * len(SERVICES)
    return runs / seconds, used / runs * 1e6


async def require_all_done(pool: Pool) -> None:
    """A figure counts only if every run and job was really judged and closed."""
    assert await pool.fetchval("select count(*) from service_runs where status <> 'success'") == 0
    assert await pool.fetchval("select count(*) from test_jobs where status <> 'done'") == 0


async def share_of_contracts(hermes: Hermes, runs: int, rounds: int) -> None:
    """Print what a run takes with contracts, and without."""
    bare = Hermes(
        hermes.pool,
        Catalog(version=1, services=tuple(map(without_contracts, hermes.catalog))),
        hermes.vault,
    )
    found: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        (_, whole), (_, plain) = await durable(hermes, runs), await durable(bare, runs)
        if number:
            found.append((whole, plain))
            print(f"round {number}: {whole:.0f} µs of CPU a run, {plain:.0f} without contracts")
    ratio = statistics.median(whole / plain for whole, plain in found)
    print(f"median: {100 * (ratio - 1):+.0f} % of a run for contracts and rules")


async def bare(address: str, number: int) -> float:
    """Requests per second of a loop that asks, reads JSON, and stores nothing."""
    body = {
        "window_hours": 24,
        "mode": "smoke",
        "site": "https://x.example",
        "site_id": str(uuid4()),
        "run_id": str(uuid4()),
    }
    gate = asyncio.Semaphore(AT_ONCE)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask() -> None:
            run = str(uuid4())
            headers = {**SIGNED, "Idempotency-Key": run, "X-Request-Id": run}
            async with gate, session.post(f"{address}/start", json=body, headers=headers) as answer:
                await answer.json()

        began = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(number)))
        return number / (time.perf_counter() - began)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15_600)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--contracts", action="store_true")
    asked = parser.parse_args()
    catalog = load_catalog(Settings())
    catalog = with_contracts(catalog) if asked.contracts else thirteen(catalog)
    steady_memory()  # for both alike
    with worker() as address, tempfile.TemporaryFile("w") as log:
        configure_logging(Settings(log_json=True))  # as where it is deployed
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
        async with control_room(address, catalog) as hermes:
            if asked.contracts:
                await share_of_contracts(hermes, asked.runs, asked.rounds)
                return
            ratios: list[float] = []
            await bare(address, asked.runs)
            await durable(hermes, asked.runs)
            for number in range(asked.rounds):
                plain = await bare(address, asked.runs)
                stored, _ = await durable(hermes, asked.runs)
                ratios.append(stored / plain)
                print(
                    f"round {number + 1}: bare {plain:,.0f}/s, durable {stored:,.0f}/s, ratio {ratios[-1]:.2f}"
                )
            print(f"median ratio {statistics.median(ratios):.2f} (durable runs / bare requests)")


if __name__ == "__main__":
    uvloop.run(main())
