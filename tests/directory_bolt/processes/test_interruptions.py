"""Who is interrupted where, found by chaos tests: nothing stays under way, and no answer is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from directory_bolt.core.orders.states import ResultReason
from directory_bolt.processes.flow import Flow
from directory_bolt.processes.flow_worker import FlowWorker
from directory_bolt.processes.giving_up import MOST_ATTEMPTS
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.processes.hold import Hold
from directory_bolt.storage import flows
from directory_bolt.submitting import BeforeClick, Outcome, Task
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.processes.test_flow import die_after
from tests.support.waiting import until, until_fetched


async def refuse(task: Task, before_click: BeforeClick) -> Outcome:
    assert await before_click({})
    return Outcome("failed", ResultReason.REJECTED, "No.")


async def claimed(shop: Shop, job_id: UUID) -> Hold:
    """The flow of an order, from the queue into the hands of a worker."""
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    row = await flows.claim(shop.pool, "embedded", "worker", 30)
    assert row is not None
    return Hold(row.id, "worker")


async def ends(shop: Shop, job_id: UUID) -> dict[str, tuple[str, str | None]]:
    """(status, reason) by directory."""
    found = await shop.results(job_id)
    return {name: (row.status, row.reason) for name, row in found.items()}


async def test_a_worker_whose_lease_lapsed_does_not_take_its_own_order_again(shop: Shop) -> None:
    reached, finished = asyncio.Event(), asyncio.Event()

    async def long(task: Task, before_click: BeforeClick) -> Outcome:
        reached.set()
        await finished.wait()
        return await shop.submitter.accept(task, before_click)

    shop.submitter.visits = {"a": long}
    await shop.directories("a")
    first = await shop.order(1)
    await shop.enqueue(first)
    await shop.subscriber().turn()
    stop = asyncio.Event()
    worker = FlowWorker(shop.pool, shop.flow(), Heartbeat("flow-worker"), at_once=3)
    working = asyncio.create_task(worker.run(stop))
    await reached.wait()
    await shop.pool.execute("update flow_runs set due_at = now() - interval '1 s'")
    await shop.directories("b")
    second = await shop.order(1)
    await shop.enqueue(second)
    await shop.subscriber().turn()

    async def completed(job_id: UUID) -> bool:
        return (await shop.job(job_id)).status == "completed"

    await until(lambda: completed(second), "the second order is completed")
    finished.set()
    await until(lambda: completed(first), "the first order is completed")
    stop.set()
    await working
    assert "requeued_stale" not in await shop.events(first)


@pytest.mark.parametrize("stopped", [False, True], ids=["killed", "stopped in order"])
@pytest.mark.parametrize("click", [False, True], ids=["before the click", "after the click"])
async def test_an_order_cancelled_after_its_worker_ended_has_nothing_under_way(
    shop: Shop, click: bool, stopped: bool
) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await die_after(shop, job_id, click=click)
    if stopped:
        await flows.release(shop.pool, "dying")
    await shop.orders.staff.cancel(job_id, "ann")
    await shop.worker().drain()
    left = await ends(shop, job_id)
    assert left == ({"a": ("needs_manual", "interrupted")} if click else {})
    events = await shop.events(job_id)
    assert events.count("submission_complete") == len(left)
    job = await shop.job(job_id)
    assert (job.status, job.directories_done) == ("cancelled", len(left))
    assert await shop.pool.fetchval("select state from flow_runs") == "cancelled"


async def test_an_order_cancelled_before_its_retry_keeps_what_was_there(shop: Shop) -> None:
    shop.submitter.visits = {"a": refuse}
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    await shop.work_off(job_id)
    await shop.orders.retries.retry_failed(job_id, "ann")
    await shop.orders.staff.cancel(job_id, "ann")
    assert await ends(shop, job_id) == {"a": ("skipped", "cancelled"), "b": ("submitted", None)}
    assert (await shop.job(job_id)).directories_done == 2


async def test_a_directory_asked_for_again_at_the_last_moment_is_not_left_open(shop: Shop) -> None:
    """Staff ask for it after the last look at the open work, before the order is ended."""
    async with shop.pool.acquire() as blocking:
        holding = blocking.transaction()

        async def then_block(name: str, work: Callable[[], Awaitable[None]]) -> None:
            await work()
            if shop.submitter.visited[name] == 1:
                await holding.start()
                await blocking.execute("select 1 from flow_runs for update")

        shop.submitter.visits = {"a": refuse}
        await shop.directories("a")
        job_id = await shop.order(1)
        hold = await claimed(shop, job_id)
        flow = Flow(shop.pool, shop.submitter, 4, shop.clock, shop.sleep, then_block)
        ending = asyncio.create_task(flow.process_order(job_id, hold))
        await somebody_waits(shop)
        shop.submitter.visits = {}
        await shop.orders.retries.retry_one((await shop.results(job_id))["a"].id, "ann")
        await holding.commit()
        assert await ending == "completed"
    assert await ends(shop, job_id) == {"a": ("submitted", None)}


async def somebody_waits(shop: Shop) -> None:
    """Until a connection to this database waits for a lock."""
    statement = (
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    await until_fetched(shop.pool, statement, "somebody waits for a lock")


STRUCK_TWICE = """
create sequence strikes;
create function strike() returns trigger language plpgsql as $$ begin
    if nextval('strikes') <= 2 then
        perform pg_terminate_backend(pg_backend_pid());
        perform pg_sleep(5);
    end if;
    return new;
end $$;
create trigger strike before update on job_results for each row
    when (new.status <> 'submitting') execute function strike();
"""


async def test_an_answer_is_kept_although_the_database_dies_twice_while_it_is_written(
    shop: Shop,
) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.pool.execute(STRUCK_TWICE)
    await shop.work_off(job_id)
    row = (await shop.results(job_id))["a"]
    assert (row.status, row.confirmation, row.attempts) == ("submitted", "REF-a", 1)
    assert shop.submitter.sent.total() == 1
    assert await shop.pool.fetchval("select last_value from strikes") == 3
    assert (await shop.events(job_id)).count("submission_complete") == 1


STRUCK_AT_THE_PRE_WRITE = """
create sequence strikes;
create function strike() returns trigger language plpgsql as $$ begin
    if nextval('strikes') <= 6 then
        perform pg_terminate_backend(pg_backend_pid());
        perform pg_sleep(5);
    end if;
    return new;
end $$;
create trigger strike before insert on job_results for each row execute function strike();
"""


async def test_an_order_is_not_given_up_for_the_deaths_of_the_database(shop: Shop) -> None:
    """More often than workers may die on it."""
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.pool.execute(STRUCK_AT_THE_PRE_WRITE)
    await shop.work_off(job_id)
    assert await shop.pool.fetchval("select last_value from strikes") == 7 > MOST_ATTEMPTS
    assert (await shop.job(job_id)).status == "completed"
    assert "requeued_stale" not in await shop.events(job_id)
    assert shop.submitter.sent.total() == 1


@pytest.mark.parametrize("trouble", [OSError("No space left on device"), TimeoutError()])
async def test_a_trouble_of_another_kind_is_an_attempt_and_ends(
    shop: Shop, trouble: Exception
) -> None:
    async def fail(task: Task, before_click: BeforeClick) -> Outcome:
        raise trouble

    shop.submitter.visits = {"a": fail}
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    for _ in range(MOST_ATTEMPTS + 1):
        await shop.pool.execute("update flow_runs set due_at = now() where finished_at is null")
        await shop.worker().drain()
    assert (await shop.job(job_id)).status == "failed"
    assert shop.submitter.visited["a"] == MOST_ATTEMPTS


async def test_workers_that_stop_one_after_the_other_are_followed_ever_more_slowly(
    shop: Shop,
) -> None:
    """A bad minute of the machine is not the order's: its few attempts are spread over longer."""
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    left = "select extract(epoch from due_at - clock_timestamp())::float8 from flow_runs"
    flow_id, leases = await shop.pool.fetchval("select id from flow_runs"), list[int]()
    for _ in range(MOST_ATTEMPTS):
        assert await flows.claim(shop.pool, "embedded", "mortal", 20) is not None
        at_claim = round(await shop.pool.fetchval(left) / 20)
        assert await flows.keep(shop.pool, flow_id, "mortal", 20)
        leases.append(round(await shop.pool.fetchval(left) / 20))
        assert leases[-1] == at_claim
        await shop.pool.execute("update flow_runs set due_at = now()")
    assert leases == [1, 2, 4, 8, 16, 16]
    async with shop.pool.acquire() as connection:
        await flows.progressed(connection, flow_id)
    assert await flows.keep(shop.pool, flow_id, "mortal", 20)
    assert round(await shop.pool.fetchval(left) / 20) == 1
