"""The staff's pages over HTTP: what they say is counted from rows, and the same as in the API."""

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser

from directory_bolt.storage import heartbeats
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.web.staff_support import ending, mixed_order, shop_of
from tests.support.served import Served

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def tree_of(served: Served, path: str, status: int = 200) -> LexborHTMLParser:
    async with served.http.get(path, headers={"Accept": "text/html"}) as answer:
        assert answer.status == status, await answer.text()
        return LexborHTMLParser(await answer.text())


async def told(served: Served, path: str) -> Any:
    async with served.http.get(f"/api/staff/{path}") as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def press(served: Served, path: str, **fields: str) -> tuple[int, Mapping[str, str], str]:
    async with served.http.post(
        path, data=urlencode(fields), headers=FORM, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers, await answer.text()


def said(tree: LexborHTMLParser, selector: str) -> str:
    found = tree.css(selector)
    assert len(found) == 1, f"{selector}: {len(found)} found"
    return " ".join(found[0].text().split())


@pytest.fixture
def shop(served: Served) -> Shop:
    return shop_of(served)


async def test_without_an_order_every_section_says_what_to_do(served: Served) -> None:
    tree = await tree_of(served, "/staff/dashboard")
    assert said(tree, "#state").startswith("No orders yet. Not running: ")
    assert [node.text() for node in tree.css(".seg a, #attention")] == ["All 0"], (
        "no zeros, no alarm"
    )
    assert "hermes create-test-job" in said(tree, "#active .empty")
    assert "move here automatically" in said(tree, "#over .empty")
    assert "hermes brain" in said(tree, "[data-process=brain]")
    assert (await told(served, "summary"))["successRate"] is None
    for path in ("manual", "queue", "directories"):
        assert (await tree_of(served, f"/staff/{path}")).css_first("h1")


async def test_the_heading_says_the_state_counted_from_rows_and_agrees_with_the_api(
    served: Served, shop: Shop
) -> None:
    await mixed_order(shop)
    await shop.order(2)
    tree, summary = await tree_of(served, "/staff/dashboard"), await told(served, "summary")
    rows = await shop.pool.fetch("select status, count(*) as n from job_results group by 1")
    for row in rows:
        assert summary["directories"][row["status"]] == row["n"]
    assert summary["orders"] == {"pending": 1, "in_progress": 0, "waiting": 0, "completed": 1, "failed": 0, "cancelled": 0}  # fmt: skip
    state = said(tree, "#state")
    assert state.startswith("1 directory needs a person")
    assert "1 order is pending and 1 order is completed." in state
    assert "1 of 4 processed directories were submitted (25%)." in state
    assert said(tree, "#show-pending") == "Pending 1"
    assert said(tree, "#show-completed") == "Completed 1"
    assert "1 CAPTCHA." in said(tree, "#manual")
    assert summary["successRate"] == 25.0


async def test_what_is_being_submitted_is_never_counted_as_failed(
    served: Served, shop: Shop
) -> None:
    seen: list[tuple[LexborHTMLParser, Any]] = []
    accept = shop.submitter.accept

    async def look(task: Any, before_click: Any) -> Any:
        summary = await told(served, "summary")
        seen.append((await tree_of(served, "/staff/dashboard"), summary))
        return await accept(task, before_click)

    await shop.directories("slow")
    shop.submitter.visits["slow"] = look
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    ((tree, summary),) = seen
    assert summary["directories"]["submitting"] == 1
    assert summary["directories"]["failed"] == 0
    assert summary["successRate"] is None
    order = said(tree, f"#active #order-{job_id}")
    assert "In progress" in order
    assert "0 of 1" in order
    assert "Now submitting to slow" in order
    bar = tree.css_first(f"#order-{job_id} .bars")
    assert bar is not None
    assert bar.attributes["aria-label"] == "0 of 1 directories submitted, 1 submitting"
    assert [part.attributes["class"] for part in bar.css("rect")] == ["f-pending"]


async def test_an_order_shows_its_progress_and_moves_to_the_completed_section(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one", "two")
    job_id = await shop.order(5)
    tree = await tree_of(served, "/staff/dashboard")
    order = said(tree, f"#active #order-{job_id}")
    assert "Waiting to be queued" in order
    assert "Paid for 5 directories, but only 2 are enabled and allowed" in order
    assert "shortage" in [alert["kind"] for alert in await told(served, "alerts")]
    await shop.work_off(job_id)
    tree = await tree_of(served, "/staff/dashboard")
    assert tree.css(f"#active #order-{job_id}") == []
    over = said(tree, f"#over #order-{job_id}")
    assert "Completed" in over
    assert "2 of 2 processed" in over
    assert "2 submitted" in over
    assert "100%" in over


async def test_orders_are_searched_filtered_sorted_and_paged_in_the_address(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    tags = [f"tag{number:02}" for number in range(23)]
    jobs = {tag: await served.orders.intake.create_test_order("tests", 1, tag=tag) for tag in tags}
    for tag in tags[:22]:
        await served.orders.staff.cancel(jobs[tag], "tests")

    async def shown(query: str) -> list[str]:
        tree = await tree_of(served, f"/staff/dashboard{query}")
        names = [" ".join(n.text().split()) for n in tree.css(".orders .name")]  # fmt: skip
        return [name.removeprefix("Hermes Test Bakery ") for name in names]

    assert await shown("?q=TAG07") == ["tag07"]
    assert await shown(f"?q={jobs['tag09']}") == ["tag09"]
    assert await shown("?q=%25") == [], "a percent sign is only a character"
    assert await shown("?status=pending") == ["tag22"]
    assert (await shown("?status=cancelled&sort=oldest"))[:2] == ["tag00", "tag01"]
    assert (await shown("?status=cancelled&sort=newest"))[:2] == ["tag21", "tag20"]
    assert await shown("?status=cancelled&sort=business&page=2") == ["tag20", "tag21"]
    assert len(await shown("?status=nonsense&sort=nonsense&page=x")) == 21
    found = await told(served, "jobs?status=cancelled&sort=business&limit=3&page=2")
    assert found["found"] == 22
    assert [order["businessName"][-5:] for order in found["orders"]] == ["tag03", "tag04", "tag05"]
    tree = await tree_of(served, "/staff/dashboard?q=nobody")
    assert "matches “nobody”" in said(tree, "#active .empty")


async def test_the_page_of_an_order_shows_every_directory_with_its_evidence(
    served: Served, shop: Shop
) -> None:
    job_id = await mixed_order(shop)
    tree, order = await tree_of(served, f"/staff/jobs/{job_id}"), await told(served, f"jobs/{job_id}")  # fmt: skip
    rows = {row["directoryName"]: row for row in order["results"]}
    assert {name: row["status"] for name, row in rows.items()} == {
        "accepts": "submitted", "refuses": "failed", "robots": "skipped", "captcha": "needs_manual",
    }  # fmt: skip
    refused = said(tree, "[data-directory=refuses]")
    assert "The directory refused the submission." in refused
    assert "They said no." in refused
    accepted = tree.css_first("[data-directory=accepts]")
    assert accepted is not None
    links = [a.attributes["href"] for a in accepted.css("a")]
    assert "https://accepts.example/listing/7" in links
    assert "/staff/evidence/shot-accepts.png" in links
    assert "Mill Bakery" in accepted.text()
    events = [happened["event"] for happened in order["timeline"]]
    assert events == await shop.events(job_id)
    lines = [node.attributes["data-event"] for node in tree.css("#timeline li")]
    assert lines == [e for e in reversed(events) if e not in ("submitting", "submission_complete")]
    only = await tree_of(served, f"/staff/jobs/{job_id}?show=failed")
    assert [n.attributes["data-directory"] for n in only.css(".results > li")] == ["refuses"]


async def test_an_order_that_is_not_there_is_said_to_be_unknown(served: Served) -> None:
    tree = await tree_of(served, f"/staff/jobs/{UUID(int=1)}", 404)
    assert "There is no order" in tree.text()
    async with served.http.get(f"/api/staff/jobs/{UUID(int=1)}") as answer:
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (404, "unknown_order")  # fmt: skip


async def test_what_a_worker_wrote_is_only_ever_text(served: Served, shop: Shop) -> None:
    bad = "<script>alert(1)</script>"
    await shop.directories("evil")
    shop.submitter.visits["evil"] = ending("needs_manual", "captcha", bad, listing_url="javascript:alert(1)")  # fmt: skip
    job_id = await shop.order(1)
    await shop.work_off(job_id)
    for path in (f"/staff/jobs/{job_id}", "/staff/manual", "/staff/dashboard"):
        async with served.http.get(path) as answer:
            found = await answer.text()
        assert "evil" in found, path
        assert (html.escape(bad) in found) is (path != "/staff/dashboard"), path
        assert bad not in found
        assert not re.search(r'href="javascript', found)


async def test_heartbeats_tell_who_lives_and_who_is_silent(served: Served, shop: Shop) -> None:
    now = served.room.clock()
    await heartbeats.record(shop.pool, "brain-1", "brain", {}, now)
    await heartbeats.record(shop.pool, "subscriber-1", "subscriber", {"trouble": "queue away"}, now)
    served.room.clock.forward(25)
    await heartbeats.record(shop.pool, "brain-1", "brain", {}, served.room.clock())
    tree = await tree_of(served, "/staff/dashboard")
    assert "running" in said(tree, "[data-process=brain]")
    assert "Not running: flow worker, monitor, relay and subscriber." in said(tree, "#state")
    silent = said(tree, "[data-process=subscriber]")
    assert "No heartbeat" in silent
    assert "25 s ago" in silent
    assert "queue away" in silent
    states = {one["process"]: one["state"] for one in await told(served, "workers")}
    assert states == {
        "relay": "absent", "brain": "alive", "subscriber": "silent", "flow-worker": "absent", "monitor": "absent",
    }  # fmt: skip


async def test_the_queue_shows_its_depth_and_what_was_given_up(served: Served, shop: Shop) -> None:
    await shop.directories("one")
    await shop.enqueue(await shop.order(1))
    await served.orders.queue.send("{broken", 4)
    await served.orders.queue.send("{broken too", 4)
    await shop.subscriber().turn()
    tree = await tree_of(served, "/staff/queue")
    queue = await told(served, "queue")
    assert (queue["visible"], queue["inFlight"], queue["dead"]) == (0, 0, 2)
    assert queue["fault"] is None
    letters = await told(served, "dead-letters")
    assert {letter["body"] for letter in letters} == {"{broken", "{broken too"}
    assert len(tree.css(".letters li")) == 2
    assert "{broken too" in tree.text()
    assert "does not name a known order" in said(
        tree, ".letters li:first-child > div > p:last-child"
    )
    assert said(tree, "#state").startswith("2 dead letters need attention.")
    assert said(tree, "#links a[href='/staff/queue'] .n") == "2"


async def test_the_feed_tells_what_happened_once_newest_first(served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    feed = await told(served, "history?limit=500")
    assert [one["event"] for one in reversed(feed)] == await shop.events(job_id)
    older = await told(served, f"history?limit=5&before={feed[4]['id']}")
    assert [one["id"] for one in older] == [one["id"] for one in feed[5:10]]
    tree = await tree_of(served, "/staff/dashboard")
    events = [node.attributes["data-event"] for node in tree.css("#feed li")]
    told_once = [
        e["event"] for e in feed if e["event"] not in ("submitting", "submission_complete")
    ]
    assert events == told_once[:12]
