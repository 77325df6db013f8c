"""Two workers at one order: the one that lost its lease ends, and no form is sent twice."""

import asyncio

from directory_bolt.processes.flow_worker import FlowWorker
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.processes.hold import Hold, LeaseLostError
from directory_bolt.storage import flows
from directory_bolt.submitting import BeforeClick, Outcome, Task
from tests.directory_bolt.processes.shop import Shop
from tests.support.waiting import until, until_fetched

GATE = 14
HELD_CLICK = f"""
create function hold_click() returns trigger language plpgsql as $$ begin
    perform pg_advisory_xact_lock({GATE});
    return new;
end $$;
create trigger hold_click before update on job_results for each row
    when (old.clicked_at is null and new.clicked_at is not null) execute function hold_click();
"""
"""A click is written only once nobody else holds the lock GATE."""
WAITING = (
    "select count(*) >= $1 from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)


async def claimed(shop: Shop, worker_id: str) -> Hold:
    """The flow in the hands of a worker; the lease before has lapsed."""
    await shop.pool.execute("update flow_runs set due_at = now()")
    run = await flows.claim(shop.pool, "embedded", worker_id, 30)
    assert run is not None
    return Hold(run.id, worker_id)


async def test_of_two_flows_that_race_at_the_click_one_sends_the_form(shop: Shop) -> None:
    """The second takes over, and reads what is open, while the click of the first is being written."""
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    await shop.pool.execute(HELD_CLICK)
    async with shop.pool.acquire() as gate:
        await gate.execute(f"select pg_advisory_lock({GATE})")
        hold = await claimed(shop, "first")
        first = asyncio.create_task(shop.flow().process_order(job_id, hold))
        await until_fetched(shop.pool, WAITING, "the first clicks", 1)
        hold = await claimed(shop, "second")
        second = asyncio.create_task(shop.flow().process_order(job_id, hold))
        await until_fetched(shop.pool, WAITING, "the second waits for its row", 2)
        await gate.execute(f"select pg_advisory_unlock({GATE})")
        ends = await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(ends[0], LeaseLostError)
    assert ends[1] == "completed"
    assert shop.submitter.sent == {(job_id, "a"): 1}
    assert shop.submitter.visited == {"a": 1}
    row = (await shop.results(job_id))["a"]
    assert (row.status, row.reason, row.attempts) == ("needs_manual", "interrupted", 1)


async def test_a_worker_that_lost_its_flow_ends_its_visit_and_leaves_the_lease_alone(
    shop: Shop,
) -> None:
    reached, ended = asyncio.Event(), asyncio.Event()

    async def long(task: Task, before_click: BeforeClick) -> Outcome:
        reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    shop.submitter.visits = {"a": long}
    await shop.directories("a")
    await shop.enqueue(await shop.order(1))
    await shop.subscriber().turn()
    worker = FlowWorker(shop.pool, shop.flow(), Heartbeat("flow-worker"), lease=0.4)
    working = asyncio.create_task(worker.drain())
    await reached.wait()
    taken = "update flow_runs set leased_by = 'another', due_at = now() + interval '1 day'"
    due = await shop.pool.fetchval(f"{taken} returning due_at")
    await until(ended.is_set, "the visit of the worker that lost the flow is ended")
    await working
    left = await shop.pool.fetchrow("select leased_by, due_at from flow_runs")
    assert left is not None
    assert tuple(left) == ("another", due)
