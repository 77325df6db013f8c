"""A hundred healthy runs beside the whole zoo: none fails, and none waits for a misbehaving one."""

import asyncio
import statistics
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from tests.hermes.zoo.anatomy import DEADLINE, RESULT, at_start
from tests.hermes.zoo.animals import ANIMALS
from tests.hermes.zoo.keeper import keep
from tests.hermes.zoo.visit import Zoo, open_zoo, visit_all
from tests.support.database import Server

RUNS = 100
NOISE = 0.3  # s; p95 below this are taken for equal: who waits for a misbehaving worker waits 2 s or more
WORST_RATIO = 3.0
AT_LEAST_BESIDE = 60


@dataclass(frozen=True)
class Round:
    """The healthy runs of one round: how they ended, their 95th percentile in seconds, and how many
    runs of the zoo were open meanwhile."""

    outcomes: Counter[str]
    p95: float
    beside: int


async def healthy_round(zoo: Zoo, sites: list[UUID]) -> Round:
    """One healthy run for each site, from the button to the verdict."""
    for site in sites:
        await zoo.hermes.jobs.start_smoke(site, "tests", "neighbour")
    await zoo.over(sites, DEADLINE + 10)
    rows = await zoo.hermes.pool.fetch(
        "select status, extract(epoch from finished_at - created_at)::float8 as seconds"
        " from service_runs where site_id = any($1::uuid[])",
        sites,
    )
    seconds = [row["seconds"] for row in rows]
    outcomes = Counter(str(row["status"]) for row in rows)
    return Round(outcomes, statistics.quantiles(seconds, n=20)[-1], await beside(zoo, sites))


async def beside(zoo: Zoo, sites: list[UUID]) -> int:
    """Runs of other services that were open between the first and the last run of these sites."""
    return await zoo.hermes.pool.fetchval(
        "with own as (select min(created_at) as first, max(finished_at) as last"
        " from service_runs where site_id = any($1::uuid[]))"
        " select count(*) from service_runs, own where service_slug <> 'neighbour'"
        " and created_at < own.last and coalesce(finished_at, own.last) > own.first",
        sites,
    )


async def sites_named(zoo: Zoo, name: str) -> list[UUID]:
    return [await zoo.add_site(f"{name}{number}") for number in range(RUNS)]


async def test_the_zoo_fails_no_healthy_run_and_delays_none(server: Server) -> None:
    url = await server.database()
    async with keep(at_start(RESULT)) as well, open_zoo(
        url, ANIMALS, {"neighbour": f"http://localhost:{well.port}"}
    ) as zoo:  # fmt: skip
        rounds = {name: await sites_named(zoo, name) for name in ("first", "alone", "crowded")}
        await healthy_round(zoo, rounds["first"])  # connections and plans are warm from here on
        alone = await healthy_round(zoo, rounds["alone"])
        visit = visit_all(zoo, await zoo.add_site("zoo"), ANIMALS)
        _, crowded = await asyncio.gather(visit, healthy_round(zoo, rounds["crowded"]))
    assert alone.outcomes == crowded.outcomes == {"success": RUNS}
    assert alone.beside == 0
    assert crowded.beside >= AT_LEAST_BESIDE, "the zoo was over too soon to tell"
    ratio = max(crowded.p95, NOISE) / max(alone.p95, NOISE)
    assert ratio < WORST_RATIO, f"p95 {alone.p95:.3f} s alone, {crowded.p95:.3f} s beside the zoo"
    print(
        f"p95 {alone.p95:.3f} s alone, {crowded.p95:.3f} s beside {crowded.beside} runs of the zoo"
    )
