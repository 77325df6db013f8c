"""A7 and A14: everything as processes on a laptop, without a credential, on bad days too."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from hermes_base.postgres.embedded import embedded
from hermes_base.settings import load
from hermes_sandbox.site import build, truth
from tests.support.system import System, address_in, sandbox, up
from tests.support.waiting import patience, until

CRAWLER = "crawl_render"
PROCESSES = ("hermes serve", "hermes runner", "hermes_fleet", "hermes_sandbox")


async def start(system: System, kind: str, site_id: str, service: str | None = None) -> str:
    body = {"siteId": site_id, **({"service": service} if service else {})}
    return (await system.post(f"/api/tests/{kind}/start", body))["jobId"]


async def progress_of(system: System, job_id: str, least: int) -> dict[str, Any]:
    """The crawler's progress, once it has done at least so many pages."""

    async def enough() -> tuple[dict[str, Any]] | None:
        run = await system.run_of(job_id)
        progress = run["metrics"].get("progress") or {}
        return (progress,) if run["finishedAt"] or progress.get("done", 0) >= least else None

    found = await until(enough, f"{least} pages are crawled", every=0.1)
    assert found is not None
    return found[0]


@pytest.mark.browser
async def test_a14_the_demo_works_at_the_first_click_finds_every_planted_fault_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    async with up(tmp_path / "home", "--demo") as system:
        assert address_in(system.said).startswith(system.url)
        await a_second_one_changes_nothing(system)
        site = await system.demo_site()
        connections = await system.job_done(await start(system, "connections", site["id"]))
        assert connections["summary"] == "Connection Test complete: 16/16 checked, 16 connected"
        job_id = await start(system, "full", site["id"], CRAWLER)
        assert (await system.job_done(job_id))["summary"] == "Full run complete: 1 passed"
        found = (await system.run_of(job_id))["outputs"]["metrics"]
        pids = [system.pid_of(process) for process in PROCESSES]
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    what_was_planted_is_found(found, truth(build(site["baseUrl"])))


async def a_second_one_changes_nothing(system: System) -> None:
    """S2, F2: `hermes up` once more on this home, at another port, and the fleet alone: both refused."""
    names = ("address", "brain", "fleet.json", "sandbox.json", "token", "lock")
    before = {name: (system.home / name).read_text() for name in names}
    variables = {**os.environ, "HERMES_HOME": str(system.home), "HERMES_PORT": "0"}
    for command in ("up", "fleet"):
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hermes", command, env=variables, stderr=asyncio.subprocess.PIPE
        )
        _, said = await second.communicate()
        assert second.returncode == 4
        assert f"hermes up (process {system.process.pid})" in " ".join(said.decode().split())
    assert {name: (system.home / name).read_text() for name in names} == before
    assert (await system.get("/health"))["status"] == "healthy"


def what_was_planted_is_found(found: dict[str, Any], planted: dict[str, Any]) -> None:
    """A7: the full crawl of the demo site, output by output."""
    assert found["pages_crawled"] == planted["pages_crawled"]
    assert found["indexable_pages"] == planted["indexable_pages"]
    for output in ("non_200_urls", "canonical_errors", "redirect_chains", "orphan_pages"):
        assert found[output]["items"] == planted[output], output
    assert found["meta_tags"]["counts"] == planted["meta_tags"]["counts"]
    failures = [failure["url"] for failure in found["render_failures"]["items"]]
    assert failures == [failure["url"] for failure in planted["render_failures"]]


@pytest.mark.timeout(600)
async def test_a3_a7_a_crawl_survives_the_death_of_every_process_and_another_can_be_cancelled(
    tmp_path: Path,
) -> None:
    async with up(tmp_path / "home") as system, sandbox(tmp_path, 500) as address:
        site = await system.post("/api/sites", {"baseUrl": address})
        job_id = await start(system, "full", site["id"], CRAWLER)
        early = await progress_of(system, job_id, 1)
        assert early["unit"] == "pages"
        assert early["total"] >= early["done"]
        for part in ("hermes_fleet", "hermes serve", "database"):
            later = await progress_again(system, job_id, early["done"] + 5)
            assert later["done"] > early["done"], (
                f"before {part} died: {await told_of(system, job_id)}"
            )
            assert later["total"] >= later["done"]
            kill(system, part)
            early = later
        await progress_again(system, job_id, 0)  # the database is back
        assert (await system.run_of(job_id))["status"] == "running", "too late for the runner"
        kill(system, "hermes runner")
        job = await system.job_done(job_id, 100)
        run = await system.run_of(job_id)
        assert job["progress"]["completed"] == 1
        assert run["outputs"]["metrics"]["pages_crawled"] == truth(build(address))["pages_crawled"]
        second = await start(system, "full", site["id"], CRAWLER)
        await progress_of(system, second, 5)
        await system.post(f"/api/tests/{second}/cancel")
        job = await system.job_done(second, 30)
        states = (job["status"], (await system.run_of(second))["status"])
        assert states == ("cancelled", "cancelled")


def kill(system: System, part: str) -> None:
    """kill -9 one process of the supervisor, or the database's first process."""
    if part != "database":
        system.kill(part)
        return
    settings = load({"HERMES_HOME": str(system.home)})
    pid = embedded(settings.home, settings.digest).pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


async def told_of(system: System, job_id: str) -> str:
    """How the crawl stands, for whoever reads of a test that failed."""
    run = await system.run_of(job_id)
    return f"{run['status']} {run['reason']}: {run['detail']}"


async def progress_again(system: System, job_id: str, least: int) -> dict[str, Any]:
    """The same, while the web server or its database may be away."""
    async with patience():
        while True:
            try:
                return await progress_of(system, job_id, least)
            except (OSError, ValueError, KeyError, TypeError):
                await asyncio.sleep(0.2)
