"""/metrics: read from the rows, open to readers and to the scraper's own token alone."""

from dataclasses import replace

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from directory_bolt.storage import heartbeats
from hermes_base.people.rules import digest
from tests.directory_bolt.web.staff_support import mixed_order, shop_of
from tests.support.room import Room
from tests.support.served import DOORS, TOKEN, Served, serve_web

SCRAPER = "token-of-the-scraper"


async def scrape(
    served: Served, token: str | None = TOKEN
) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name, label values in order) -> value."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession(served.url, headers=headers) as http, http.get("/metrics") as answer:  # fmt: skip
        assert answer.status == 200, await answer.text()
        text = await answer.text()
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_the_figures_are_those_of_the_rows(served: Served) -> None:
    served.room.all_succeed()
    await served.room.hermes.jobs.start("smoke", served.room.site.id, "tests")
    await served.room.finish()
    await mixed_order(shop_of(served))
    await heartbeats.record(served.orders.pool, "brain-1", "brain", {}, served.room.clock())
    served.room.clock.forward(7)
    found = await scrape(served)
    runs = await served.orders.pool.fetchval("select count(*) from service_runs")
    assert sum(n for (name, _), n in found.items() if name == "hermes_service_runs") == runs == 13
    assert found["hermes_test_jobs", ("smoke", "done")] == 1
    assert (
        sum(n for (name, _), n in found.items() if name == "hermes_service_run_seconds_count") == 13
    )
    assert found["hermes_orders", ("completed",)] == 1
    assert found["hermes_order_results", ("needs_manual",)] == 1
    assert found["hermes_queue_up", ()] == 1
    assert found["hermes_dead_letters", ()] == 0
    assert found["hermes_heartbeat_age_seconds", ("brain", "brain-1")] == 7
    assert found["hermes_processes_alive", ("brain",)] == 1
    assert found["hermes_processes_alive", ("subscriber",)] == 0


@pytest.mark.parametrize("token", [None, "wrong", SCRAPER])
async def test_nobody_else_reads_them(served: Served, token: str | None) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession(served.url, headers=headers) as http, http.get("/metrics") as answer:  # fmt: skip
        assert answer.status == 401


async def test_the_scrapers_token_opens_metrics_and_nothing_else(room: Room) -> None:
    async with serve_web(room, replace(DOORS, metrics=digest(SCRAPER))) as served:
        assert await scrape(served, SCRAPER)
        headers = {"Authorization": f"Bearer {SCRAPER}"}
        async with aiohttp.ClientSession(served.url, headers=headers) as http:
            for path in ("/api/sites", "/api/staff/jobs", "/"):
                async with http.get(path, allow_redirects=False) as answer:
                    assert answer.status == 401, path
