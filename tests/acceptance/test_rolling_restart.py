"""A new version is rolled out process by process, under load: nothing is lost, doubled or failed by it."""

import json
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest

from directory_bolt.wiring import open_orders
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.embedded import embedded
from hermes_base.settings import load
from hermes_sandbox.site import build, truth
from tests.support.orders_chaos.counting import count
from tests.support.system import System, sandbox, up
from tests.support.waiting import until

PROCESSES = ("serve", "runner", "subscriber", "flow-worker", "brain", "monitor")
ORDERING = ("subscriber", "flow-worker", "brain")
"""Those that a new order goes through while they are restarted."""
GRACE = 25.0  # seconds, as the supervisor gives; compose.yaml, render.yaml and the unit give more
CRAWLER = "crawl_render"


async def start(system: System, kind: str, site_id: str, *services: str) -> list[str]:
    """Press a button, once for each service; the ids of the jobs."""
    bodies = [{"siteId": site_id, "service": name} for name in services] or [{"siteId": site_id}]
    return [(await system.post(f"/api/tests/{kind}/start", body))["jobId"] for body in bodies]


async def restart(system: System, process: str) -> float:
    """SIGTERM, and wait until another stands in its place; the seconds until the old one had ended."""
    old = psutil.Process(system.pid_of(f"hermes {process}"))
    began = time.monotonic()
    old.send_signal(signal.SIGTERM)
    await until(
        lambda: not old.is_running() or old.status() == psutil.STATUS_ZOMBIE,
        f"the old {process} ends", GRACE + 5,
    )  # fmt: skip
    took = time.monotonic() - began
    await until(lambda: alive(system, process, old.pid), f"another {process} stands there")
    return took


def alive(system: System, process: str, but: int) -> bool:
    with suppress(LookupError):
        return system.pid_of(f"hermes {process}") != but
    return False


async def answering(system: System) -> None:
    """The web server answers again."""

    async def answers() -> bool:
        with suppress(OSError, RuntimeError):
            async with system.http.get("/health") as answer:
                return answer.status == 200
        return False

    await until(answers, "the web server answers", every=0.1)


async def order(home: Path, directories: int) -> UUID:
    async with open_orders(load({"HERMES_HOME": str(home)}), size=2) as orders:
        return await orders.intake.create_test_order("tests", directories)


async def value(pool: Pool, statement: str, least: int, seconds: float = 60) -> None:
    """Until a count has come so far."""

    async def enough() -> bool:
        return await pool.fetchval(statement) >= least

    await until(enough, f"at least {least}: {statement}", seconds, every=0.005)


async def open_database(system: System) -> Pool:
    settings = load({"HERMES_HOME": str(system.home)})
    return await open_pool(embedded(settings.home, settings.digest).url, size=2)


def ends(said: str) -> dict[str, set[int]]:
    """process -> the exit codes that the supervisor saw."""
    found: dict[str, set[int]] = {}
    for line in said.splitlines():
        if line.startswith("{") and "process ended" in line:
            told = json.loads(line)
            found.setdefault(told["process"], set()).add(told["code"])
    return found


SENT = "select count(*) from job_results where status = 'submitting' and clicked_at is not null"
RUNNING = "select count(*) from service_runs where status = 'running' and metrics_json ? 'jobId'"


@pytest.mark.browser
@pytest.mark.timeout(600)
async def test_every_process_is_restarted_under_load_and_nothing_is_lost_doubled_or_failed_by_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    variables = {
        "HERMES_LOG_JSON": "true",
        "HERMES_DIRECTORIES_AT_ONCE": "3",
        "HERMES_PRIVATE_SITES": "127.0.0.1",
    }
    async with (
        up(tmp_path / "home", "--demo", **variables) as system,
        sandbox(tmp_path, 400) as slow_site,
    ):
        pool = await open_database(system)
        try:
            jobs, took = await strike_each(system, pool, slow_site)
            await value(pool, "select count(*) filter (where status = 'completed') - count(*) from jobs", 0, 240)  # fmt: skip
            done = {job: await system.job_done(job, 200) for job in jobs}
            await nothing_of_tests_is_wrong(system, pool, done, slow_site)
            await nothing_of_orders_is_wrong(system, pool)
        finally:
            await pool.close()
    codes = ends(capfd.readouterr().err)
    names = {"serve": "web"}
    assert codes == {names.get(process, process): {0} for process in PROCESSES}
    assert max(took.values()) < GRACE, took


async def strike_each(
    system: System, pool: Pool, slow_site: str
) -> tuple[dict[str, str], dict[str, float]]:
    """Load of every kind, then SIGTERM to one process after the other; job id -> kind, and the seconds."""
    demo, other = await system.demo_site(), await system.post("/api/sites", {"baseUrl": slow_site})
    jobs = dict.fromkeys(await start(system, "full", other["id"], CRAWLER), "crawl")
    await order(system.home, 12)
    await value(pool, RUNNING, 1)
    took: dict[str, float] = {}
    for process in PROCESSES:
        await answering(system)
        jobs |= dict.fromkeys(await start(system, "smoke", demo["id"], "serp_intel"), "smoke")
        if process in ORDERING:
            await order(system.home, 3)
        if process == "flow-worker":
            await value(pool, SENT, 1)  # a form whose answer has not come
        if not await pool.fetchval(RUNNING):  # the crawl has ended already
            jobs |= dict.fromkeys(await start(system, "full", other["id"], CRAWLER), "crawl")
            await value(pool, RUNNING, 1)
        took[process] = await restart(system, process)
    return jobs, took


async def nothing_of_tests_is_wrong(
    system: System, pool: Pool, done: dict[str, dict[str, Any]], slow_site: str
) -> None:
    faults = [
        f"{row['service_slug']} {row['run_type']}: {row['status']} {row['reason']} {row['detail']}"
        for row in await pool.fetch("select * from service_runs where status <> 'success'")
    ]
    told = [row["text"] for row in await pool.fetch("select text from alerts")]
    assert (faults, told) == ([], [])
    assert {job["status"] for job in done.values()} == {"done"}
    assert await pool.fetchval("select count(*) from service_runs") == len(done)
    crawl = next(iter(done))
    found = (await system.run_of(crawl))["outputs"]["metrics"]
    assert found["pages_crawled"] == truth(build(slow_site))["pages_crawled"]


async def nothing_of_orders_is_wrong(system: System, pool: Pool) -> None:
    counted = await count(pool, system)
    assert (counted.lost, counted.doubled, counted.stuck, counted.unfounded) == ([], [], [], [])
    interrupted = await pool.fetch("select directory_name from job_results where reason = 'interrupted'")  # fmt: skip
    assert interrupted == []
    cut_off = await pool.fetch("select directory_name from job_results where response_log ->> 'found' = 'by look-up'")  # fmt: skip
    assert cut_off == [], "their answers were not heard out"
    twice = await pool.fetch(
        "select job_id, directory_name, event, count(*) from queue_history"
        " where event in ('submission_complete', 'job_finalized', 'job_started')"
        " group by job_id, directory_name, event having count(*) > 1"
    )
    assert twice == []
    assert await pool.fetchval("select count(*) from dead_letters") == 0
