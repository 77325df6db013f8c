"""How services stand: what is kept when runs end is what the table of integrations reads from the runs."""

import random
from pathlib import Path
from typing import Any

import pytest

from hermes.control import Hermes
from hermes.core.sites.input import SiteInput
from hermes.core.sites.settings import SiteSettings
from hermes.core.views import RollUp, SiteView
from hermes.core.views.standings import SiteStanding
from hermes_base.postgres import schema
from tests.hermes.runner.test_runs import finished
from tests.support.catalog import outputs_of, shipped_catalog
from tests.support.room import Room
from tests.support.worker import done

SLUGS = ("serp_intel", "content_qa", "content_generator", "google_data_connector")
MIGRATION = Path(schema.__file__).parent / "migrations" / "0010_overview.sql"
BACKFILL = MIGRATION.read_text("utf-8").partition("with judged as")[2].partition(";")[0]
SHARED = (
    "built",
    "passed",
    "partial",
    "failed",
    "cancelled",
    "running",
    "not_tested",
    "not_configured",
    "needs_config",
)
KEPT = """
    select site_id, service_slug, run_id, created_at, status, verdict, judged_run, judged_at, since,
        delivered, expected, missing, before from smoke_standings order by site_id, service_slug
"""


def counts(told: SiteStanding | RollUp) -> dict[str, int]:
    return {name: getattr(told, name) for name in SHARED}


async def kept(room: Room) -> list[dict[str, Any]]:
    return [dict(row) for row in await room.hermes.pool.fetch(KEPT)]


def script(room: Room, slug: str, end: str) -> None:
    service = room.catalog.service(slug)
    room.worker.script(slug).final = {
        "passed": finished(room, slug),
        "partial": done(outputs_of(service, service.expected_outputs[0])),
        "failed": {"status": "failed", "error": f"{slug} broke"},
    }[end]


async def random_step(room: Room, site: SiteView, chance: random.Random) -> None:
    """One press for one service or for all, with ends of any kind; now and then on another day."""
    for slug in SLUGS:
        script(room, slug, chance.choice(("passed", "partial", "failed")))
    only = chance.choice((None, *SLUGS))
    started = await room.hermes.jobs.start_smoke(site.id, "tests", only)
    if chance.random() < 0.25:
        await room.hermes.jobs.cancel(started.job_id, "tests")
    await room.finish()
    room.clock.forward(chance.choice((60, 3600, 90_000)))


@pytest.mark.parametrize("seed", range(4))
async def test_over_random_histories_the_counts_of_every_site_are_those_of_its_roll_up(
    room: Room, seed: int
) -> None:
    chance = random.Random(seed)
    room.register(*SLUGS)
    keywords = SiteSettings(keywords=["shoes"])
    wanted = SiteInput(base_url="https://other.example", name="Other", settings=keywords)
    sites = [room.site, await room.hermes.sites.add(wanted, "tests")]
    for _ in range(6):
        await random_step(room, chance.choice(sites[1:]), chance)
        await random_step(room, sites[0], chance) if chance.random() < 0.5 else None
    await room.hermes.jobs.start_smoke(sites[1].id, "tests", "content_qa")  # and one is under way
    wanting = Hermes(room.hermes.pool, shipped_catalog(), room.hermes.vault, room.clock)
    for hermes in (room.hermes, wanting):  # the second has services that want settings of a site
        told = {each.site.id: counts(each) for each in await hermes.overview.standings()}
        tables = [await hermes.integrations.table(site.id) for site in sites]
        assert told == {table.site.id: counts(table.roll_up) for table in tables}
    standings = {each.site.id: each for each in await room.hermes.overview.standings()}
    for site in sites:
        unwell = standings[site.id].failed + standings[site.id].partial
        assert await room.hermes.integrations.unwell(site.id) == unwell
        table = await room.hermes.integrations.table(site.id)
        newest = [row.smoke.run for row in table.services if row.smoke.run and row.smoke.state in ("success", "partial", "failed")]  # fmt: skip
        if standings[site.id].cancelled == standings[site.id].running == 0:
            assert standings[site.id].delivered == sum(len(r.outputs.actual_outputs) for r in newest)  # fmt: skip
    before = await kept(room)
    await room.hermes.pool.execute("delete from smoke_standings; with judged as" + BACKFILL)
    assert await kept(room) == before, "the migration makes the same of the runs"


async def test_trouble_counts_from_the_first_run_after_the_last_that_passed(room: Room) -> None:
    since = []
    for end in ("failed", "passed", "partial", "failed"):
        room.register("content_qa")
        script(room, "content_qa", end)
        await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
        await room.finish()
        since.append((await kept(room))[0]["since"])
        room.clock.forward(3600)
    assert since[0] is not None
    assert since[1] is None
    assert since[2] == since[3] > since[0], "partial, then failed: one streak"


async def test_a_run_that_is_older_than_what_is_known_changes_nothing(room: Room) -> None:
    room.register("content_qa")
    script(room, "content_qa", "passed")
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    await room.hermes.pool.execute(
        "update smoke_standings set created_at = created_at + interval '1 day'"
    )
    before = await kept(room)
    script(room, "content_qa", "failed")
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    assert await kept(room) == before
