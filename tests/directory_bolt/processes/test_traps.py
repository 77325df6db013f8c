"""Traps into which systems like this one fall; those that no other module looks into."""

import asyncio
from typing import get_args
from uuid import UUID

import aiohttp
import pytest
from yarl import URL

from directory_bolt.core.orders.states import JobStatus, ResultReason, ResultStatus
from directory_bolt.core.rows.submissions import SubmissionEnd
from directory_bolt.engines.flow import FlowAwayError
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.processes.relay import Relay
from directory_bolt.processes.subscriber import Subscriber
from directory_bolt.storage import heartbeats, results
from directory_bolt.submitting import BeforeClick, Outcome, Task
from tests.directory_bolt.processes.shop import Shop, checkout, signed
from tests.directory_bolt.processes.test_brain_and_relay import TOKEN, thinking
from tests.directory_bolt.web.staff_support import shop_of
from tests.support.served import DOORS, STRIPE_SECRET, Served


async def test_an_upsert_updates(shop: Shop) -> None:
    """Customers, directories, heartbeats and results: the second writing is what is read."""
    await shop.directories("a")
    await shop.directories("a", pacing_seconds=7)
    assert await shop.pool.fetchval("select pacing_seconds from directories") == 7
    await shop.orders.intake.receive_event(checkout(1))
    details = checkout()["data"]["object"]["customer_details"]
    newer = checkout(2, customer_details={**details, "phone": "+12125550199"})
    found = await shop.orders.intake.receive_event(newer)
    assert found.job_id is not None
    assert (await shop.job(found.job_id)).profile["phone"] == "+12125550199"
    for _ in range(2):
        shop.clock.forward(9)
        await heartbeats.record(shop.pool, "w", "relay", {"turn": str(shop.clock())}, shop.clock())
    (beat,) = await heartbeats.heartbeats(shop.pool)
    assert (beat.seen_at, beat.state) == (shop.clock(), {"turn": str(shop.clock())})
    (work,) = await results.open_work(shop.pool, found.job_id)
    async with shop.pool.acquire() as connection:
        for worker in ("first", "second"):
            row = await results.begin(connection, found.job_id, work, "key", worker)
    assert row is not None
    assert (row.attempts, row.worker_id) == (2, "second")


async def test_no_state_of_the_vocabulary_is_refused_by_a_table(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    for status in get_args(JobStatus):
        await shop.pool.execute("update jobs set status = $2 where id = $1", job_id, status)
    await shop.pool.execute("update jobs set status = 'pending'")
    ends = [(status, reason) for status in get_args(ResultStatus) for reason in ResultReason]
    ends = [(status, reason) for status, reason in ends if status != "submitting"]
    for status, reason in ends:
        async with shop.pool.acquire() as connection:
            (work,) = await results.open_work(connection, job_id)
            row = await results.begin(connection, job_id, work, "key", "worker")
            assert row is not None
            outcome = SubmissionEnd(status, None if status == "submitted" else reason)
            done = await results.end(connection, row.id, "worker", outcome)
            assert done is not None, outcome
            await connection.execute("delete from job_results")


async def test_an_error_leaves_one_row_and_one_end_of_each_directory(shop: Shop) -> None:
    async def broken(task: Task, before_click: BeforeClick) -> Outcome:
        if shop.submitter.visited["a"] < 3:
            raise RuntimeError("the browser is gone")
        return Outcome("failed", ResultReason.SERVER_ERROR, "502.", retry=True)

    shop.submitter.visits = {"a": broken}
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    await shop.enqueue(job_id)
    await shop.subscriber().turn()
    for _ in range(3):
        await shop.pool.execute("update flow_runs set due_at = now() where finished_at is null")
        await shop.worker().drain()
    rows = await shop.pool.fetch("select directory_name, status from job_results order by 1")
    assert [tuple(row) for row in rows] == [("a", "failed"), ("b", "submitted")]
    assert (await shop.events(job_id)).count("submission_complete") == 2


class BrokenEngine:
    """A flow engine that answers, and takes no order."""

    name = "embedded"

    async def trigger(self, job_id: UUID) -> str:
        raise FlowAwayError(f"no room for {job_id}")

    async def check(self) -> None:
        return


async def test_a_message_stays_until_its_order_is_with_the_engine(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    broken: object = BrokenEngine()
    subscriber = Subscriber(shop.pool, shop.orders.queue, broken, Heartbeat("subscriber"), 0)  # type: ignore[arg-type]
    with pytest.raises(FlowAwayError):
        await subscriber.turn()
    depth = await shop.orders.queue.depth()
    assert (depth.in_flight, depth.dead) == (1, 0)
    await shop.pool.execute("update queue_messages set visible_at = now()")
    await shop.work_off(job_id)
    assert (await shop.job(job_id)).status == "completed"
    assert (await shop.orders.queue.depth()).in_flight == 0


async def test_a_payment_told_a_hundred_times_at_once_makes_one_message(served: Served) -> None:
    """Through the webhook, the relay and the brain, both of which ask twice at the same time."""
    shop = shop_of(served)
    await shop.directories("a")
    body, signature = signed(checkout(), STRIPE_SECRET)
    async with aiohttp.ClientSession(headers={"Stripe-Signature": signature}) as http:

        async def deliver() -> int:
            async with http.post(f"{served.url}/api/webhook", data=body) as answer:
                return answer.status

        assert set(await asyncio.gather(*(deliver() for _ in range(100)))) == {200}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with thinking(shop) as brain, aiohttp.ClientSession(headers=headers) as http:
        relays = [Relay(shop.pool, lambda: brain, TOKEN) for _ in range(2)]
        await asyncio.gather(*(relay.turn(http) for relay in relays * 3))
    counts = {
        table: await shop.pool.fetchval(f"select count(*) from {table}")
        for table in ("customers", "jobs", "outbox", "queue_messages")
    }
    assert counts == {"customers": 1, "jobs": 1, "outbox": 1, "queue_messages": 1}


async def test_the_address_of_a_form_is_kept_whole(served: Served) -> None:
    shop = shop_of(served)
    address = "https://a.example:8443/add/listing?plan=free&step=1#form"
    await shop.directories("a", submission_url=address)
    asked: list[str] = []

    async def note(task: Task, before_click: BeforeClick) -> Outcome:
        asked.append(task.submission_url)
        return await shop.submitter.accept(task, before_click)

    shop.submitter.visits = {"a": note}
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    assert asked == [address]
    async with served.http.get(f"/api/staff/jobs/{job_id}") as answer:
        assert (await answer.json())["results"][0]["submissionUrl"] == address


async def test_erasing_takes_every_picture_also_those_of_a_visit_that_was_cut_off(
    shop: Shop,
) -> None:
    """A worker that died after the click left the filled form under the result's id, named nowhere."""

    async def with_files(task: Task, before_click: BeforeClick) -> Outcome:
        for name in (f"{task.result_id}-filled.png", f"{task.result_id}.txt"):
            (shop.orders.evidence / name).write_bytes(b"personal")
        return Outcome("needs_manual", ResultReason.INTERRUPTED, "Cut off.")

    shop.submitter.visits = {"a": with_files, "b": with_files}
    await shop.directories("a", "b")
    proof, paid = await shop.order(1), await shop.order(2)
    await shop.work_off(proof)
    await shop.work_off(paid)
    await shop.orders.erasure.delete_test_order(proof)
    assert len(list(shop.orders.evidence.iterdir())) == 4
    await shop.orders.erasure.erase_customer((await shop.job(paid)).profile["email"], "ann")
    assert list(shop.orders.evidence.iterdir()) == []


PAGES = (
    "/staff", "/staff/queue", "/staff/manual", "/staff/directories", "/api/staff/summary",
    "/api/staff/jobs", "/api/staff/queue", "/api/staff/workers", "/api/staff/history",
    "/api/staff/dead-letters", "/health", "/metrics", "/openapi.json",
)  # fmt: skip


OLD_TOKEN = "a-token-that-opens-nothing-now"


async def test_no_secret_stands_on_a_page_or_in_a_table(
    served: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    shop = shop_of(served)
    await shop.directories("a")
    body, signature = signed(checkout(), STRIPE_SECRET)
    headers = {"Stripe-Signature": signature}
    async with aiohttp.ClientSession(headers=headers) as http, http.post(f"{served.url}/api/webhook", data=body) as answer:  # fmt: skip
        assert answer.status == 200
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with thinking(shop) as brain, aiohttp.ClientSession(headers=headers) as http:
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {OLD_TOKEN}"}) as old:
            await Relay(shop.pool, lambda: brain, OLD_TOKEN).turn(old)
        await shop.pool.execute("update outbox set due_at = now()")
        await Relay(shop.pool, lambda: brain, TOKEN).turn(http)
    await shop.work_off(await shop.pool.fetchval("select id from jobs"))
    told = dict[str, str]()
    for page in PAGES:
        async with served.http.get(page) as answer:
            assert answer.status == 200, page
            told[page] = await answer.text()
    tables = await shop.pool.fetch(
        "select table_name as name from information_schema.tables where table_schema = 'public'"
    )
    for name in [row["name"] for row in tables]:
        rows = await shop.pool.fetch(f'select t::text as row from "{name}" t')
        told[name] = "\n".join(row["row"] for row in rows)
    told["log"] = "".join(capfd.readouterr())
    secrets = (TOKEN, OLD_TOKEN, STRIPE_SECRET, served.token, signature)
    assert [place for place, text in told.items() if any(s in text for s in secrets)] == []


@pytest.mark.parametrize("value", ["1", "admin", str(UUID(int=1)), "0" * 64])
async def test_no_cookie_opens_a_door_that_was_not_given_out(served: Served, value: str) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    names = (f"hermes_session_{URL(served.url).port}", DOORS.cookie, "session", "staff", "auth")
    async with aiohttp.ClientSession(cookie_jar=jar, cookies=dict.fromkeys(names, value)) as http:
        for path in ("/staff", "/", "/api/staff/jobs"):
            async with http.get(f"{served.url}{path}", allow_redirects=False) as answer:
                assert answer.status in (303, 401), path
