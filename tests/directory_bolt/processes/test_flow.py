"""The flow of an order: every directory once, whoever dies, and the truth about each."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from directory_bolt.core.orders.recorded_outcomes import RecordedOutcome
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.rows.orders import ClaimedOrder
from directory_bolt.processes.directory_results import TRIES_WITHOUT_BROWSER
from directory_bolt.processes.flow_worker import FlowWorker
from directory_bolt.processes.giving_up import MOST_ATTEMPTS
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.processes.hold import Hold, LeaseLostError
from directory_bolt.storage import flows, orders, results
from directory_bolt.submitting import BeforeClick, Outcome, Task
from hermes_base.problems import Problem
from tests.directory_bolt.processes.shop import Shop
from tests.support.waiting import until_fetched


async def test_an_order_goes_from_the_queue_to_completed(shop: Shop) -> None:
    await shop.directories("a", "b", "c")
    job_id = await shop.order(3)
    await shop.work_off(job_id)
    job = await shop.job(job_id)
    assert (job.status, job.directories_done, job.progress) == ("completed", 3, 100)
    assert job.started_at
    assert job.completed_at
    assert job.started_at <= job.completed_at
    found = await shop.results(job_id)
    assert {name: row.status for name, row in found.items()} == dict.fromkeys("abc", "submitted")
    assert found["a"].confirmation == "REF-a"
    assert found["a"].payload == {"email": {"value": job.profile["email"]}}
    assert set(shop.submitter.sent.values()) == {1}


async def test_the_history_tells_every_step_in_order(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    assert await shop.events(job_id) == [
        "job_created", "enqueued", "queue_claimed", "flow_triggered", "flow_started", "job_started",
        "submitting", "submitted", "submission_complete", "job_finalized", "flow_completed",
    ]  # fmt: skip


async def test_every_way_to_end_counts_as_done_and_only_success_as_success(shop: Shop) -> None:
    async def refuse(task: Task, before_click: BeforeClick) -> Outcome:
        assert await before_click({})
        return Outcome("failed", ResultReason.REJECTED, "No.")

    async def captcha(task: Task, before_click: BeforeClick) -> Outcome:
        return Outcome("needs_manual", ResultReason.CAPTCHA, "A CAPTCHA.")

    shop.submitter.visits = {"b": refuse, "c": captcha}
    await shop.directories("a", "b", "c")
    job_id = await shop.order(3)
    await shop.work_off(job_id)
    found = {name: row.status for name, row in (await shop.results(job_id)).items()}
    assert found == {"a": "submitted", "b": "failed", "c": "needs_manual"}
    job = await shop.job(job_id)
    assert (job.status, job.progress) == ("completed", 100)
    captcha_seen = await shop.pool.fetchval("select has_captcha from directories where name = 'c'")
    assert captcha_seen is True


async def test_a_passing_trouble_is_tried_again_and_the_form_is_sent_once(shop: Shop) -> None:
    async def flaky(task: Task, before_click: BeforeClick) -> Outcome:
        if shop.submitter.visited["a"] < 3:
            return Outcome("failed", ResultReason.TIMEOUT, "Slow.", retry=True)
        return await shop.submitter.accept(task, before_click)

    shop.submitter.visits = {"a": flaky}
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    row = (await shop.results(job_id))["a"]
    assert (row.status, row.attempts) == ("submitted", 3)
    assert shop.submitter.sent.total() == 1
    assert (await shop.events(job_id)).count("retry_scheduled") == 2


async def test_a_trouble_that_does_not_pass_ends_after_three_tries(shop: Shop) -> None:
    async def slow(task: Task, before_click: BeforeClick) -> Outcome:
        return Outcome("failed", ResultReason.TIMEOUT, "Slow.", retry=True)

    shop.submitter.visits = {"a": slow}
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    row = (await shop.results(job_id))["a"]
    assert (row.status, row.reason, row.attempts) == ("failed", "timeout", 3)


async def test_browsers_that_die_do_not_use_up_the_tries_of_a_directory(shop: Shop) -> None:
    async def without(task: Task, before_click: BeforeClick) -> Outcome:
        if shop.submitter.visited["a"] < TRIES_WITHOUT_BROWSER:
            return Outcome("failed", ResultReason.NO_BROWSER, "It was closed.", retry=True)
        return await shop.submitter.accept(task, before_click)

    shop.submitter.visits = {"a": without}
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    row = (await shop.results(job_id))["a"]
    assert (row.status, row.attempts) == ("submitted", TRIES_WITHOUT_BROWSER)


async def test_what_was_sent_is_never_tried_again_whatever_the_submitter_says(shop: Shop) -> None:
    async def after_the_click(task: Task, before_click: BeforeClick) -> Outcome:
        assert await before_click({})
        shop.submitter.sent[task.job_id, "a"] += 1
        return Outcome("failed", ResultReason.TIMEOUT, "Slow.", retry=True)

    shop.submitter.visits = {"a": after_the_click}
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    assert shop.submitter.sent.total() == 1
    assert (await shop.results(job_id))["a"].status == "failed"


async def die_after(shop: Shop, job_id: UUID, *, click: bool) -> None:
    """A worker that dies in the middle of directory a: before or after the click."""
    reached = asyncio.Event()

    async def hang(task: Task, before_click: BeforeClick) -> Outcome:
        if click:
            assert await before_click({"name": {"value": "x"}})
            shop.submitter.sent[task.job_id, task.directory_name] += 1
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    shop.submitter.visits = {"a": hang}
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    row = await flows.claim(shop.pool, "embedded", "dying", 0.05)
    assert row is not None
    task = asyncio.create_task(shop.flow().process_order(job_id, Hold(row.id, "dying")))
    await reached.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    shop.submitter.visits = {}
    await shop.pool.execute("update flow_runs set due_at = now() - interval '1 s'")


async def test_a_worker_that_dies_before_the_click_is_followed_by_another(shop: Shop) -> None:
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    await die_after(shop, job_id, click=False)
    await shop.worker().drain()
    row = (await shop.results(job_id))["a"]
    assert (row.status, row.attempts) == ("submitted", 2)
    assert shop.submitter.sent[job_id, "a"] == 1
    assert "requeued_stale" in await shop.events(job_id)


@pytest.mark.parametrize(
    ("listing", "status"), [("https://a.example/l/1", "submitted"), (None, "needs_manual")]
)
async def test_a_worker_that_dies_after_the_click_is_asked_about_never_sent_again(
    shop: Shop, listing: str | None, status: str
) -> None:
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    await die_after(shop, job_id, click=True)
    if listing:
        shop.submitter.listings["a"] = listing
    await shop.worker().drain()
    row = (await shop.results(job_id))["a"]
    assert (row.status, row.listing_url) == (status, listing)
    assert row.payload == {"name": {"value": "x"}}, "what was filled in is not lost"
    assert row.screenshot == f"{row.id}-filled.png", "nor its picture"
    assert shop.submitter.sent[job_id, "a"] == 1
    assert (await shop.job(job_id)).status == "completed"


async def test_a_worker_that_lost_its_lease_may_not_click_nor_save(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    allowed: list[bool] = []

    async def too_late(task: Task, before_click: BeforeClick) -> Outcome:
        await shop.pool.execute("update flow_runs set leased_by = 'another'")
        allowed.append(await before_click({}))
        return Outcome("submitted")

    shop.submitter.visits = {"a": too_late}
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    row = await flows.claim(shop.pool, "embedded", "slow", 30)
    assert row is not None
    with pytest.raises(LeaseLostError):
        await shop.flow().process_order(job_id, Hold(row.id, "slow"))
    assert allowed == [False]
    assert (await shop.results(job_id))["a"].status == "submitting"


async def test_an_order_that_kills_its_workers_is_given_up_with_an_alert(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    for _ in range(MOST_ATTEMPTS):
        assert await flows.claim(shop.pool, "embedded", "dying", 0) is not None
    await shop.worker().drain()
    job = await shop.job(job_id)
    assert job.status == "failed"
    assert "workers in a row" in (job.error_message or "")
    assert await shop.pool.fetchval("select source from dead_letters") == "flow"
    assert await shop.pool.fetchval("select kind from alerts") == "dead_letter"
    assert (await shop.events(job_id))[-1] == "dead_lettered"


async def test_an_order_that_gets_on_survives_any_number_of_deaths(shop: Shop) -> None:
    names = [f"d{number}" for number in range(MOST_ATTEMPTS + 3)]
    await shop.directories(*names)
    job_id = await shop.order(len(names))
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    for _ in names:
        row = await flows.claim(shop.pool, "embedded", "mortal", 0)
        assert row is not None
        assert row.attempts <= 2
        (todo, *_) = await results.open_work(shop.pool, job_id)
        job = await shop.job(job_id)
        hold = Hold(row.id, "mortal")
        await shop.flow().directory.submit(
            job if job.started_at else await begun(shop, job_id), todo, hold
        )
    await shop.worker().drain()
    assert (await shop.job(job_id)).status == "completed"
    assert set(shop.submitter.sent.values()) == {1}


async def begun(shop: Shop, job_id: UUID) -> ClaimedOrder:
    async with shop.pool.acquire() as connection:
        await orders.move(connection, job_id, "in_progress")
    return await shop.job(job_id)


async def test_nothing_stays_under_way_in_an_order_that_is_given_up(shop: Shop) -> None:
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    await die_after(shop, job_id, click=True)
    await shop.pool.execute("update flow_runs set attempts = 10")
    await shop.worker().drain()
    found = {name: row.status for name, row in (await shop.results(job_id)).items()}
    assert found.get("a") == "needs_manual"
    assert "submitting" not in found.values()
    assert (await shop.job(job_id)).status == "failed"


async def test_a_dead_order_can_be_replayed_to_its_end(shop: Shop) -> None:
    await test_an_order_that_kills_its_workers_is_given_up_with_an_alert(shop)
    letter, job_id = await shop.pool.fetchrow("select id, job_id from dead_letters")  # type: ignore[misc]
    await shop.orders.retries.replay(letter, "ann")
    await shop.work_off(job_id)
    assert (await shop.job(job_id)).status == "completed"
    with pytest.raises(Problem):
        await shop.orders.retries.replay(letter, "ann")


async def test_a_healthy_long_order_is_never_taken_for_a_dead_one(shop: Shop) -> None:
    finished = asyncio.Event()

    async def long(task: Task, before_click: BeforeClick) -> Outcome:
        await finished.wait()
        return await shop.submitter.accept(task, before_click)

    shop.submitter.visits = {"a": long}
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    worker = FlowWorker(shop.pool, shop.flow(), Heartbeat("flow-worker"), lease=2)
    working = asyncio.create_task(worker.drain())
    leased = "select due_at from flow_runs where leased_by is not null"
    first_lease = await until_fetched(shop.pool, leased, "the order is leased")
    over = "select clock_timestamp() > $1"
    await until_fetched(shop.pool, over, "that lease is over", first_lease)
    assert await flows.claim(shop.pool, "embedded", "vulture", 1) is None
    finished.set()
    await working
    assert (await shop.job(job_id)).status == "completed"


async def test_a_cancelled_order_sends_nothing_more(shop: Shop) -> None:
    async def cancelled_meanwhile(task: Task, before_click: BeforeClick) -> Outcome:
        await shop.orders.staff.cancel(task.job_id, "ann")
        if await before_click({}):
            shop.submitter.sent[task.job_id, task.directory_name] += 1
        return Outcome("skipped", ResultReason.CANCELLED, "Cancelled.")

    shop.submitter.visits = {"a": cancelled_meanwhile}
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    worker = FlowWorker(shop.pool, shop.flow(at_once=1), Heartbeat("flow-worker"))
    await worker.drain()
    assert shop.submitter.sent.total() == 0
    assert (await shop.job(job_id)).status == "cancelled"
    assert await shop.pool.fetchval("select state from flow_runs") == "cancelled"


async def test_a_cancelled_order_in_the_queue_is_never_started(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    await shop.orders.staff.cancel(job_id, "ann")
    await shop.subscriber().turn()
    await shop.worker().drain()
    assert shop.submitter.visited.total() == 0
    assert (await shop.orders.queue.depth()).visible == 0
    assert await shop.events(job_id) == ["job_created", "enqueued", "cancelled"]


async def test_two_orders_of_one_business_submit_once_to_a_directory(shop: Shop) -> None:
    await shop.directories("a")
    first = await shop.orders.intake.create_test_order("tests", 1, tag="same")
    second = await shop.orders.intake.create_test_order("tests", 1, tag="same")
    await shop.work_off(first)
    await shop.work_off(second)
    row = (await shop.results(second))["a"]
    assert (row.status, row.reason) == ("skipped", "duplicate")
    assert shop.submitter.sent.total() == 1
    assert "skipped_duplicate" in await shop.events(second)


async def test_terms_that_nobody_decided_are_not_accepted_for_the_customer(shop: Shop) -> None:
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    await shop.pool.execute("update directories set terms_decision = 'unknown' where name = 'a'")
    await shop.pool.execute("update directories set enabled = false where name = 'b'")
    await shop.work_off(job_id)
    found = {name: row.reason for name, row in (await shop.results(job_id)).items()}
    assert found == {"a": "terms", "b": "disabled"}
    assert shop.submitter.visited.total() == 0


async def test_visits_to_a_directory_keep_its_distance(shop: Shop) -> None:
    await shop.directories("a", pacing_seconds=60)
    begun = shop.clock.now
    for _ in range(3):
        await shop.work_off(await shop.order(1))
    assert shop.clock.now - begun == timedelta(seconds=120)


async def test_a_message_delivered_twice_runs_the_order_once(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    body = await shop.pool.fetchval("select body from queue_messages")
    await shop.orders.queue.send(body, 4)
    await shop.subscriber().turn()
    await shop.worker().drain()
    await shop.orders.queue.send(body, 4)
    await shop.subscriber().turn()
    await shop.worker().drain()
    assert shop.submitter.sent.total() == 1
    assert await shop.pool.fetchval("select count(*) from flow_runs") == 1


@pytest.mark.parametrize("body", ["{broken", "[]", '{"job_id": "x"}'])
async def test_a_message_that_is_no_order_is_a_dead_letter_with_its_reason(
    shop: Shop, body: str
) -> None:
    await shop.orders.queue.send(body, 4)
    await shop.subscriber().turn()
    letter = await shop.pool.fetchrow("select body, reason from dead_letters")
    assert letter is not None
    assert letter["body"] == body
    assert letter["reason"].startswith("not an order")


async def test_staff_try_a_failed_directory_again_under_a_new_key(shop: Shop) -> None:
    async def refuse(task: Task, before_click: BeforeClick) -> Outcome:
        assert await before_click({})
        return Outcome("failed", ResultReason.REJECTED, "No.")

    shop.submitter.visits = {"a": refuse}
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    await shop.work_off(job_id)
    before = (await shop.results(job_id))["a"]
    shop.submitter.visits = {}
    await shop.orders.retries.retry_one(before.id, "ann")
    job = await shop.job(job_id)
    assert (job.status, job.directories_done) == ("pending", 1)
    await shop.work_off(job_id)
    after = (await shop.results(job_id))["a"]
    assert (after.status, after.revision) == ("submitted", 1)
    assert after.idempotency_key != before.idempotency_key
    assert shop.submitter.sent[job_id, "b"] == 1, "what succeeded is not sent again"
    assert await shop.pool.fetchval("select count(*) from job_results") == 2


async def test_what_was_submitted_cannot_be_tried_again(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    row = (await shop.results(job_id))["a"]
    with pytest.raises(Problem) as refused:
        await shop.orders.retries.retry_one(row.id, "ann")
    assert refused.value.code == "wrong_state"
    with pytest.raises(Problem):
        await shop.orders.retries.retry_failed(job_id, "ann")


async def test_a_person_says_how_a_manual_directory_ended(shop: Shop) -> None:
    async def captcha(task: Task, before_click: BeforeClick) -> Outcome:
        return Outcome("needs_manual", ResultReason.CAPTCHA, "A CAPTCHA.")

    shop.submitter.visits = {"a": captcha}
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    row = (await shop.results(job_id))["a"]
    await shop.orders.staff.resolve(
        row.id, RecordedOutcome("submitted", "https://a.example/l/1"), "ann"
    )
    after = (await shop.results(job_id))["a"]
    assert (after.status, after.listing_url) == ("submitted", "https://a.example/l/1")
    with pytest.raises(Problem):
        await shop.orders.staff.resolve(row.id, RecordedOutcome("failed"), "ann")
    assert "manual_resolved" in await shop.events(job_id)


async def test_history_cannot_be_changed_and_a_customer_can_be_erased(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    email = (await shop.job(job_id)).profile["email"]
    for statement in ("update queue_history set event = 'x'", "delete from queue_history"):
        with pytest.raises(Exception, match="append-only"):
            await shop.pool.execute(statement)
    assert await shop.orders.erasure.erase_customer(email, "ann") == 1
    everything = await shop.pool.fetchval(
        "select string_agg(t::text, ' ') from (select c::text from customers c union all"
        " select r::text from job_results r union all select h::text from queue_history h"
        " union all select i::text from webhook_inbox i union all select j::text from jobs j) t"
    )
    assert email not in everything
    assert "Bakery" not in everything
    job = await shop.job(job_id)
    assert (job.status, job.directories_done) == ("completed", 1)
    assert len(await shop.events(job_id)) > 5, "the audit stays"


async def test_a_test_order_leaves_nothing_behind(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    (shop.orders.evidence / "x.png").write_bytes(b"png")
    await shop.work_off(job_id)
    tables = ("jobs", "customers", "job_results", "queue_history", "flow_runs", "outbox")
    for table in tables:
        assert await shop.pool.fetchval(f"select count(*) from {table}") > 0, table
    await shop.orders.erasure.delete_test_order(job_id)
    for table in tables:
        assert await shop.pool.fetchval(f"select count(*) from {table}") == 0, table
    assert list(shop.orders.evidence.iterdir()) == []
