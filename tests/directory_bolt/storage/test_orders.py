"""The table jobs: its states change as the table of transitions says, and which directories it lists."""

from typing import Any, get_args

import pytest

from directory_bolt.core.orders.packages import PACKAGES
from directory_bolt.core.orders.states import JobStatus
from directory_bolt.storage import directories, orders
from tests.directory_bolt.core.test_states import ALLOWED
from tests.directory_bolt.processes.shop import Shop

STATES: tuple[JobStatus, ...] = get_args(JobStatus)


async def test_an_order_is_moved_exactly_as_the_table_of_transitions_says(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    moved = set[tuple[str, str]]()
    for source in STATES:
        for target in STATES:
            await shop.pool.execute("update jobs set status = $1", source)
            async with shop.pool.acquire() as connection:
                if await orders.move(connection, job_id, target):
                    moved.add((source, target))
            is_there = (await shop.job(job_id)).status
            assert is_there == (target if (source, target) in moved else source)
    assert moved == set(ALLOWED)


async def list_directories(shop: Shop) -> None:
    """One of the demo, and a real one that is better and that staff allowed."""
    await shop.directories("demo")
    real: dict[str, Any] = {
        "name": "real", "submission_url": "https://real.example/", "tier": 1, "domain_authority": 99,
    }  # fmt: skip
    async with shop.pool.acquire() as connection:
        await directories.put_all(connection, [real], demo=False)
    await shop.pool.execute("update directories set terms_decision = 'allowed'")


@pytest.mark.parametrize(("live", "listed"), [(False, ["demo"]), (True, ["real"])])
async def test_only_what_real_money_paid_for_is_sent_to_real_directories_and_to_no_other(
    shop: Shop, live: bool, listed: list[str]
) -> None:
    await list_directories(shop)
    customer = (await shop.job(await shop.order(1))).customer_id
    async with shop.pool.acquire() as connection:
        order = await orders.add(connection, customer, PACKAGES["starter"], 9, "stripe", live=live)
    assert order is not None
    found = await shop.pool.fetch(
        "select name from job_directories join directories on id = directory_id"
        " where job_id = $1 order by position",
        order.id,
    )
    assert [row["name"] for row in found] == listed
    assert order.directories_total == len(listed)


async def test_a_test_order_lists_no_real_directory(shop: Shop) -> None:
    await list_directories(shop)
    job_id = await shop.order(2)
    await shop.work_off(job_id)
    assert shop.submitter.visited == {"demo": 1}
    assert (await shop.job(job_id)).directories_total == 1
