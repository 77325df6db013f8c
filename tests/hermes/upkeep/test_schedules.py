"""Schedules at work: each due time is run once, whoever looks, and what cannot start says why."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from hermes.control import Hermes
from hermes.core.schedules import ScheduleChange, ScheduleInput
from hermes.core.sites.input import SiteInput
from hermes.core.views.schedules import ScheduleView
from hermes.runner import schedules as clockwork
from hermes_base.postgres.database import open_pool
from hermes_base.problems import Problem
from tests.support.room import START, Room

HOURLY = "0 * * * *"


async def add(room: Room, cron: str = HOURLY, **more: Any) -> ScheduleView:
    wanted = ScheduleInput.model_validate({"cron": cron, "service": "content_qa"} | more)
    return await room.hermes.schedules.add(room.site.id, wanted, "ann")


async def one(room: Room, schedule_id: UUID) -> ScheduleView:
    return await room.hermes.schedules.one(schedule_id)


async def jobs(room: Room) -> list[str]:
    return [job.job_type for job in await room.hermes.jobs.of(room.site.id)]


async def actions(room: Room) -> list[str]:
    rows = await room.hermes.pool.fetch("select action from audit_events order by id")
    return [row["action"] for row in rows if row["action"].startswith("schedule")]


@pytest.fixture
async def others(room: Room) -> AsyncGenerator[list[Hermes]]:
    """Five more processes on the same database, each with connections of its own."""
    pools = [await open_pool(room.database_url, size=3) for _ in range(5)]
    yield [Hermes(pool, room.catalog, room.hermes.vault, room.clock) for pool in pools]
    for pool in pools:
        await pool.close()


async def test_nothing_starts_before_its_time_and_one_job_at_it(room: Room) -> None:
    room.register("content_qa")
    schedule = await add(room)
    assert schedule.next_at == datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    schedules = room.hermes.schedules
    room.clock.forward(3599)
    assert (await schedules.run_due(), await jobs(room)) == (0, [])
    room.clock.forward(1)
    assert (await schedules.run_due(), await jobs(room)) == (1, ["smoke_one"])
    assert await schedules.run_due() == 0
    after = await one(room, schedule.id)
    (job,) = await room.hermes.jobs.of(room.site.id)
    assert (after.last_job_id, after.last_at, after.last_note) == (job.id, room.clock.now, "")
    assert after.next_at == datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
    assert job.requested_by == "schedule 0 * * * * UTC"


async def test_six_processes_that_look_at_once_start_one_job(
    room: Room, others: list[Hermes]
) -> None:
    room.all_succeed()
    schedule = await add(room)
    for hour in range(1, 6):
        room.clock.forward(3600)
        everybody = [hermes.schedules.run_due() for hermes in (room.hermes, *others)]
        assert sum(await asyncio.gather(*everybody)) == 1
        assert len(await jobs(room)) == hour
        await room.finish(step=1)
    assert (await one(room, schedule.id)).next_at == datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


async def test_one_who_comes_late_with_an_old_look_starts_nothing(
    room: Room, others: list[Hermes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It saw the schedule due; the job of the first is over already, so no open job stops it."""
    from hermes.storage import schedules as stored

    room.all_succeed()
    await add(room)
    room.clock.forward(3600)
    seen = await stored.due(room.hermes.pool, room.clock.now)
    await room.hermes.schedules.run_due()
    await room.finish(step=1)

    async def old_look(pool: object, now: object) -> list[Any]:
        return seen

    monkeypatch.setattr(stored, "due", old_look)
    assert await others[0].schedules.run_due() == 0
    assert await jobs(room) == ["smoke_one"]
    assert await room.hermes.pool.fetchval("select count(*) from service_runs") == 1


async def test_times_missed_while_nothing_ran_are_run_once(room: Room) -> None:
    room.register("content_qa")
    schedule = await add(room)
    room.clock.forward(3600 * 24 * 3 + 1800)
    assert await room.hermes.schedules.run_due() == 1
    assert await room.hermes.schedules.run_due() == 0
    assert len(await jobs(room)) == 1
    after = await one(room, schedule.id)
    assert after.next_at == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


async def test_what_cannot_start_says_why_and_goes_on_to_its_next_time(room: Room) -> None:
    schedule = await add(room)
    room.clock.forward(3600)
    assert await room.hermes.schedules.run_due() == 1
    after = await one(room, schedule.id)
    assert "Nothing was started: 0 services found because:" in after.last_note
    assert room.catalog.service("content_qa").secret in after.last_note
    assert (after.last_job_id, await jobs(room)) == (None, [])
    assert after.next_at == datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


async def test_a_job_of_the_kind_that_goes_on_counts_for_the_due_time(room: Room) -> None:
    room.register("content_qa")
    schedule = await add(room)
    started = await room.hermes.jobs.start_smoke(room.site.id, "ann", "content_qa")
    room.clock.forward(3600)
    await room.hermes.schedules.run_due()
    after = await one(room, schedule.id)
    assert after.last_job_id == started.job_id
    assert "already running" in after.last_note
    assert len(await jobs(room)) == 1


@pytest.mark.parametrize(("mode", "service", "job"), [
    ("connection", None, "connection_all"), ("smoke", None, "smoke_all"), ("full", "crawl_render", "full_one"),
])  # fmt: skip
async def test_each_mode_starts_its_own_kind_of_job(
    room: Room, mode: str, service: str | None, job: str
) -> None:
    room.all_succeed()
    await add(room, mode=mode, service=service)
    room.clock.forward(3600)
    await room.hermes.schedules.run_due()
    assert await jobs(room) == [job]


async def test_a_paused_schedule_rests_and_goes_on_with_the_next_time(room: Room) -> None:
    room.register("content_qa")
    schedules = room.hermes.schedules
    schedule = await add(room)
    paused = await schedules.change(schedule.id, ScheduleChange(enabled=False), "ann")
    assert (paused.enabled, paused.next_at) == (False, None)
    room.clock.forward(7200)
    assert await schedules.run_due() == 0
    resumed = await schedules.change(schedule.id, ScheduleChange(enabled=True), "ann")
    assert resumed.next_at == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def test_who_added_changed_and_deleted_is_on_record(room: Room) -> None:
    schedules = room.hermes.schedules
    schedule = await add(room)
    change = ScheduleChange(cron="30 6 * * 1-5", time_zone="Europe/Zurich", service="")
    changed = await schedules.change(schedule.id, change, "bob")
    assert changed.what == "Smoke tests of all services"
    assert changed.next_local == "Mon 23 Nov 2026, 06:30 (Europe/Zurich)"
    await schedules.change(schedule.id, ScheduleChange(mode="smoke"), "bob")  # changes nothing
    await schedules.delete(schedule.id, "bob")
    assert await actions(room) == ["schedule_added", "schedule_changed", "schedule_deleted"]
    with pytest.raises(Problem, match="no schedule"):
        await schedules.one(schedule.id)


@pytest.mark.parametrize(("given", "field"), [
    ({"service": "nobody"}, "service"), ({"mode": "full", "service": None}, "service"),
    ({"mode": "full", "service": "notifications"}, "mode"),
])  # fmt: skip
async def test_what_the_catalog_does_not_have_is_refused(
    room: Room, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Problem) as refused:
        await add(room, **given)
    assert (refused.value.code, refused.value.field) == ("invalid_request", field)
    assert await actions(room) == []


async def test_of_another_site_there_is_no_schedule(room: Room) -> None:
    schedule = await add(room)
    other = await room.hermes.sites.add(SiteInput(base_url="https://other.example"), "tests")
    limited = room.hermes.within(other.id).schedules
    assert await limited.all() == []
    for site_id in (None, other.id):
        with pytest.raises(Problem, match="no schedule"):
            await limited.delete(schedule.id, "mallory", site_id)
    with pytest.raises(Problem, match="no schedule"):
        await room.hermes.schedules.delete(schedule.id, "ann", uuid4())
    assert await one(room, schedule.id)


async def test_the_clockwork_of_a_runner_starts_what_is_due_and_waits_for_the_next(
    room: Room,
) -> None:
    room.register("content_qa")
    schedules = room.hermes.schedules
    assert await clockwork.turn(schedules, room.clock) == clockwork.LONGEST_WAIT
    await add(room)
    room.clock.forward(3598)
    assert await clockwork.turn(schedules, room.clock) == 2
    room.clock.forward(2)
    assert await clockwork.turn(schedules, room.clock) == clockwork.LONGEST_WAIT
    assert await jobs(room) == ["smoke_one"]
    assert clockwork.seconds_to(START, room.clock.now) == 0.05
