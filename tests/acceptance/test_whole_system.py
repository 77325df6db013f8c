"""A7 and A14: everything as processes on a laptop, without a credential, on bad days too."""

import asyncio
from pathlib import Path
from typing import Any

import psutil
import pytest

from hermes_sandbox.site import build, truth
from support.system import System, address_in, sandbox, up

CRAWLER = "crawl_render"


async def start(system: System, kind: str, site_id: str, service: str | None = None) -> str:
    body = {"siteId": site_id, **({"service": service} if service else {})}
    return (await system.post(f"/api/tests/{kind}/start", body))["jobId"]


async def progress_of(system: System, job_id: str, least: int) -> dict[str, Any]:
    """The crawler's progress, once it has done at least so many pages."""
    async with asyncio.timeout(60):
        while True:
            run = await system.run_of(job_id)
            progress = run["metrics"].get("progress") or {}
            if run["status"] != "running" or progress.get("done", 0) >= least:
                return progress
            await asyncio.sleep(0.1)


@pytest.mark.browser
async def test_a14_the_demo_passes_its_smoke_tests_at_the_first_click(tmp_path: Path) -> None:
    async with up(tmp_path / "home", "--demo") as system:
        assert address_in(system.said).startswith(system.url)
        site = await system.demo_site()
        connections = await system.job_done(await start(system, "connections", site["id"]))
        assert connections["summary"] == "Connection Test complete: 14/14 checked, 14 connected"
        job = await system.job_done(await start(system, "smoke", site["id"]))
        # Two services cannot have a history on the first day; tests/acceptance/test_whole_fleet.py says which.
        assert job["summary"] == "Smoke Test complete: 12 passed, 2 partial"
        assert job["elapsedSeconds"] < 90


@pytest.mark.browser
async def test_a7_a_full_crawl_through_hermes_finds_every_planted_fault(tmp_path: Path) -> None:
    async with up(tmp_path / "home", "--demo") as system:
        site = await system.demo_site()
        planted = truth(build(site["baseUrl"]))
        job_id = await start(system, "full", site["id"], CRAWLER)
        assert (await system.job_done(job_id))["summary"] == "Full run complete: 1 passed"
        found = (await system.run_of(job_id))["outputs"]["metrics"]
        assert found["pages_crawled"] == planted["pages_crawled"]
        assert found["indexable_pages"] == planted["indexable_pages"]
        for output in ("non_200_urls", "canonical_errors", "redirect_chains", "orphan_pages"):
            assert found[output]["items"] == planted[output], output
        assert found["meta_tags"]["counts"] == planted["meta_tags"]["counts"]
        failures = [failure["url"] for failure in found["render_failures"]["items"]]
        assert failures == [failure["url"] for failure in planted["render_failures"]]


async def test_a7_a_full_crawl_shows_progress_and_can_be_cancelled(tmp_path: Path) -> None:
    async with up(tmp_path / "home") as system, sandbox(tmp_path, 150) as address:
        site = await system.post("/api/sites", {"baseUrl": address})
        job_id = await start(system, "full", site["id"], CRAWLER)
        early = await progress_of(system, job_id, 1)
        assert early["unit"] == "pages"
        later = await progress_of(system, job_id, early["done"] + 5)
        assert later["done"] > early["done"]
        assert later["total"] >= later["done"]
        await system.post(f"/api/tests/{job_id}/cancel")
        job = await system.job_done(job_id, 30)
        assert (job["status"], (await system.run_of(job_id))["status"]) == (
            "cancelled",
            "cancelled",
        )


async def test_a7_a_crawl_survives_the_death_of_its_worker(tmp_path: Path) -> None:
    async with up(tmp_path / "home") as system, sandbox(tmp_path, 100) as address:
        site = await system.post("/api/sites", {"baseUrl": address})
        job_id = await start(system, "full", site["id"], CRAWLER)
        await progress_of(system, job_id, 10)
        system.kill("hermes_fleet")
        job = await system.job_done(job_id, 100)
        run = await system.run_of(job_id)
        assert job["progress"]["completed"] == 1
        assert run["outputs"]["metrics"]["pages_crawled"] == truth(build(address))["pages_crawled"]


@pytest.mark.parametrize("victim", ["hermes runner", "hermes serve"])
async def test_a3_a_running_job_survives_the_death_of_a_process(
    tmp_path: Path, victim: str
) -> None:
    async with up(tmp_path / "home") as system, sandbox(tmp_path, 60) as address:
        site = await system.post("/api/sites", {"baseUrl": address})
        job_id = await start(system, "full", site["id"], CRAWLER)
        await progress_of(system, job_id, 10)
        system.kill(victim)
        job = await system.job_done(job_id, 100)
        run = await system.run_of(job_id)
        assert job["progress"]["completed"] == 1
        assert run["outputs"]["metrics"]["pages_crawled"] == truth(build(address))["pages_crawled"]


async def test_a_running_job_survives_the_death_of_the_database(tmp_path: Path) -> None:
    import os
    import signal

    from hermes.settings import load
    from hermes.storage.embedded import embedded

    async with up(tmp_path / "home") as system, sandbox(tmp_path, 60) as address:
        settings = load({"HERMES_HOME": str(tmp_path / "home")})
        site = await system.post("/api/sites", {"baseUrl": address})
        job_id = await start(system, "full", site["id"], CRAWLER)
        await progress_of(system, job_id, 10)
        pid = embedded(settings.home, settings.digest).pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        job = await system.job_done(job_id, 100)
        assert job["progress"]["completed"] == 1
        run = await system.run_of(job_id)
        assert run["outputs"]["metrics"]["pages_crawled"] == truth(build(address))["pages_crawled"]


async def test_the_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    async with up(tmp_path / "home", "--demo") as system:
        pids = [
            system.pid_of(p)
            for p in ("hermes serve", "hermes runner", "hermes_fleet", "hermes_sandbox")
        ]
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
