"""Payments that did not fit become orders by staff, and profiles are completed by customers and staff."""

from typing import Any
from uuid import UUID

import aiohttp
import pytest

from directory_bolt.core.orders.states import ResultReason
from directory_bolt.submitting import BeforeClick, Outcome, Task
from tests.directory_bolt.processes.shop import Shop, checkout
from tests.directory_bolt.web.staff_support import shop_of
from tests.support.served import Served

PROFILE = {"business_name": "Mill Bakery", "email": "ada@bakery.example.com", "phone": "+12125550142", "city": "Springfield"}  # fmt: skip


@pytest.fixture
def shop(served: Served) -> Shop:
    return shop_of(served)


async def ask(served: Served, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    async with served.http.request(method, f"/api/staff/{path}", json=body) as answer:
        return answer.status, await answer.json(content_type=None)


async def unfit(shop: Shop, *, live: bool = True, **session: Any) -> str:
    """A payment of 99.00 EUR that fits no package; the id of its event."""
    given = {"amount_subtotal": 9_900, "amount_total": 9_900, "currency": "eur", "livemode": live,
             "payment_intent": "pi_7", **session}  # fmt: skip
    found = await shop.orders.intake.receive_event(checkout(7, **given) | {"livemode": live})
    assert found.outcome == "refused"
    return "evt_7"


async def test_an_alert_says_whose_payment_it_is_and_staff_make_an_order_of_it(
    served: Served, shop: Shop
) -> None:
    await shop.own_directories("own")
    event = await unfit(shop)
    _, alerts = await ask(served, "GET", "alerts")
    (text,) = [each["text"] for each in alerts if each["kind"] == "intake"]
    assert "Customer ada@bakery.example.com, 99.00 EUR, event evt_7." in text
    _, payments = await ask(served, "GET", "payments")
    (payment,) = payments
    assert payment["stripeUrl"] == "https://dashboard.stripe.com/payments/pi_7"
    async with served.browsing() as http:
        async with http.get("/staff/dashboard") as answer:
            assert f"/staff/orders/new?payment={event}" in await answer.text()
        async with http.get(f"/staff/orders/new?payment={event}") as answer:
            page = await answer.text()
        assert 'value="Mill Bakery"' in page
        form = {"payment": event, "package": "starter", **PROFILE}
        async with http.post("/staff/orders/new", data=form | {"email": "nobody"}) as answer:
            assert (answer.status, "Email: " in await answer.text()) == (422, True)
        async with http.post("/staff/orders/new", data=form) as answer:
            job_id = UUID(answer.url.name)
    job = await shop.job(job_id)
    assert (job.source, job.live, job.directories_total) == ("staff", True, 1)
    assert await ask(served, "GET", "payments") == (200, [])
    await shop.work_off(job_id)
    assert set(shop.submitter.visited) == {"own"}
    again = {"package": "starter", "profile": PROFILE, "payment": event}
    status, problem = await ask(served, "POST", "orders", again)
    assert (status, problem["code"]) == (409, "wrong_state")
    refund = {"id": "evt_8", "type": "charge.refunded", "livemode": True, "data": {"object": {"id": "ch", "payment_intent": "pi_7", "refunded": True}}}  # fmt: skip
    assert (await shop.orders.intake.receive_event(refund)).job_id == job_id


async def test_no_order_is_made_of_a_payment_that_was_paid_back(served: Served, shop: Shop) -> None:
    event = await unfit(shop)
    refund = {"id": "evt_8", "type": "charge.refunded", "livemode": True, "data": {"object": {"id": "ch", "payment_intent": "pi_7", "refunded": True}}}  # fmt: skip
    await shop.orders.intake.receive_event(refund)
    wanted = {"package": "starter", "profile": PROFILE, "payment": event}
    status, problem = await ask(served, "POST", "orders", wanted)
    assert (status, problem["code"]) == (409, "order_over")
    status, problem = await ask(served, "POST", "orders", wanted | {"payment": "evt_of_nobody"})
    assert (status, problem["code"]) == (404, "unknown_payment")
    assert await shop.pool.fetchval("select count(*) from jobs") == 0


async def test_an_older_shop_names_the_package_by_its_id(shop: Shop) -> None:
    metadata = {"package_id": "starter", "business_name": "Mill Bakery"}
    found = await shop.orders.intake.receive_event(checkout(1, metadata=metadata))
    assert found.outcome == "job_created"


async def test_staff_make_an_order_for_money_that_came_another_way(
    served: Served, shop: Shop
) -> None:
    await shop.own_directories("own")
    wanted = {"package": "growth", "profile": PROFILE, "note": "Invoice 12"}
    status, done = await ask(served, "POST", "orders", wanted)
    assert status == 201
    job = await shop.job(UUID(done["jobId"]))
    assert (job.directories_promised, job.directories_total, job.live) == (100, 1, True)


async def sparse(shop: Shop) -> UUID:
    """An order of a checkout that knows only who paid, and how to write to them."""
    details = {"email": "ada@bakery.example.com", "name": "Ada Miller"}
    event = checkout(1, customer_details=details, metadata={"package_type": "starter"})
    found = await shop.orders.intake.receive_event(event)
    assert found.job_id is not None
    return found.job_id


async def test_an_order_waits_for_its_profile_and_its_customer_completes_it(
    served: Served, shop: Shop
) -> None:
    await shop.directories("a")
    job_id = await sparse(shop)
    job = await shop.job(job_id)
    assert (job.status, job.waits_for) == ("waiting", "profile")
    assert "name of the business, phone, city" in str(job.error_message)
    assert await shop.pool.fetchval("select count(*) from outbox") == 0
    _, link = await ask(served, "POST", f"jobs/{job_id}/customer-link")
    browser = {"Sec-Fetch-Site": "same-origin", "Origin": served.url}
    async with aiohttp.ClientSession(headers=browser) as customer:
        async with customer.get(link["url"]) as answer:
            assert "We need a few facts about your business" in await answer.text()
        form = f"{link['url']}/profile"
        async with customer.post(form, data=PROFILE | {"phone": ""}) as answer:
            page = await answer.text()
            assert (answer.status, "Phone is needed" in page, 'value="Mill Bakery"' in page) == (422, True, True)  # fmt: skip
        async with customer.post(form, data=PROFILE | {"hours_monday": "09:00-17:00"}) as answer:
            assert (answer.status, "We have received your order" in await answer.text()) == (200, True)  # fmt: skip
        async with customer.post(f"{form[:-12]}x/profile", data=PROFILE) as answer:
            assert answer.status == 404
    job = await shop.job(job_id)
    assert (job.status, job.waits_for, job.profile["hours"]) == ("pending", None, {"monday": "09:00-17:00"})  # fmt: skip
    await shop.work_off(job_id)
    assert (await shop.job(job_id)).status == "completed"
    _, alerts = await ask(served, "GET", "alerts")
    assert [each["kind"] for each in alerts] == ["shortage"]


async def test_an_edited_profile_sends_on_what_lacked_a_fact_and_nothing_else(
    served: Served, shop: Shop
) -> None:
    async def lacks(task: Task, before_click: BeforeClick) -> Outcome:
        if task.profile.category:
            return await shop.submitter.accept(task, before_click)
        return Outcome("needs_manual", ResultReason.MISSING_DATA, "It asks for a category.")

    async def captcha(task: Task, before_click: BeforeClick) -> Outcome:
        return Outcome("needs_manual", ResultReason.CAPTCHA)

    shop.submitter.visits = {"lacks": lacks, "captcha": captcha}
    await shop.directories("lacks", "captcha", "takes")
    found = await shop.orders.intake.receive_event(checkout(1))
    assert found.job_id is not None
    await shop.work_off(found.job_id)
    path = f"jobs/{found.job_id}/profile"
    status, done = await ask(served, "PUT", path, PROFILE | {"category": "Bakery"})
    assert (status, done["directories"]) == (200, 1)
    await shop.work_off(found.job_id)
    ends = {name: row.status for name, row in (await shop.results(found.job_id)).items()}
    assert ends == {"lacks": "submitted", "captcha": "needs_manual", "takes": "submitted"}
    assert shop.submitter.visited == {"lacks": 2, "captcha": 1, "takes": 1}
    async with served.browsing() as http:
        async with http.get(f"/staff/jobs/{found.job_id}/profile") as answer:
            assert 'value="Bakery"' in await answer.text()
        form = PROFILE | {"business_name": "The Mill"}
        async with http.post(f"/staff/jobs/{found.job_id}/profile", data=form) as answer:
            assert (answer.status, "The Mill" in await answer.text()) == (200, True)
