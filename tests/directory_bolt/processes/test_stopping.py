"""A flow worker that is told to stop sees what it sent to its end, begins nothing new, and hands back."""

import asyncio
from uuid import UUID

import pytest

from directory_bolt.processes.flow_worker import FlowWorker
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.submitting import BeforeClick, Outcome, Task
from tests.directory_bolt.processes.shop import Shop


async def until_clicked_in_a(shop: Shop, job_id: UUID, answered: asyncio.Event) -> asyncio.Event:
    """An order with the engine, whose first directory sends its form and answers when it is let."""
    clicked = asyncio.Event()

    async def slow(task: Task, before_click: BeforeClick) -> Outcome:
        outcome = await shop.submitter.accept(task, before_click)
        clicked.set()
        await answered.wait()
        return outcome

    shop.submitter.visits = {"a": slow}
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    return clicked


async def test_a_form_that_was_sent_is_seen_to_its_end_and_the_rest_is_handed_back(
    shop: Shop,
) -> None:
    await shop.directories("a", "b", "c")
    job_id, answered, stop = await shop.order(3), asyncio.Event(), asyncio.Event()
    clicked = await until_clicked_in_a(shop, job_id, answered)
    worker = FlowWorker(shop.pool, shop.flow(at_once=1), Heartbeat("flow-worker"))
    working = asyncio.create_task(worker.run(stop))
    await asyncio.wait_for(clicked.wait(), 10)
    stop.set()
    await asyncio.sleep(0)
    answered.set()
    await asyncio.wait_for(working, 10)
    found = await shop.results(job_id)
    assert {name: row.status for name, row in found.items()} == {"a": "submitted"}
    assert await shop.pool.fetchval("select leased_by is null and attempts <= 1 from flow_runs")
    await shop.worker().drain()
    assert (await shop.job(job_id)).status == "completed"
    assert shop.submitter.visited == {"a": 1, "b": 1, "c": 1}
    assert "requeued_stale" not in await shop.events(job_id)


async def test_a_directory_that_never_answers_does_not_hold_the_end_up_beyond_the_grace(
    shop: Shop,
) -> None:
    await shop.directories("a", "b")
    job_id, stop = await shop.order(2), asyncio.Event()
    clicked = await until_clicked_in_a(shop, job_id, asyncio.Event())
    worker = FlowWorker(shop.pool, shop.flow(at_once=1), Heartbeat("flow-worker"), grace=0.2)
    working = asyncio.create_task(worker.run(stop))
    await asyncio.wait_for(clicked.wait(), 10)
    stop.set()
    await asyncio.wait_for(working, 10)
    shop.submitter.listings["a"] = "https://a.example/l/1"
    await shop.worker().drain()
    row = (await shop.results(job_id))["a"]
    assert (row.status, row.listing_url) == ("submitted", "https://a.example/l/1")
    assert shop.submitter.sent[job_id, "a"] == 1


@pytest.mark.parametrize("at_once", [1, 3])
async def test_a_worker_that_was_stopped_before_it_began_begins_nothing(
    shop: Shop, at_once: int
) -> None:
    await shop.directories("a", "b", "c")
    job_id, stop = await shop.order(3), asyncio.Event()
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    stop.set()
    flow = shop.flow(at_once)
    await FlowWorker(shop.pool, flow, Heartbeat("flow-worker")).run(stop)
    assert shop.submitter.visited.total() == 0
    await shop.worker().drain()
    assert (await shop.job(job_id)).status == "completed"
