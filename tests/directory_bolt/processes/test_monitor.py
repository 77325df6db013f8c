"""What is stuck is said, also at 0 %, and only as long as it is."""

from datetime import timedelta

import aiohttp
import pytest

from directory_bolt.processes.heartbeat import Heartbeat, keep_heartbeat
from directory_bolt.processes.monitor import WATCHED, Monitor
from directory_bolt.storage import alerts, heartbeats
from tests.directory_bolt.processes.shop import Shop


async def everybody_lives(shop: Shop) -> None:
    for process in WATCHED:
        await heartbeats.record(shop.pool, f"{process}-1", process, {}, shop.clock())


def monitor(shop: Shop, minutes: float = 1) -> tuple[Monitor, Heartbeat]:
    """One that began to look minutes ago."""
    heartbeat = Heartbeat("monitor")
    now = shop.clock.now
    shop.clock.now = now - timedelta(minutes=minutes)
    found = Monitor(shop.pool, shop.orders.queue, heartbeat, shop.clock)
    shop.clock.now = now
    return found, heartbeat


async def kinds(shop: Shop) -> set[str]:
    return {row.kind for row in await alerts.alerts(shop.pool)}


async def age(shop: Shop, table: str, column: str, minutes: float) -> None:
    """Let rows be older, by the database's own clock; the held clock is set to the database's now."""
    await shop.pool.execute(
        f"update {table} set {column} = {column} - $1::interval", timedelta(minutes=minutes)
    )


@pytest.fixture(autouse=True)
async def now(shop: Shop) -> None:
    shop.clock.now = await shop.pool.fetchval("select now()")


async def test_when_all_is_well_there_is_no_alert(shop: Shop) -> None:
    await everybody_lives(shop)
    await shop.directories("a")
    await shop.order(1)
    found, heartbeat = monitor(shop)
    await found.look()
    assert await kinds(shop) == set()
    assert heartbeat.state["silent"] == [], "it has looked"
    assert heartbeat.fault == ""


@pytest.mark.parametrize("process", WATCHED)
async def test_a_silent_process_is_named_and_the_monitor_is_unhealthy(
    shop: Shop, process: str
) -> None:
    await everybody_lives(shop)
    await age(shop, "worker_heartbeats", "seen_at", 0)
    await shop.pool.execute(
        "update worker_heartbeats set seen_at = seen_at - interval '1 min' where process = $1",
        process,
    )
    found, heartbeat = monitor(shop)
    await found.look()
    (alert,) = await alerts.alerts(shop.pool)
    assert alert.text == f"No heartbeat from the {process} for 60 s."
    assert process in heartbeat.fault
    await heartbeats.record(shop.pool, f"{process}-2", process, {}, shop.clock())
    await found.look()
    assert heartbeat.fault == ""


async def test_the_silence_of_a_restart_is_told_by_health_and_opens_no_alert(shop: Shop) -> None:
    await everybody_lives(shop)
    await age(shop, "worker_heartbeats", "seen_at", 0.5)
    found, heartbeat = monitor(shop)
    await found.look()
    assert await kinds(shop) == set()
    assert heartbeat.state["silent"] == list(WATCHED)


async def test_who_has_just_begun_to_look_raises_no_alarm_about_others(shop: Shop) -> None:
    found, heartbeat = monitor(shop, minutes=0)
    await found.look()
    assert await kinds(shop) == set()
    assert heartbeat.state["silent"] == list(WATCHED), "but its health says what it saw"


async def test_a_process_that_never_ran_is_missed(shop: Shop) -> None:
    found, heartbeat = monitor(shop)
    await found.look()
    assert await kinds(shop) == {"silent"}
    assert len(await alerts.alerts(shop.pool)) == len(WATCHED)
    assert "brain" in heartbeat.fault


async def test_a_paid_order_that_stands_in_no_queue_is_an_alert_also_at_0_percent(
    shop: Shop,
) -> None:
    await everybody_lives(shop)
    await shop.directories("a")
    job_id = await shop.order(1)
    await age(shop, "jobs", "created_at", 10)
    await age(shop, "jobs", "updated_at", 10)
    await age(shop, "outbox", "created_at", 10)
    async with shop.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local hermes.erasing = 'on'")
        await connection.execute(
            "update queue_history set created_at = created_at - interval '10 min'"
        )
    found, _ = monitor(shop)
    await found.look()
    assert await kinds(shop) == {"stuck", "never_queued", "outbox"}
    stuck = next(a for a in await alerts.alerts(shop.pool) if a.kind == "stuck")
    assert stuck.job_id == job_id
    assert "has been at 0% for 10 min (pending)" in stuck.text


async def test_an_alert_ends_when_its_trouble_does(shop: Shop) -> None:
    await everybody_lives(shop)
    await shop.orders.queue.send("{broken", 4)
    await shop.subscriber().turn()
    found, _ = monitor(shop)
    await found.look()
    assert await kinds(shop) == {"dead_letters"}
    await shop.pool.execute("update dead_letters set replayed_at = now()")
    await shop.pool.execute("update alerts set seen_at = seen_at - interval '1 min'")
    await found.look()
    assert await kinds(shop) == set()


async def test_the_same_trouble_is_one_alert(shop: Shop) -> None:
    found, _ = monitor(shop)
    await found.look()
    await found.look()
    assert await shop.pool.fetchval("select count(*) from alerts") == len(WATCHED)


async def test_a_process_beats_answers_health_and_leaves_in_order(shop: Shop) -> None:
    async with keep_heartbeat(shop.pool, "subscriber", 0, shop.clock) as heartbeat:
        async with aiohttp.ClientSession() as http, http.get(heartbeat.state["health"]) as answer:
            assert answer.status == 200
            told = await answer.json()
        assert (told["status"], told["service"]) == ("healthy", "subscriber")
        heartbeat.fault = "the queue is away"
        async with aiohttp.ClientSession() as http, http.get(heartbeat.state["health"]) as answer:
            assert answer.status == 503
            assert (await answer.json())["reason"] == "the queue is away"
        assert [row.process for row in await heartbeats.heartbeats(shop.pool)] == ["subscriber"]
    assert await heartbeats.heartbeats(shop.pool) == []
