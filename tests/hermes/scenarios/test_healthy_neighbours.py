"""A hundred healthy runs beside all scenarios: none fails, and none waits for a misbehaving one.

Who waits for whom is counted, not measured: workers that never come to an end get limits longer than this
test may last. A healthy run that waited for one of them would not be over while they are still open.
"""

import asyncio
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest

from tests.hermes.scenarios.harness import RunningHermes, running_hermes, start_all
from tests.hermes.scenarios.scenario import LONG, RESULT, at_start
from tests.hermes.scenarios.scenarios import SCENARIOS
from tests.hermes.scenarios.scripted_worker import serve
from tests.support.database import Server
from tests.support.waiting import until

RUNS = 100
CROWD = 3  # sites on which every worker that never comes to an end is asked
PATIENT = [replace(each, runs_out=None) for each in SCENARIOS]
ENDLESS = [each.name for each in SCENARIOS if each.runs_out not in (None, "health")]
ALL_OPEN = dict.fromkeys(ENDLESS, CROWD)


async def healthy_round(running: RunningHermes, name: str) -> Counter[str]:
    """A hundred healthy runs, each on a site of its own, from the button to the verdict; how they ended."""
    sites = [await running.add_site(f"{name}{number}") for number in range(RUNS)]
    for site in sites:
        await running.hermes.jobs.start_smoke(site, "tests", "neighbour")
    await running.over(sites, LONG * 3 / 4)
    rows = await running.hermes.pool.fetch(
        "select status from service_runs where site_id = any($1::uuid[])", sites
    )
    return Counter(str(row["status"]) for row in rows)


async def start_crowd(running: RunningHermes) -> None:
    """All scenarios on one site, and those that never come to an end on others too."""
    sites: list[UUID] = [await running.add_site(f"crowd{number}") for number in range(CROWD)]
    await start_all(running, sites[0], PATIENT)
    for site in sites[1:]:
        for name in ENDLESS:
            await running.hermes.jobs.start_smoke(site, "tests", name)


async def endless_under_way(running: RunningHermes) -> dict[str, int]:
    """How many runs are open of each worker that never comes to an end."""
    rows = await running.hermes.pool.fetch(
        "select service_slug as slug, count(*) as many from service_runs"
        " where status = 'running' and service_slug = any($1::text[]) group by service_slug",
        ENDLESS,
    )
    return {row["slug"]: row["many"] for row in rows}


@pytest.mark.timeout(1000)  # two rounds of at most LONG * 3 / 4
async def test_the_scenarios_fail_no_healthy_run_and_none_waits_for_them(server: Server) -> None:
    url = await server.database()
    async with serve(at_start(RESULT)) as well, running_hermes(
        url, PATIENT, {"neighbour": f"http://localhost:{well.port}"}, connect_seconds=LONG, grace=0, lease=LONG
    ) as running:  # fmt: skip
        _, among = await asyncio.gather(start_crowd(running), healthy_round(running, "among"))

        async def all_open() -> bool:
            return await endless_under_way(running) == ALL_OPEN

        await until(all_open, "every worker that never comes to an end is asked")
        behind = await healthy_round(running, "behind")
        assert await endless_under_way(running) == ALL_OPEN
    assert among == behind == {"success": RUNS}
    assert len(ENDLESS) * CROWD >= 50
