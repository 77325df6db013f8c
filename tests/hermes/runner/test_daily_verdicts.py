"""Verdicts by day: what is counted when runs end is what stands in the runs, and each run is counted once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from hermes_base.postgres import schema
from tests.hermes.runner.test_runs import finished, smoke
from tests.support.room import START, Room

MIGRATION = Path(schema.__file__).parent / "migrations" / "0009_daily_verdicts.sql"
OF_SITES = (
    MIGRATION.with_name("0010_overview.sql")
    .read_text("utf-8")
    .partition("insert into daily_sites")[2]
    .partition(";")[0]
)
BACKFILL = MIGRATION.read_text("utf-8").partition("insert into")[2]
COUNTED = "select * from daily_verdicts order by site_id, run_type, service_slug, day"


async def counted(room: Room) -> list[dict[str, Any]]:
    return [dict(row) for row in await room.hermes.pool.fetch(COUNTED)]


async def from_the_runs(room: Room) -> list[dict[str, Any]]:
    """What the migration makes of the runs: another way to the same numbers."""
    await room.hermes.pool.execute("delete from daily_verdicts; insert into" + BACKFILL)
    return await counted(room)


async def sums_of_sites(room: Room) -> list[dict[str, Any]]:
    rows = await room.hermes.pool.fetch("select * from daily_sites order by site_id, run_type, day")
    return [dict(row) for row in rows]


async def test_runs_of_several_days_are_counted_as_they_stand(room: Room) -> None:
    room.all_succeed()
    half = finished(room, "serp_intel")
    outputs: dict[str, Any] = half["result"]["outputs"]  # type: ignore[index]  # a dict of this file's making
    for name in list(outputs)[1:]:
        del outputs[name]
    for final in (None, half, {"status": "failed", "error": "away"}):
        if final is not None:
            room.worker.script("serp_intel").final = final
        await room.hermes.jobs.start_smoke(room.site.id, "tests")
        await room.finish()
        room.clock.forward(timedelta(days=1).total_seconds())
    kept = await counted(room)
    days = [row for row in kept if row["service_slug"] == "serp_intel"]
    assert [(row["passed"], row["partial"], row["failed"]) for row in days] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert [row["delivered"] for row in days] == [4, 1, 0]
    assert len({row["day"] for row in days}) == 3
    assert kept == await from_the_runs(room)
    of_sites = await sums_of_sites(room)
    assert len(of_sites) == 3
    await room.hermes.pool.execute("delete from daily_sites; insert into daily_sites" + OF_SITES)
    assert of_sites == await sums_of_sites(room), "a site is the sum of its services"


async def test_a_run_that_is_saved_again_while_its_slot_is_held_is_counted_once(room: Room) -> None:
    async def later(request: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "cancelling"}, status=202)

    script = room.worker.script("serp_intel")
    script.polls, script.final, script.on_cancel = 10_000, finished(room, "serp_intel"), later
    await smoke(room, "serp_intel")
    await room.finish(seconds=600, step=10)
    for _ in range(3):
        room.clock.forward(60)
        await room.runner().drain()
    assert [(row["failed"], row["passed"]) for row in await counted(room)] == [(1, 0)]


async def test_a_cancelled_run_has_no_verdict(room: Room) -> None:
    room.all_succeed()
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.hermes.jobs.cancel(started.job_id, "tests")
    await room.finish()
    assert await counted(room) == []


async def test_thirty_days_are_shown_and_what_is_older_is_not(room: Room) -> None:
    await room.hermes.pool.executemany(
        "insert into daily_verdicts values ($1, 'smoke', 'serp_intel', $2, $3, $4, $5, 4, 4)",
        [
            (room.site.id, START.date() - timedelta(days=back), *counts)
            for back, counts in ((0, (3, 0, 1)), (1, (0, 2, 0)), (29, (5, 0, 0)), (30, (0, 0, 9)))
        ],
    )
    await room.hermes.pool.execute("insert into daily_sites" + OF_SITES)
    shown = (await room.hermes.history.of_services(room.site.id))["serp_intel"]
    assert [each.state for each in shown.days] == [
        "passed",
        *["untested"] * 27,
        "partial",
        "failed",
    ]
    assert shown.days[-1].words == "1 failed, 3 passed"
    assert shown.pass_rate == 72.7, "8 of 11 judged runs"
    assert shown.words == "Last 30 days: 1 with a failure, 1 partial, 1 passed, 27 not tested"
    of_site = (await room.hermes.history.of_sites([room.site.id]))[room.site.id]
    assert of_site.days == shown.days
