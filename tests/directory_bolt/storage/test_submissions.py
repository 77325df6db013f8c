"""The guards of job_results: whoever races with whom, a form is clicked once."""

import asyncio
from uuid import UUID

from directory_bolt.core.rows.submissions import OpenSubmission, Submission
from directory_bolt.processes.hold import Hold
from directory_bolt.storage import flows, orders, results
from hermes_base.postgres.database import Connection
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.processes.test_interruptions import somebody_waits

KEY, FIRST, SECOND = "key", "first", "second"


async def under_way(shop: Shop) -> tuple[UUID, Hold]:
    """An order of one directory that goes on, in the hands of FIRST."""
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    async with shop.pool.acquire() as connection:
        assert await orders.move(connection, job_id, "in_progress")
    return job_id, await claimed(shop, FIRST)


async def claimed(shop: Shop, worker_id: str) -> Hold:
    """The hold of a worker on the flow, whose lease has lapsed."""
    await shop.pool.execute("update flow_runs set due_at = now()")
    run = await flows.claim(shop.pool, "embedded", worker_id, 30)
    assert run is not None
    return Hold(run.id, worker_id)


async def open_row(shop: Shop, job_id: UUID) -> OpenSubmission:
    (row,) = await results.open_work(shop.pool, job_id)
    return row


async def begin(
    connection: Connection, job_id: UUID, row: OpenSubmission, worker_id: str
) -> Submission:
    begun = await results.begin(connection, job_id, row, KEY, worker_id)
    assert begun is not None
    return begun


async def test_an_attempt_that_sent_nothing_is_begun_again_by_the_next_worker(shop: Shop) -> None:
    job_id, _ = await under_way(shop)
    row = await open_row(shop, job_id)
    async with shop.pool.acquire() as connection:
        before = await begin(connection, job_id, row, FIRST)
        after = await begin(connection, job_id, row, SECOND)
    assert (after.id, after.attempts, after.worker_id) == (before.id, 2, SECOND)


async def test_a_form_that_may_have_been_sent_is_not_begun_again(shop: Shop) -> None:
    job_id, hold = await under_way(shop)
    row = await open_row(shop, job_id)  # read before the click, as a racing flow reads it
    async with shop.pool.acquire() as connection:
        begun = await begin(connection, job_id, row, FIRST)
        assert await results.click(connection, begun.id, FIRST, hold.flow_id, {})
        assert await results.begin(connection, job_id, row, KEY, SECOND) is None
    (left,) = await results.of_job(shop.pool, job_id)
    assert (left.attempts, left.worker_id) == (1, FIRST)
    assert left.clicked_at is not None


async def test_a_form_is_clicked_once_and_what_was_filled_in_stays(shop: Shop) -> None:
    job_id, hold = await under_way(shop)
    row = await open_row(shop, job_id)
    async with shop.pool.acquire() as connection:
        begun = await begin(connection, job_id, row, FIRST)
        clicks = [
            await results.click(connection, begun.id, FIRST, hold.flow_id, {"time": time})
            for time in (1, 2)
        ]
    assert clicks == [True, False]
    assert (await shop.results(job_id))["a"].payload == {"time": 1}


async def test_of_two_clicks_at_the_same_moment_one_is_allowed(shop: Shop) -> None:
    job_id, hold = await under_way(shop)
    row = await open_row(shop, job_id)
    async with shop.pool.acquire() as earlier, shop.pool.acquire() as later:
        begun = await begin(earlier, job_id, row, FIRST)
        async with earlier.transaction():
            clicks = [await results.click(earlier, begun.id, FIRST, hold.flow_id, {})]
            waiting = asyncio.create_task(results.click(later, begun.id, FIRST, hold.flow_id, {}))
            await somebody_waits(shop)
        clicks.append(await waiting)
    assert clicks == [True, False]


async def test_who_takes_the_flow_over_during_a_click_neither_begins_nor_clicks(
    shop: Shop,
) -> None:
    job_id, first = await under_way(shop)
    row = await open_row(shop, job_id)
    async with shop.pool.acquire() as earlier, shop.pool.acquire() as later:
        begun = await begin(earlier, job_id, row, FIRST)
        async with earlier.transaction():
            assert await results.click(earlier, begun.id, FIRST, first.flow_id, {})
            second = await claimed(shop, SECOND)
            seen = await open_row(shop, job_id)
            assert seen.clicked_at is None, "the click is not committed yet"
            beginning = asyncio.create_task(results.begin(later, job_id, seen, KEY, SECOND))
            await somebody_waits(shop)
        begun_again = await beginning
        clicked_again = await results.click(later, begun.id, SECOND, second.flow_id, {})
    assert (begun_again, clicked_again) == (None, False)
