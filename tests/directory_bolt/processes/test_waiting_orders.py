"""Real money reaches real directories, test mode the demo's; an order without any waits for one."""

import asyncio
from uuid import UUID

import pytest

from directory_bolt.processes.flow import NO_DEMO_DIRECTORIES, NO_DIRECTORIES
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.processes.monitor import Monitor
from directory_bolt.waiting import resume_waiting
from tests.directory_bolt.processes.shop import Shop, checkout


async def bought(shop: Shop, *, live: bool) -> UUID:
    event = checkout(1, livemode=live) | {"livemode": live}
    found = await shop.orders.intake.receive_event(event)
    assert found.job_id is not None, found
    return found.job_id


async def open_alerts(shop: Shop) -> list[str]:
    found = await shop.pool.fetch(
        "select text from alerts where kind = 'shortage' and closed_at is null"
    )
    return [row["text"] for row in found]


@pytest.mark.parametrize(("live", "reached"), [(True, {"own"}), (False, {"demo"})])
async def test_real_money_and_test_mode_reach_each_their_own_directories(
    shop: Shop, live: bool, reached: set[str]
) -> None:
    await shop.directories("demo")
    await shop.own_directories("own")
    job_id = await bought(shop, live=live)
    await shop.work_off(job_id)
    assert set(shop.submitter.visited) == reached
    assert (await shop.job(job_id)).live is live


@pytest.mark.parametrize("live", [True, False])
async def test_directories_of_the_other_mode_do_not_fill_an_order_up(
    shop: Shop, live: bool
) -> None:
    job_id = await bought(shop, live=live)
    await (shop.directories("demo") if live else shop.own_directories("own"))
    await shop.work_off(job_id)
    job = await shop.job(job_id)
    assert (job.status, job.directories_total, job.completed_at) == ("waiting", 0, None)
    assert job.error_message == (NO_DIRECTORIES if live else NO_DEMO_DIRECTORIES)
    assert await resume_waiting(shop.pool) == []
    assert shop.submitter.visited == {}


async def test_a_waiting_order_goes_on_once_a_directory_is_allowed(shop: Shop) -> None:
    job_id = await bought(shop, live=True)
    await shop.work_off(job_id)
    assert await open_alerts(shop) == [f"A paid order waits. {NO_DIRECTORIES}"]
    await shop.own_directories("own")
    heartbeat = Heartbeat("monitor")
    await Monitor(shop.pool, shop.orders.queue, heartbeat, shop.clock).look()
    assert (await shop.job(job_id)).status == "pending"
    await shop.work_off(job_id)
    job = await shop.job(job_id)
    assert (job.status, job.directories_done, job.directories_total) == ("completed", 1, 1)
    assert await open_alerts(shop) == [
        "50 directories were paid for, but only 1 are enabled and allowed."
    ]
    events = await shop.events(job_id)
    assert events.index("waiting") < events.index("resumed") < events.index("submitted")


async def test_a_waiting_order_is_resumed_once_however_many_look(shop: Shop) -> None:
    job_id = await bought(shop, live=True)
    await shop.work_off(job_id)
    await shop.own_directories("own")
    messages = "select count(*) from outbox where job_id = $1"
    before = await shop.pool.fetchval(messages, job_id)
    found = await asyncio.gather(*(resume_waiting(shop.pool) for _ in range(5)))
    assert [each for looked in found for each in looked] == [job_id]
    assert await shop.pool.fetchval(messages, job_id) == before + 1


async def test_a_waiting_order_that_is_cancelled_is_not_resumed(shop: Shop) -> None:
    job_id = await bought(shop, live=True)
    await shop.work_off(job_id)
    await shop.orders.staff.cancel(job_id, "ann")
    await shop.own_directories("own")
    assert await resume_waiting(shop.pool) == []
    assert (await shop.job(job_id)).status == "cancelled"
