"""The database's clock in every process: a machine whose own is wrong judges nothing by it (S6, F6)."""

import socket
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from directory_bolt.wiring import open_orders
from hermes.bootstrap import open_hermes
from hermes.runner.loop import Runner
from hermes_base.cli.machine import examine_machine
from hermes_base.clock import utc_now
from hermes_base.http.client import Client
from hermes_base.postgres import database_clock
from hermes_base.postgres.database import open_pool
from hermes_base.postgres.database_clock import DatabaseClock
from hermes_base.postgres.wrong_clocks import WrongClock, wrong_clocks
from hermes_base.settings import load
from tests.support.room import Room
from tests.support.served import Served

AHEAD = timedelta(minutes=11)


@pytest.fixture
def wrong_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's clock is eleven minutes ahead."""

    def ahead() -> datetime:
        return utc_now() + AHEAD

    monkeypatch.setattr(database_clock, "utc_now", ahead)


async def test_a_machine_eleven_minutes_ahead_has_the_time_of_the_database_and_knows_its_skew(
    room: Room, wrong_machine: None
) -> None:
    clock = DatabaseClock()
    await clock.sync(room.hermes.pool)
    then = await room.hermes.pool.fetchval("select clock_timestamp()")
    assert abs(clock() - then) < timedelta(seconds=30), "and not by eleven minutes"
    assert abs(clock.skew - AHEAD) < timedelta(seconds=30)


async def test_between_two_looks_time_goes_on_whatever_becomes_of_the_machines_clock(
    room: Room,
) -> None:
    ticks = [100.0]
    clock = DatabaseClock(monotonic=lambda: ticks[0])
    await clock.sync(room.hermes.pool)
    before = clock()
    ticks[0] += 7.5
    assert clock() - before == timedelta(seconds=7.5)


async def test_every_process_is_given_the_clock_of_the_database(
    database_url: str, tmp_path: Path
) -> None:
    settings = load({"HERMES_DATABASE_URL": database_url, "HERMES_HOME": str(tmp_path)})
    async with open_hermes(settings) as (hermes, _), open_orders(settings, size=2) as orders:
        assert isinstance(hermes.clock, DatabaseClock)
        assert isinstance(orders.clock, DatabaseClock)


async def test_runs_under_way_outlive_a_second_runner_on_a_machine_that_is_eleven_minutes_ahead(
    room: Room, wrong_machine: None
) -> None:
    """S6: 100 of 100 runs with a deadline of 600 s were failed within a second by such a runner."""
    room.register("content_qa")
    clock = DatabaseClock()
    await clock.sync(room.hermes.pool)
    job = await room.hermes.jobs.start_full(room.site.id, "tests", "content_qa")
    deadline = (
        "update service_runs set deadline_at = now() + interval '10 minutes' where job_id = $1"
    )
    await room.hermes.pool.execute(deadline, job.job_id)
    async with Client(4) as client:
        runner = Runner(
            room.hermes.pool, room.hermes.catalog, room.hermes.vault, client, clock=clock
        )
        await runner.drain()
    (run,) = await room.hermes.runs.of_job(job.job_id)
    assert run.reason != "deadline_passed"


async def test_a_machine_says_that_its_clock_is_wrong_until_it_is_right(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, told = room.hermes.pool, list[list[WrongClock]]()
    clock = DatabaseClock()
    with monkeypatch.context() as patch:
        patch.setattr(database_clock, "utc_now", lambda: utc_now() + AHEAD)
        await clock.sync(pool)
        await clock.tell(pool)
        told.append(await wrong_clocks(pool))
    await clock.sync(pool)
    await clock.tell(pool)
    assert await wrong_clocks(pool) == []
    ((wrong,),) = told
    assert wrong.machine == socket.gethostname()
    assert "11 min 00 s ahead of the database's" in wrong.text


async def test_a_clock_that_nobody_spoke_of_for_two_minutes_is_forgotten(room: Room) -> None:
    insert = "insert into wrong_clocks values ($1, $2, now() - $3::interval)"
    await room.hermes.pool.execute(insert, "gone", 600.0, timedelta(minutes=3))
    await room.hermes.pool.execute(insert, "here", -3.4, timedelta(minutes=1))
    found = await wrong_clocks(room.hermes.pool)
    assert [each.text for each in found] == ["The clock of here is 3 s behind the database's."]


async def test_settings_show_a_wrong_clock_to_whoever_opens_them(served: Served) -> None:
    insert = "insert into wrong_clocks (machine, ahead_seconds) values ('far', 660)"
    await served.room.hermes.pool.execute(insert)
    async with served.browsing() as person, person.get("/settings/users") as answer:
        page = await answer.text()
    assert "The clock of far is 11 min 00 s ahead of the database" in page


async def test_the_doctor_says_how_far_this_machines_clock_is_off_and_names_other_machines(
    database_url: str, tmp_path: Path, wrong_machine: None
) -> None:
    settings = load({"HERMES_DATABASE_URL": database_url, "HERMES_HOME": str(tmp_path)})
    pool = await open_pool(database_url, size=1)
    await pool.execute("insert into wrong_clocks (machine, ahead_seconds) values ('far', -90)")
    await pool.close()
    checks = {each.name: each for each in await examine_machine(settings)}
    assert checks["Clock"].state == "not ready"
    assert checks["Clock"].text.startswith("+660") or checks["Clock"].text.startswith("+659")
    assert "1 min 30 s behind" in checks["Clock of far"].text
