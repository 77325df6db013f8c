"""What staff do: every button and its twin in the API, and what they refuse."""

from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
from selectolax.lexbor import LexborHTMLParser

from directory_bolt.core.orders.states import ResultReason
from directory_bolt.storage import alerts, dead_letters
from directory_bolt.submitting import Outcome
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.web.staff_support import ending, mixed_order, shop_of
from tests.directory_bolt.web.test_staff_dashboard import press, said, told, tree_of
from tests.support.served import Served


@pytest.fixture
def shop(served: Served) -> Shop:
    return shop_of(served)


async def act(served: Served, path: str, body: Any = None) -> tuple[int, Any]:
    async with served.http.post(f"/api/staff/{path}", json=body) as answer:
        return answer.status, await answer.json(content_type=None) if answer.status != 204 else None


async def result_id(shop: Shop, job_id: UUID, name: str) -> UUID:
    return (await shop.results(job_id))[name].id


async def test_a_person_says_how_a_directory_ended(served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    waiting = await result_id(shop, job_id, "captcha")
    tree = await tree_of(served, "/staff/manual")
    assert "The form has a CAPTCHA" in said(tree, f"#result-{waiting}")
    assert "Mill Bakery" in said(tree, ".vals")
    assert tree.css(f"#result-{waiting} img[src='/staff/evidence/shot-captcha.png']")
    listing = "https://captcha.example/listing/1"
    status, headers, _ = await press(
        served, f"/staff/results/{waiting}/resolve", status="submitted", listing_url=listing,
        note="Done by hand", back="/staff/manual",
    )  # fmt: skip
    assert (status, headers["Location"]) == (303, "/staff/manual")
    row = (await shop.results(job_id))["captcha"]
    assert (row.status, row.listing_url, row.error_message) == ("submitted", listing, "Done by hand")  # fmt: skip
    assert "manual_resolved" in await shop.events(job_id)
    assert (await told(served, "summary"))["directories"]["needs_manual"] == 0
    status, problem = await act(served, f"results/{waiting}/resolve", {"status": "failed"})
    assert (status, problem["code"]) == (409, "wrong_state")


async def test_a_recorded_outcome_is_undone_once_and_then_recorded_anew(
    served: Served, shop: Shop
) -> None:
    job_id = await mixed_order(shop)
    before = (await shop.results(job_id))["captcha"]
    path = f"results/{before.id}"
    status, problem = await act(served, f"{path}/undo")
    assert (status, problem["code"]) == (409, "wrong_state")
    proof = {"status": "submitted", "listingUrl": "https://captcha.example/1", "note": "Done"}
    assert (await act(served, f"{path}/resolve", proof))[0] == 200
    async with served.http.get(f"/staff/jobs/{job_id}") as answer:
        assert f"/staff/{path}/undo" in await answer.text()
    status, headers, _ = await press(served, f"/staff/{path}/undo", back=f"/staff/jobs/{job_id}")
    assert (status, headers["Location"]) == (303, f"/staff/jobs/{job_id}")
    row = (await shop.results(job_id))["captcha"]
    assert (row.status, row.reason, row.error_message, row.listing_url) == (
        "needs_manual", before.reason, before.error_message, None,
    )  # fmt: skip
    assert (await told(served, "summary"))["directories"]["needs_manual"] == 1
    status, problem = await act(served, f"{path}/undo")
    assert (status, problem["code"]) == (409, "wrong_state")
    assert (await act(served, f"{path}/resolve", {"status": "skipped"}))[0] == 200
    assert (await shop.events(job_id))[-3:] == [
        "manual_resolved", "outcome_undone", "manual_resolved",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "No outcome was chosen."),
        ({"status": "fine"}, "Choose submitted"),
        ({"status": "submitted"}, "Submitted needs a proof."),
        ({"status": "submitted", "confirmed": "no"}, "Submitted needs a proof."),
        ({"status": "submitted", "listing_url": "javascript:x"}, "https://"),
    ],
)  # fmt: skip
async def test_a_resolution_that_makes_no_sense_is_refused_with_the_fix(
    served: Served, shop: Shop, fields: dict[str, str], field: str
) -> None:
    job_id = await mixed_order(shop)
    waiting = await result_id(shop, job_id, "captcha")
    status, _, body = await press(served, f"/staff/results/{waiting}/resolve", **fields)
    assert status == 422
    assert field in body
    assert (await shop.results(job_id))["captcha"].status == "needs_manual"
    tree = LexborHTMLParser(body)
    assert field in said(tree, f"#outcome-{waiting} .fault"), "it stands beside its field"
    address = tree.css_first(f"#url-{waiting}")
    assert address is not None
    assert address.attributes["value"] == fields.get("listing_url", ""), "what was typed stays"
    told_in_json = {"status": fields.get("status"), "listingUrl": fields.get("listing_url", "")}
    status, problem = await act(served, f"results/{waiting}/resolve", told_in_json)
    assert (status, problem["code"]) == (422, "invalid_request")
    assert (await shop.results(job_id))["captcha"].status == "needs_manual"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"listingUrl": "https://captcha.example/l/1"}, "with the listing address"),
        ({"reference": "TR-40007"}, "with the reference"),
        ({"confirmed": True}, "saw the confirmation"),
    ],
)
async def test_each_proof_is_enough_and_the_row_says_who_gave_it(
    served: Served, shop: Shop, given: dict[str, Any], words: str
) -> None:
    job_id = await mixed_order(shop)
    waiting = await result_id(shop, job_id, "captcha")
    status, _ = await act(served, f"results/{waiting}/resolve", {"status": "submitted", **given})
    assert status == 200
    tree = await tree_of(served, f"/staff/jobs/{job_id}")
    row = said(tree, "[data-directory=captcha] .result-line")
    assert f"Recorded by a person, api token: {words}" in row
    assert given.get("reference", "") in row
    assert "by a person" not in said(tree, "[data-directory=accepts] .result-line")


async def test_a_name_is_forgotten_when_a_directory_is_tried_again(
    served: Served, shop: Shop
) -> None:
    job_id = await mixed_order(shop)
    waiting = await result_id(shop, job_id, "captcha")
    await act(served, f"results/{waiting}/resolve", {"status": "failed"})
    shop.submitter.visits["captcha"] = shop.submitter.accept
    await act(served, f"results/{waiting}/retry")
    await shop.work_off(job_id)
    tree = await tree_of(served, f"/staff/jobs/{job_id}")
    row = said(tree, "[data-directory=captcha] .result-line")
    assert "Submitted" in row
    assert "by a person" not in row


async def test_no_outcome_is_preset(served: Served, shop: Shop) -> None:
    await mixed_order(shop)
    tree = await tree_of(served, "/staff/manual")
    assert len(tree.css(".resolve [name=status]")) == 3
    assert tree.css(".resolve [checked]") == []


async def test_a_directory_that_waits_no_more_is_said_and_the_next_one_is_a_link_away(
    served: Served, shop: Shop
) -> None:
    first = await result_id(shop, await mixed_order(shop), "captcha")
    second = await result_id(shop, await mixed_order(shop), "captcha")
    await act(served, f"results/{first}/resolve", {"status": "skipped"})
    tree = await tree_of(served, f"/staff/manual?item={first}")
    assert "no longer needs a person" in said(tree, "h1")
    assert tree.css(".resolve") == []
    tree = await tree_of(served, "/staff/manual")
    assert tree.css(f"#result-{second}")


async def cancelled_order(served: Served, shop: Shop) -> tuple[UUID, UUID]:
    """An order that was cancelled while a directory of it waited for a person; the other one was next."""
    await shop.directories("captcha", "next")
    shop.submitter.visits["captcha"] = ending("needs_manual", "captcha")

    async def cancel_first(task: Any, before_click: Any) -> Any:
        del task
        await served.orders.staff.cancel(job_id, "tests")
        assert not await before_click({}), "nothing is sent any more"
        return Outcome("skipped", ResultReason.CANCELLED)

    shop.submitter.visits["next"] = cancel_first
    job_id = await shop.order(2)
    await shop.work_off(job_id)
    assert (await shop.job(job_id)).status == "cancelled"
    return job_id, await result_id(shop, job_id, "captcha")


async def test_a_cancelled_order_asks_nobody_to_work(served: Served, shop: Shop) -> None:
    job_id, waiting = await cancelled_order(served, shop)
    assert (await shop.results(job_id))["captcha"].status == "needs_manual", "the row keeps its end"
    assert await told(served, "manual") == []
    assert (await told(served, "summary"))["directories"]["needs_manual"] == 0
    order = await told(served, f"jobs/{job_id}")
    assert (order["needsManual"], order["directoriesDone"], order["notSubmitted"]) == (0, 1, 1)
    assert [row["statusText"] for row in order["results"]] == ["Not submitted", "Skipped"]
    assert {tuple(row["actions"]) for row in order["results"]} == {()}
    tree = await tree_of(served, "/staff/dashboard")
    assert tree.css("#manual, #open-manual, #links .n.act") == []
    assert "person" not in said(tree, "#state")
    tree = await tree_of(served, f"/staff/jobs/{job_id}")
    assert [chip.text() for chip in tree.css(".seg a")] == ["All 2", "Skipped 1", "Not submitted 1"]
    assert "0 of 2 directories submitted, 1 skipped, 1 not submitted." in said(tree, "#state")
    status, problem = await act(served, f"results/{waiting}/resolve", {"status": "failed"})
    assert (status, problem["code"]) == (409, "order_over")
    assert (await shop.results(job_id))["captcha"].status == "needs_manual"


async def test_failed_directories_are_tried_again_under_new_keys(
    served: Served, shop: Shop
) -> None:
    job_id = await mixed_order(shop)
    keys = {name: row.idempotency_key for name, row in (await shop.results(job_id)).items()}
    shop.submitter.visits["refuses"] = shop.submitter.accept
    status, headers, _ = await press(served, f"/staff/jobs/{job_id}/retry-failed")
    assert (status, headers["Location"]) == (303, f"/staff/jobs/{job_id}")
    assert (await told(served, f"jobs/{job_id}"))["status"] == "pending"
    await shop.work_off(job_id)
    order = await told(served, f"jobs/{job_id}")
    assert (order["status"], order["failed"], order["submitted"]) == ("completed", 0, 2)
    after = {name: row.idempotency_key for name, row in (await shop.results(job_id)).items()}
    assert [name for name in keys if keys[name] != after[name]] == ["refuses"]
    status, problem = await act(served, f"jobs/{job_id}/retry-failed")
    assert (status, problem["code"]) == (409, "nothing_to_retry")


async def test_one_directory_is_tried_again(served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    one = await result_id(shop, job_id, "captcha")
    status, done = await act(served, f"results/{one}/retry")
    assert (status, done) == (200, {"jobId": str(job_id), "directories": 1})
    tree = await tree_of(served, f"/staff/jobs/{job_id}")
    assert "Waiting to retry" in said(tree, "[data-directory=captcha] .result-line")
    status, problem = await act(served, f"results/{uuid4()}/retry")
    assert (status, problem["code"]) == (404, "unknown_result")


async def test_a_cancelled_order_is_over_and_offers_nothing_but_to_look(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    job_id = await shop.order(1)
    status, _, _ = await press(served, f"/staff/jobs/{job_id}/cancel", back="/staff/dashboard")
    assert status == 303
    order = await told(served, f"jobs/{job_id}")
    assert (order["status"], order["actions"]) == ("cancelled", ["customer_link"])
    tree = await tree_of(served, f"/staff/jobs/{job_id}")
    assert "Not submitted" in said(tree, "[data-directory=one] .result-line")
    status, problem = await act(served, f"jobs/{job_id}/cancel")
    assert (status, problem["code"]) == (409, "order_over")


async def test_priority_is_one_to_four(served: Served, shop: Shop) -> None:
    await shop.directories("one")
    job_id = await shop.order(1)
    await shop.enqueue(job_id)
    status, _, _ = await press(served, f"/staff/jobs/{job_id}/priority", priority="1")
    assert status == 303
    assert (await told(served, f"jobs/{job_id}"))["priority"] == 1
    assert await shop.pool.fetchval("select priority from queue_messages") == 1
    status, _, body = await press(served, f"/staff/jobs/{job_id}/priority", priority="9")
    assert status == 422
    assert "1, 2, 3 or 4" in body
    status, problem = await act(served, f"jobs/{job_id}/priority", {"priority": 0})
    assert (status, problem["field"]) == (422, "priority")


async def test_push_hands_a_postponed_order_over_now_and_once(served: Served, shop: Shop) -> None:
    await shop.directories("one")
    job_id = await shop.order(1)
    later = "update outbox set due_at = now() + interval '5 minutes', attempts = 7"
    await shop.pool.execute(later)
    status, _ = await act(served, f"jobs/{job_id}/push")
    assert status == 200
    assert await shop.pool.fetchval("select count(*) from outbox where due_at <= now()") == 1
    await shop.pool.execute("delete from outbox")
    await act(served, f"jobs/{job_id}/push")
    assert await shop.pool.fetchval("select count(*) from outbox") == 1, "it stood nowhere any more"
    await shop.enqueue(job_id)
    status, problem = await act(served, f"jobs/{job_id}/push")
    assert (status, problem["code"]) == (409, "already_queued")
    await shop.work_off(job_id)
    status, problem = await act(served, f"jobs/{job_id}/push")
    assert (status, problem["code"]) == (409, "order_over")


async def test_a_dead_letter_of_an_order_is_replayed_once(served: Served, shop: Shop) -> None:
    await shop.directories("one")
    job_id = await shop.order(1)
    letter = await dead_letters.add(shop.pool, "queue", "{}", "received 3 times", job_id, 3)
    tree = await tree_of(served, "/staff/queue")
    assert tree.css(f"#letter-{letter} form")
    status, headers, _ = await press(served, f"/staff/dead-letters/{letter}/replay")
    assert (status, headers["Location"]) == (303, "/staff/queue")
    assert "replayed" in await shop.events(job_id)
    assert await told(served, "dead-letters") == []
    status, problem = await act(served, f"dead-letters/{letter}/replay")
    assert (status, problem["code"]) == (404, "unknown_dead_letter")


async def test_terms_are_decided_with_a_note_and_directories_switched_off(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    (before,) = await told(served, "directories")
    base = f"/staff/directories/{before['id']}"
    back = "/staff/directories?show=all"
    status, headers, _ = await press(served, f"{base}/terms", decision="refused", note="§ 4", back=back)  # fmt: skip
    assert (status, headers["Location"]) == (303, back)
    await press(served, f"{base}/enabled", enabled="no")
    (after,) = await told(served, "directories")
    assert (after["termsDecision"], after["termsNote"], after["termsBy"]) == ("refused", "§ 4", "api token")  # fmt: skip
    assert (after["enabled"], after["isUsed"]) == (False, False)
    tree = await tree_of(served, "/staff/directories?show=refused")
    assert "§ 4" in said(tree, f"#directory-{before['id']}")
    status, _, body = await press(served, f"{base}/terms", decision="maybe")
    assert status == 422
    assert "Use allowed, refused or unknown" in body


async def test_success_of_a_directory_is_measured_over_what_was_tried(
    served: Served, shop: Shop
) -> None:
    await shop.directories("fickle")
    assert [one["successRate"] for one in await told(served, "directories")] == [None]
    visits = (ending("submitted"), ending("failed", "rejected"), ending("skipped", "robots"))
    for visit in visits:
        shop.submitter.visits["fickle"] = visit
        await shop.work_off(await shop.order(1))
    (one,) = await told(served, "directories")
    assert (one["submitted"], one["tried"], one["skipped"], one["successRate"]) == (1, 2, 1, 50.0)


async def test_alerts_that_do_not_close_by_themselves_are_closed_by_people(
    served: Served, shop: Shop
) -> None:
    await alerts.raise_alert(shop.pool, "intake:evt_1", "intake", "A payment is lost.")
    await alerts.raise_alert(shop.pool, "silent:brain", "silent", "No brain is running.")
    tree = await tree_of(served, "/staff/dashboard")
    assert len(tree.css("#alerts li")) == 2
    assert len(tree.css("#alerts form")) == 1
    assert "Payment not accepted" in said(tree, "#alerts [data-kind=intake]")
    status, headers, _ = await press(served, "/staff/alerts/close", key="intake:evt_1", back="/staff/queue")  # fmt: skip
    assert (status, headers["Location"]) == (303, "/staff/queue")
    assert [alert["key"] for alert in await told(served, "alerts")] == ["silent:brain"]
    status, problem = await act(served, "alerts/close", {"key": "silent:brain"})
    assert (status, problem["code"]) == (404, "unknown_alert")


async def has_button(http: aiohttp.ClientSession, path: str) -> bool:
    """Whether a page of the staff has a form that changes something; searches are none."""
    async with http.get(f"/staff/{path}") as answer:
        assert answer.status == 200, path
        html = (await answer.text()).replace('role="search"', "")
    return 'action="/staff/' in html.replace('method="get" action="/staff/', "")


async def test_a_viewer_reads_everything_and_has_no_button(served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    await shop.order(1)
    paths = {"dashboard", "manual", "queue", "directories", f"jobs/{job_id}"}
    async with served.browsing() as http:
        pressing = {path for path in paths if await has_button(http, path)}
    assert pressing >= {"manual", "directories", f"jobs/{job_id}"}, "an operator has them"
    user = await served.user("viewer@example.com", "viewer")
    async with served.browsing(user) as http:
        assert {path for path in paths if await has_button(http, path)} == set()
        async with http.post(f"/staff/jobs/{job_id}/retry-failed") as answer:
            assert answer.status == 403


async def test_evidence_is_shown_to_staff_only_and_as_nothing_but_a_picture(
    served: Served, shop: Shop
) -> None:
    await mixed_order(shop)
    async with served.http.get("/staff/evidence/shot-captcha.png") as answer:
        assert answer.status == 200
        assert answer.content_type == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert (await answer.read()).startswith(b"\x89PNG")
    async with served.http.get(
        "/staff/evidence/shot-captcha.png", headers={"Authorization": "Bearer wrong"}
    ) as answer:
        assert answer.status == 401
    (served.orders.evidence / "page.html").write_text("<script>")
    (served.orders.evidence / "link.png").symlink_to(served.orders.evidence.parent)
    key = "..%2Fcustomer-links.key"
    for name in ("page.html", "link.png", key, "..%2f..%2fetc%2fpasswd.txt", "none.png", ".png"):
        async with served.http.get(f"/staff/evidence/{name}") as answer:
            assert answer.status == 404, name
