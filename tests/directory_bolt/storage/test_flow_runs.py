"""Leases of flow runs: who may claim one, renew it and hand it back, and in which order."""

from uuid import UUID

from directory_bolt.storage import flows
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.storage.test_submissions import FIRST, SECOND, claimed, under_way


async def test_a_lease_that_has_not_lapsed_is_not_claimed(shop: Shop) -> None:
    await under_way(shop)
    assert await flows.claim(shop.pool, "embedded", SECOND, 30) is None
    assert await claimed(shop, SECOND), "now it has"


async def test_only_the_worker_that_has_a_flow_renews_its_lease(shop: Shop) -> None:
    _, first = await under_way(shop)
    assert await flows.keep(shop.pool, first.flow_id, FIRST, 30)
    second = await claimed(shop, SECOND)
    due = await shop.pool.fetchval("select due_at from flow_runs")
    assert not await flows.keep(shop.pool, first.flow_id, FIRST, 3000)
    assert await shop.pool.fetchval("select due_at from flow_runs") == due
    assert await flows.keep(shop.pool, second.flow_id, SECOND, 3000)
    assert await shop.pool.fetchval("select due_at from flow_runs") > due


async def test_the_most_urgent_order_is_claimed_first_and_then_the_oldest(shop: Shop) -> None:
    await shop.directories("a")
    waiting = [await shop.order(1) for _ in range(3)]
    for job_id in waiting:
        async with shop.pool.acquire() as connection:
            assert await flows.schedule(connection, job_id, "embedded")
    await shop.pool.execute("update jobs set priority = 1 where id = $1", waiting[2])
    claimed: list[UUID] = []
    while run := await flows.claim(shop.pool, "embedded", FIRST, 30):
        claimed.append(run.job_id)
    assert claimed == [waiting[2], waiting[0], waiting[1]]


async def test_a_flow_that_is_handed_back_counts_no_attempt_and_leaves_the_others(
    shop: Shop,
) -> None:
    await shop.directories("a")
    for _ in range(2):
        job_id = await shop.order(1)
        async with shop.pool.acquire() as connection:
            assert await flows.schedule(connection, job_id, "embedded")
    one = await flows.claim(shop.pool, "embedded", FIRST, 30)
    other = await flows.claim(shop.pool, "embedded", FIRST, 30)
    assert one is not None
    assert other is not None
    await flows.release(shop.pool, SECOND)
    assert await flows.claim(shop.pool, "embedded", SECOND, 30) is None
    await flows.release(shop.pool, FIRST, one.id)
    again = await flows.claim(shop.pool, "embedded", SECOND, 30)
    assert again is not None
    assert (again.id, again.attempts) == (one.id, 1)
    assert await flows.claim(shop.pool, "embedded", SECOND, 30) is None
    await flows.release(shop.pool, FIRST)
    assert await flows.claim(shop.pool, "embedded", SECOND, 30) is not None
