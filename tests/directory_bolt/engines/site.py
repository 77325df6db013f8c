"""What a test on Prefect holds in its hands."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psutil

from directory_bolt.engines.postgres_queue import PostgresQueue
from directory_bolt.engines.prefect_api import prefect_api
from directory_bolt.engines.prefect_deploying import deploy
from directory_bolt.engines.prefect_flow import PrefectFlow
from directory_bolt.orders import Orders
from directory_bolt.processes.reconciling import Reconciling
from hermes_base.clock import utc_now
from hermes_base.postgres.database import open_pool
from tests import ROOT
from tests.directory_bolt.processes.shop import ScriptedSubmitter, Shop
from tests.support.room import HeldClock
from tests.support.waiting import until

ENTRYPOINT = "tests.directory_bolt.engines.scripted.process_job"


@dataclass
class Site:
    """`shop` is the pipeline; `books` counts forms as the scripted directories do."""

    url: str
    database: str
    home: Path
    shop: Shop
    engine: PrefectFlow
    workers: list[subprocess.Popen[bytes]]
    others: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])
    settings: dict[str, str] = field(default_factory=dict[str, str])

    def worker(self) -> subprocess.Popen[bytes]:
        """The flow worker; one that was killed is followed by another."""
        if not self.workers or self.workers[-1].poll() is not None:
            self.workers.append(self._start("flow-worker"))
        return self.workers[-1]

    def subscriber(self) -> subprocess.Popen[bytes]:
        """A subscriber, which ends with the test."""
        self.others.append(self._start("subscriber"))
        return self.others[-1]

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ, "HERMES_HOME": str(self.home), "HERMES_DATABASE_URL": self.database,
            "HERMES_FLOW": "prefect", "HERMES_PREFECT_API_URL": self.url,
            "PREFECT_WORKER_QUERY_SECONDS": "1", "PYTHONPATH": str(ROOT), **self.settings,
        }  # fmt: skip
        log = (self.home / f"{command}.log").open("ab")
        arguments = [sys.executable, "-m", "hermes", command]
        with log:
            return subprocess.Popen(arguments, env=environment, stdout=log, stderr=log)

    async def order(self, number: int, gate: bool = False) -> UUID:
        """An order of so many directories of its own; `gate`: the last waits until it is opened."""
        (self.home / "open").unlink(missing_ok=True)
        tag = uuid4().hex[:6]
        names = [f"d{each}-{tag}" for each in range(number)]
        if gate:
            names[-1] = f"gate-{tag}"
        await self.shop.directories(*names)
        return await self.shop.order(number)

    async def hand_over(self, job_id: UUID) -> str:
        """From the queue to Prefect; the id of its run there."""
        await self.shop.enqueue(job_id)
        await self.shop.subscriber().turn()
        return await self.external(job_id)

    async def external(self, job_id: UUID) -> str:
        found = await self.shop.pool.fetchval(
            "select external_id from flow_runs where job_id = $1 order by created_at desc limit 1",
            job_id,
        )
        return str(found)

    def open(self) -> None:
        """Let those who wait at a gate pass."""
        (self.home / "open").touch()

    def book(self, name: str, job_id: UUID) -> Counter[str]:
        """How often each directory was visited (`visits`) or received a form (`forms`)."""
        file = self.home / name
        lines = file.read_text("utf-8").split("\n") if file.exists() else []
        return Counter(line.split()[1] for line in lines if line.startswith(str(job_id)))

    def reconciling(self) -> Reconciling:
        return Reconciling(self.shop.pool, self.engine)

    async def until_over(self, job_id: UUID, seconds: float = 120) -> str:
        """How the order ended, while the monitor looks."""
        looking = self.reconciling()

        async def over() -> bool:
            await looking.look()
            return (await self.shop.job(job_id)).status not in ("pending", "in_progress")

        await until(over, f"order {job_id} is over", seconds, every=0.2)
        return str((await self.shop.job(job_id)).status)


def end_whole(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for a process and all that it started."""
    if process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
        process.kill()
    process.wait(10)


@asynccontextmanager
async def open_site(
    url: str, database: str, home: Path, workers: list[subprocess.Popen[bytes]]
) -> AsyncGenerator[Site]:
    """A site whose deployment runs scripted directories; orders of earlier tests are over."""
    pool = await open_pool(database, size=8)
    engine = PrefectFlow(pool, url)
    found = Orders(pool, PostgresQueue(pool), engine, home, utc_now)
    shop = Shop(pool, found, HeldClock(), ScriptedSubmitter())
    site = Site(url, database, home, shop, engine, workers)
    try:
        await forget(site)
        await deploy(url, 2, ENTRYPOINT)
        yield site
    finally:
        for process in site.others:
            end_whole(process)
        await pool.close()


async def forget(site: Site) -> None:
    """Nothing of earlier tests goes on in this one."""
    open_jobs = "update jobs set status = 'cancelled' where status in ('pending', 'in_progress')"
    await site.shop.pool.execute(open_jobs)
    for table in ("flow_runs", "queue_messages", "dead_letters"):
        await site.shop.pool.execute(f"delete from {table}")
    async with prefect_api(site.url) as client:
        for run in await client.read_flow_runs():
            await client.delete_flow_run(run.id)
