"""Server time of the overview, of the integrations of a site and of the inspector of a service: 200 sites
with 15 services each and 100,000 runs over 35 days in the database, beside one site with 100 runs.

The whole application answers (access, control, PostgreSQL, template), called without a network; both
databases stand on one embedded server, and are asked in turn. Beside the time that passed stands the work of
this process, which the other programs of the machine disturb less. Exits 1 when a median is not below --most.

    .venv/bin/python bench/pages.py [--runs 100000] [--sites 200] [--requests 300] [--most 30]
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvloop

from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.engines.postgres_queue import PostgresQueue
from directory_bolt.orders import Orders
from hermes.bootstrap import load_catalog
from hermes.control import Hermes
from hermes.core.catalog import Catalog, Service
from hermes.core.runs import progress
from hermes.core.runs.model import pending_outputs
from hermes.core.runs.progress import RunState
from hermes.operations.overview import SITES
from hermes.storage import sites
from hermes.vault import Environment, Vault
from hermes.wiring.application import application
from hermes_base.people import People
from hermes_base.people.roles import Person
from hermes_base.people.rules import digest
from hermes_base.postgres import schema
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.embedded import Embedded, embedded
from hermes_base.settings import Settings
from hermes_base.web.access import LOOPBACK, Access, AccessSettings
from hermes_base.web.live import Hub

SERVICES = 15
SPAN = timedelta(days=35)
FEW = 100
WARM_UP = 20
KEY = "bench-key-bench-key"
STATUSES = ("success", "success", "success", "partial", "failed")
SAMPLES: dict[str, Any] = {
    "number": 1234,
    "list": [{"url": f"https://site.example/page-{n}", "count": n} for n in range(20)],
    "object": {f"key {n}": n for n in range(20)},
    "text": "some words of a text " * 10,
    "flag": True,
}


Pages = dict[str, tuple[str, bytes, int]]
"""(path, what the page holds, how often) of each page, by its name."""
Room = tuple[Access, Pages]
Times = dict[str, list[list[tuple[float, float]]]]
"""Milliseconds (that passed, of work) of each request, by page and room."""


class Quiet:
    """Nothing is announced."""

    connected = True

    def subscribe(self, channel: str, heard: Callable[[dict[str, Any]], None]) -> None:
        """Never call it."""


def fifteen(catalog: Catalog) -> Catalog:
    """Fifteen workers, all built, and the platform strip."""
    workers = [s for s in catalog.services if s.integration_type == "worker"][:SERVICES]
    built = [s.model_copy(update={"state": "built", "requires_site": ()}) for s in workers]
    return Catalog(version=1, services=(*built, *catalog.platform))


@asynccontextmanager
async def control_room(server: Embedded, runs: int, count: int) -> AsyncGenerator[Room]:
    """The application on a database of its own with so many runs of so many sites."""
    name = f"pages_{runs}"
    own = await asyncpg.connect(server.url)
    await own.execute(f"create database {name}")
    await own.close()
    pool = await open_pool(server.url.replace("/hermes?", f"/{name}?"))
    await schema.migrate(pool)
    catalog = fifteen(load_catalog(Settings()))
    secret = json.dumps({"base_url": "http://127.0.0.1:9", "api_key": KEY})
    vault = Vault([Environment({s.secret: secret for s in catalog.workers})])
    first = await fill(pool, catalog.workers, runs, count)
    people = {digest(KEY): Person("bench", "admin", "bench")}
    with tempfile.TemporaryDirectory() as evidence:
        orders = Orders(pool, PostgresQueue(pool), EmbeddedFlow(pool), Path(evidence))
        hermes = Hermes(pool, catalog, vault)
        access = AccessSettings(people, LOOPBACK)
        app = application(hermes, People(pool), Hub(Quiet()), access, orders=orders)
        yield app, pages_of(first, count)
    await pool.close()


def pages_of(first: UUID, sites: int) -> Pages:
    """The pages that are measured; `first` is the id of a site."""
    base = f"/sites/{first}"
    return {
        "overview": ("/", b'<tr id="site-', min(sites, SITES)),
        "integrations": (f"{base}/integrations", b'<tr id="row-', SERVICES),
        "inspector": (f"{base}/services/crawl_render", b"<h1", 1),
    }


async def fill(pool: Pool, services: Sequence[Service], runs: int, count: int) -> UUID:
    """Ended smoke tests of all services of all sites, evenly over 35 days up to now. Returns a site."""
    each = -(-runs // (len(services) * count))
    async with pool.acquire() as connection, connection.transaction():
        for number in range(count):
            address = f"https://site{number}.example"
            site = await sites.add_site(connection, f"Bench {number}", address, {}, is_demo=False)
            assert site is not None
            await connection.executemany(ADD_JOB, jobs_of(site.id, services, each))
        for number, service in enumerate(services):
            for status in set(STATUSES):
                numbers = [n for n, s in enumerate(STATUSES) if s == status]
                outputs = outputs_of(service, status)
                await connection.execute(
                    ADD_RUNS, service.slug, status, outputs, numbers, len(STATUSES), number
                )
        for statement in kept():
            await connection.execute(statement)
    await pool.execute("vacuum analyze")
    assert await pool.fetchval("select count(*) from service_runs") == each * len(services) * count
    return await pool.fetchval("select id from sites order by lower(name) limit 1")


def kept() -> list[str]:
    """What runs leave behind when they end, made of the runs as the migrations make it."""
    texts = {name: text for _, name, text in schema.migrations()}
    verdicts, overview = texts["0009_daily_verdicts.sql"], texts["0010_overview.sql"]
    starts = (
        (verdicts, "insert into daily_verdicts"),
        (overview, "with judged as"),
        (overview, "insert into daily_sites"),
    )
    return [start + text.partition(start)[2].partition(";\n")[0] for text, start in starts]


ADD_JOB = (
    "insert into test_jobs (id, site_id, job_type, status, requested_by, created_at, started_at, finished_at,"
    " summary, progress_json) values ($1, $2, 'smoke_all', 'done', 'bench', $3, $3, $3, 'Smoke Test complete', $4)"
)
ADD_RUNS = """
    insert into service_runs (id, job_id, site_id, service_slug, run_type, status, reason, detail, outputs_json,
        created_at, started_at, finished_at, phase, deadline_seconds)
    select gen_random_uuid(), id, site_id, $1, 'smoke', $2, case when $2 <> 'success' then 'outputs_missing' end,
        'A sentence about it.', $3, created_at, created_at, created_at + interval '3 seconds', 'over', 60
    from (select *, row_number() over (partition by site_id order by created_at desc) - 1 as place from test_jobs) as job
    where (place + $6) % $5 = any($4::int[])
"""


def jobs_of(
    site_id: UUID, services: Sequence[Service], number: int
) -> list[tuple[UUID, UUID, datetime, dict[str, Any]]]:
    """Rows of jobs, the newest first, with the counts that were frozen at their end."""
    now = datetime.now(UTC)
    states = [
        RunState(str(uuid4()), s.slug, status, None, now.isoformat(), now.isoformat())
        for s, status in zip(services, itertools.cycle(STATUSES), strict=False)
    ]
    counts = progress.count(states)
    return [(uuid4(), site_id, now - n * SPAN / number, counts) for n in range(number)]


def outputs_of(service: Service, status: str) -> dict[str, Any]:
    """What a run of this verdict stores: all outputs, all but the first, or none."""
    wanted = service.expected_outputs
    actual = {"success": wanted, "partial": wanted[1:], "failed": ()}[status]
    values = {o.slug: SAMPLES[o.type] for o in service.outputs if o.slug in actual}
    missing = [slug for slug in wanted if slug not in actual]
    said = {"actualOutputs": list(actual), "missingOutputs": missing, "metrics": values}
    return pending_outputs("smoke", wanted) | said


async def milliseconds(app: Access, path: str, holds: bytes, times: int) -> tuple[float, float]:
    """(time that passed, work of this process) for one page. Raises when it is not a whole page."""
    headers = [(b"host", b"127.0.0.1"), (b"authorization", f"Bearer {KEY}".encode())]
    scope: dict[str, Any] = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    began, worked = time.perf_counter(), time.process_time()
    await app(scope, receive, send)
    took = (time.perf_counter() - began) * 1000
    work = (time.process_time() - worked) * 1000
    body = b"".join(message.get("body", b"") for message in sent)
    assert sent[0]["status"] == 200, body[:500]
    assert body.count(holds) == times, (path, body.count(holds))
    return took, work


async def measured(rooms: Sequence[Room], requests: int) -> Times:
    """Times by page, of each room, asked in turn."""
    times: Times = {name: [[] for _ in rooms] for name in rooms[0][1]}
    for number in range(requests + WARM_UP):
        for name, (place, (app, pages)) in itertools.product(times, enumerate(rooms)):
            took = await milliseconds(app, *pages[name])
            if number >= WARM_UP:
                times[name][place].append(took)
    return times


def printed(sizes: Sequence[tuple[int, int]], times: Times) -> float:
    """Print the times of each page and the load of the machine; the largest median."""
    most = 0.0
    load, _, _ = os.getloadavg()
    print(f"load {load:.1f} on {os.cpu_count()} processors")
    for name, of_rooms in times.items():
        medians = [statistics.median(passed for passed, _ in each) for each in of_rooms]
        for (runs, count), median, each in zip(sizes, medians, of_rooms, strict=True):
            passed = [each_passed for each_passed, _ in each]
            p95, work = (
                statistics.quantiles(passed, n=20)[-1],
                statistics.median(w for _, w in each),
            )
            print(
                f"{name:12} {count:>4} sites, {runs:>7,} runs: median {median:.1f} ms"
                f" ({min(passed):.1f} to p95 {p95:.1f}), own work {work:.1f} ms"
            )
        print(f"{name:12} ratio of medians {medians[-1] / medians[0]:.2f}")
        most = max(most, *medians)
    return most


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--most", type=float, default=30, help="milliseconds a median may take")
    asked = parser.parse_args()
    sizes = ((FEW, 1), (asked.runs, asked.sites))
    with tempfile.TemporaryDirectory() as home:
        server = embedded(Path(home), f"bench-{uuid4().hex[:8]}")
        await asyncio.to_thread(server.start)
        try:
            async with AsyncExitStack() as stack:
                rooms = [
                    await stack.enter_async_context(control_room(server, *size)) for size in sizes
                ]
                most = printed(sizes, await measured(rooms, asked.requests))
        finally:
            server.stop()
    return int(most >= asked.most)


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
