"""What one machine holds: memory of every process, bytes of a run in the database, open pages of live events.

Starts the demo (`hermes up --demo`) in a folder of its own, presses Run Smoke Tests a few times, opens
streams of events, and prints what it measured, with the load of the machine at that time.

    .venv/bin/python bench/scale.py [--presses 5] [--streams 500]
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))
from hermes_base.postgres.database import open_pool
from hermes_base.postgres.embedded import embedded
from hermes_base.settings import load
from tests.support.system import System, up

PROCESSES = ("hermes serve", "hermes runner", "hermes_fleet", "hermes brain", "hermes subscriber",
             "hermes flow-worker", "hermes monitor")  # fmt: skip
TABLES = ("service_runs", "run_evidence", "run_artifacts", "test_jobs")
MIB = 1024 * 1024


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=5)
    parser.add_argument("--streams", type=int, default=500)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as folder:
        async with up(Path(folder) / "home", "--demo") as system:
            tell_memory(system, "at rest")
            await tell_runs(system, asked.presses)
            tell_memory(system, "after them")
            await tell_streams(system, asked.streams)
    print(f"load {os.getloadavg()[0]:.1f} after")


def tell_memory(system: System, when: str) -> None:
    """Memory that is a process's own (USS), with its children."""
    for name in PROCESSES:
        process = psutil.Process(system.pid_of(name))
        family = [process, *process.children(recursive=True)]
        own = sum(each.memory_full_info().uss for each in family)
        print(f"{when:<11} {name.split()[-1]:<13} {own / MIB:6.0f} MiB")
    base = psutil.Process(system.process.pid)
    print(f"{when:<11} {'supervisor':<13} {base.memory_full_info().uss / MIB:6.0f} MiB")


async def tell_runs(system: System, presses: int) -> None:
    """Smoke runs of the whole fleet, and what a run of them takes in the database."""
    site = await system.demo_site()
    took: list[float] = []
    for _ in range(presses):
        job = await system.post("/api/tests/smoke/start", {"siteId": site["id"]})
        took.append((await system.job_done(job["jobId"], 200))["elapsedSeconds"])
    print(f"{presses} presses of Run Smoke Tests, median {statistics.median(took):.1f} s")
    settings = load({"HERMES_HOME": str(system.home)})
    pool = await open_pool(embedded(settings.home, settings.digest).url, size=1)
    try:
        runs = await pool.fetchval("select count(*) from service_runs")
        for table in TABLES:
            size = await pool.fetchval(f"select sum(pg_column_size(t.*)) from {table} t")  # noqa: S608
            print(f"{table:<18} {size / runs / 1024:6.2f} KiB a run ({runs} runs), without indexes")
    finally:
        await pool.close()


async def tell_streams(system: System, number: int) -> None:
    """Open pages: memory of the web server for each, and the time until the last has heard of a job."""
    web = psutil.Process(system.pid_of("hermes serve"))
    before = web.memory_full_info().uss
    site = await system.demo_site()
    async with aiohttp.ClientSession(
        system.url, headers=system.http.headers, connector=aiohttp.TCPConnector(limit=0)
    ) as http:
        opened = [await http.get("/api/events", timeout=no_limit()) for _ in range(number)]
        assert {stream.status for stream in opened} == {200}
        hearing = [asyncio.create_task(heard(stream)) for stream in opened]
        await asyncio.sleep(1)
        grown = web.memory_full_info().uss - before
        began = time.perf_counter()
        await system.post("/api/tests/connections/start", {"siteId": site["id"]})
        times = await asyncio.wait_for(asyncio.gather(*hearing), 60)
        for stream in opened:
            stream.close()
    print(f"{number} streams: {grown / number / 1024:.0f} KiB each in the web server;"
          f" the last one heard after {(max(times) - began) * 1000:.0f} ms")  # fmt: skip


def no_limit() -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None)


async def heard(stream: aiohttp.ClientResponse) -> float:
    """When the stream told of a job."""
    async for line in stream.content:
        if line.startswith(b"event: job"):
            return time.perf_counter()
    raise LookupError("the stream ended")


if __name__ == "__main__":
    asyncio.run(main())
