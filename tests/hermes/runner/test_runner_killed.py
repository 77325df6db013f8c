"""kill -9 of a runner with hundreds of asynchronous runs in flight: none lost, none started twice."""

import asyncio
import os
import signal
import sys
from uuid import uuid4

import pytest

from hermes.control import Hermes
from hermes.vault import Environment, Vault
from hermes_base.clock import utc_now
from hermes_base.postgres.database import Pool, open_pool
from tests import ROOT
from tests.support.catalog import many_at_once, outputs_of
from tests.support.waiting import until
from tests.support.worker import ScriptedWorker

RUNS = 300
pytestmark = pytest.mark.timeout(600)  # the lease of the dead lapses, on a busy machine too
PROGRAM = ROOT / "tests" / "support" / "runner_program.py"


async def start_runner(database_url: str, secret: str) -> asyncio.subprocess.Process:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RUNNER_DATABASE": database_url,
        "HERMES_WORKER_SERP_INTEL": secret,
    }
    return await asyncio.create_subprocess_exec(sys.executable, str(PROGRAM), env=environment)


async def add_runs(hermes: Hermes, number: int) -> None:
    """One run for each of many sites."""
    async with hermes.pool.acquire() as connection:
        names = [f"https://{uuid4().hex}.example" for _ in range(number)]
        await connection.executemany(
            "insert into sites (name, base_url) values ($1, $1)", [(n,) for n in names]
        )
        ids = await connection.fetch("select id from sites where base_url = any($1::text[])", names)
    for row in ids:
        await hermes.jobs.start_smoke(row["id"], "tests", "serp_intel")


async def counted(pool: Pool, statement: str, wanted: int) -> None:
    async def enough() -> bool:
        return await pool.fetchval(statement) >= wanted

    await until(enough, f"{wanted} rows: {statement}", 240, every=0.1)


async def test_a_killed_runner_loses_nothing_and_nothing_is_started_twice(
    database_url: str,
) -> None:
    worker = ScriptedWorker()
    catalog = many_at_once()
    script = worker.script("serp_intel")
    script.polls = 2
    script.final = {
        "status": "completed",
        "result": {"outputs": outputs_of(catalog.service("serp_intel"))},
    }
    pool = await open_pool(database_url)
    async with worker.serving():
        secret = worker.secret("serp_intel")
        variables = {"HERMES_WORKER_SERP_INTEL": secret}
        hermes = Hermes(pool, catalog, Vault([Environment(variables)]), utc_now)
        await add_runs(hermes, RUNS)
        first = await start_runner(database_url, secret)
        await counted(
            pool, "select count(*) from service_runs where metrics_json ? 'jobId'", RUNS // 2
        )
        os.kill(first.pid, signal.SIGKILL)
        await first.wait()
        second = await start_runner(database_url, secret)
        await counted(pool, "select count(*) from service_runs where finished_at is not null", RUNS)
        second.terminate()
        assert await second.wait() == 0
    ended = await pool.fetch("select status, count(*) as n from service_runs group by status")
    jobs = await pool.fetch("select status, count(*) as n from test_jobs group by status")
    await pool.close()
    assert {r["status"]: r["n"] for r in ended} == {"success": RUNS}
    assert {r["status"]: r["n"] for r in jobs} == {"done": RUNS}
    assert len(worker.keys) == RUNS
    assert set(worker.keys.values()) == {1}, "a run was started twice at the worker"
    assert len(worker.jobs) == RUNS
