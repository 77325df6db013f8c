"""From a Stripe event to an order: once, whole, and nothing that was paid is lost."""

import asyncio
from typing import Any

import pytest

from hermes_base.problems import Problem
from tests.directory_bolt.processes.shop import Shop, checkout


async def one(shop: Shop, statement: str) -> Any:
    return await shop.pool.fetchval(statement)


async def test_a_paid_checkout_makes_customer_order_work_list_and_outbox(shop: Shop) -> None:
    await shop.directories("a", "b", "c")
    found = await shop.orders.intake.receive_event(checkout())
    assert found.outcome == "job_created"
    assert found.job_id is not None
    job = await shop.job(found.job_id)
    assert (job.status, job.package_type, job.priority) == ("pending", "starter", 4)
    assert (job.directories_promised, job.directories_total) == (50, 3)
    assert job.profile["business_name"] == "Mill Bakery"
    assert job.profile["street"] == "12 Mill Street"
    assert job.profile["email"] == "ada@bakery.example.com"
    assert await one(shop, "select count(*) from outbox where done_at is null") == 1
    events = await shop.events(found.job_id)
    assert events == ["shortage", "webhook_received", "job_created"]


async def test_fewer_directories_than_were_paid_for_is_an_alert(shop: Shop) -> None:
    await shop.directories("a")
    await shop.orders.intake.receive_event(checkout())
    assert await one(shop, "select text from alerts where kind = 'shortage'") == (
        "50 directories were paid for, but only 1 are enabled and allowed."
    )


async def test_one_event_delivered_a_hundred_times_at_once_makes_one_of_everything(
    shop: Shop,
) -> None:
    await shop.directories("a")
    found = await asyncio.gather(
        *(shop.orders.intake.receive_event(checkout()) for _ in range(100))
    )
    assert sum(not each.duplicate for each in found) == 1
    assert len({each.job_id for each in found}) == 1
    for table in ("customers", "jobs", "outbox"):
        assert await one(shop, f"select count(*) from {table}") == 1
    assert await one(shop, "select deliveries from webhook_inbox") == 100


async def test_two_events_of_one_session_make_one_order(shop: Shop) -> None:
    await shop.directories("a")
    first = await shop.orders.intake.receive_event(checkout(1))
    later = checkout(2, id="cs_1") | {"type": "checkout.session.async_payment_succeeded"}
    second = await shop.orders.intake.receive_event(later)
    assert (second.job_id, second.duplicate) == (first.job_id, True)
    assert await one(shop, "select count(*) from jobs") == 1


async def test_an_unpaid_checkout_makes_an_order_only_when_the_payment_arrives(shop: Shop) -> None:
    await shop.directories("a")
    unpaid = await shop.orders.intake.receive_event(checkout(1, payment_status="unpaid"))
    assert (unpaid.outcome, unpaid.job_id) == ("unpaid", None)
    paid = checkout(2, id="cs_1") | {"type": "checkout.session.async_payment_succeeded"}
    assert (await shop.orders.intake.receive_event(paid)).outcome == "job_created"
    failed = checkout(3, id="cs_3") | {"type": "checkout.session.async_payment_failed"}
    assert (await shop.orders.intake.receive_event(failed)).outcome == "payment_failed"
    assert await one(shop, "select count(*) from jobs") == 1


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (
            {"metadata": {"package_type": "gold", "business_name": "x"}},
            "Unknown package: 'gold'",
        ),
        ({"metadata": {"business_name": "x"}}, "Unknown package: ''"),
        (
            {"amount_subtotal": 100},
            "Starter costs 149.00 USD, but the checkout session says 1.00 USD.",
        ),
        ({"currency": "eur"}, "the checkout session says 149.00 EUR."),
        ({"customer_details": {"name": "Ada"}}, "no usable email"),
    ],
)
async def test_a_payment_that_cannot_become_an_order_is_kept_and_alerted(
    shop: Shop, session: dict[str, Any], words: str
) -> None:
    found = await shop.orders.intake.receive_event(checkout(1, **session))
    assert (found.outcome, found.job_id) == ("refused", None)
    assert words in found.detail
    assert words in await one(shop, "select text from alerts where kind = 'intake'")
    assert await one(shop, "select count(*) from jobs") == 0
    assert await one(shop, "select payload->>'id' from webhook_inbox") == "evt_1"


async def test_other_events_are_kept_and_make_nothing(shop: Shop) -> None:
    found = await shop.orders.intake.receive_event(checkout() | {"type": "invoice.paid"})
    assert found.outcome == "ignored"


@pytest.mark.parametrize("event", [{}, {"id": "x"}, {"id": 1, "type": "y"}])
async def test_what_is_no_event_is_refused(shop: Shop, event: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        await shop.orders.intake.receive_event(event)
    assert refused.value.code == "invalid_event"


async def test_custom_fields_and_metadata_fill_the_profile(shop: Shop) -> None:
    await shop.directories("a")
    fields = [
        {"key": "businessPhone", "type": "text", "text": {"value": "+49 30 1234567"}},
        {"key": "category", "type": "dropdown", "dropdown": {"value": "Bakery"}},
    ]
    found = await shop.orders.intake.receive_event(checkout(1, custom_fields=fields))
    assert found.job_id is not None
    profile = (await shop.job(found.job_id)).profile
    assert (profile["phone"], profile["category"]) == ("+49 30 1234567", "Bakery")


async def test_two_orders_of_one_business_have_one_customer(shop: Shop) -> None:
    await shop.directories("a")
    await shop.orders.intake.receive_event(checkout(1))
    await shop.orders.intake.receive_event(checkout(2))
    assert await one(shop, "select count(*) from customers") == 1
    assert await one(shop, "select count(*) from jobs") == 2


async def test_every_package_promises_what_is_sold(shop: Shop) -> None:
    names = [f"d{number:03}" for number in range(510)]
    await shop.directories(*names)
    prices = {"starter": 149, "growth": 299, "professional": 499, "enterprise": 799}
    for number, (slug, price) in enumerate(prices.items()):
        metadata = {"package_type": slug, "business_name": f"Business {slug}"}
        event = checkout(number, metadata=metadata, amount_subtotal=price * 100)
        found = await shop.orders.intake.receive_event(event)
        assert found.job_id is not None, found
        job = await shop.job(found.job_id)
        assert job.directories_total == job.directories_promised
    totals = await shop.pool.fetch("select directories_total as n from jobs order by 1")
    assert [row["n"] for row in totals] == [50, 100, 300, 500]


async def test_a_sandbox_at_another_port_serves_the_same_directories(shop: Shop) -> None:
    def served(port: int, *names: str) -> list[dict[str, Any]]:
        urls = {name: f"http://127.0.0.1:{port}/{name}/submit?full=1" for name in names}
        return [{"name": name, "submission_url": url} for name, url in urls.items()]

    async def known() -> set[tuple[str, str, bool]]:
        rows = await shop.pool.fetch("select name, submission_url, enabled from directories")
        return {tuple(row) for row in rows}

    await shop.orders.directories.put_demo(served(8001, "north", "south"))
    await shop.orders.directories.put_demo(served(8002, "north", "west"))
    assert await known() == {
        ("north", "http://127.0.0.1:8002/north/submit?full=1", True),
        ("south", "http://127.0.0.1:8001/south/submit?full=1", False),
        ("west", "http://127.0.0.1:8002/west/submit?full=1", True),
    }
