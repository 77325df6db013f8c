"""Whatever Stripe sends, in whatever order: nobody pays for nothing, and nothing is sent for no money."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.directory_bolt.processes.shop import Shop, checkout

SESSIONS = range(4)
SUCCEEDED = {"type": "checkout.session.async_payment_succeeded"}


def payments(chance: random.Random, number: int) -> Iterator[dict[str, Any]]:
    """The events of one checkout, in Stripe's order; its mode, its price and its end are left to chance."""
    live = chance.random() < 0.5
    about: dict[str, Any] = {
        "id": f"cs_{number}",
        "payment_intent": f"pi_{number}",
        "livemode": live,
    }
    about["metadata"] = {"package_type": "starter", "business_name": f"Business {number}"}
    if chance.random() < 0.2:
        about["amount_subtotal"] = chance.choice([None, True, "14900", 100])
        about["amount_total"] = about["amount_subtotal"]
    mode = {"livemode": live if chance.random() < 0.9 else not live}
    if chance.random() < 0.5:
        yield checkout(number * 10, **about, payment_status="unpaid") | mode
        yield checkout(number * 10 + 1, **about) | SUCCEEDED | mode
    else:
        yield checkout(number * 10 + 2, **about) | mode
    if chance.random() < 0.5:
        kind = chance.choice(["charge.refunded", "charge.dispute.created"])
        charge = {
            "payment_intent": f"pi_{number}",
            "amount": 14_900,
            "refunded": True,
            "livemode": live,
        }
        yield {
            "id": f"evt_{number * 10 + 3}",
            "type": kind,
            "livemode": live,
            "data": {"object": charge},
        }


def stream(chance: random.Random) -> list[dict[str, Any]]:
    """All events of all checkouts, some of them twice, in any order."""
    events = [each for number in SESSIONS for each in payments(chance, number)]
    events += chance.choices(events, k=4)
    chance.shuffle(events)
    return events


async def sent(shop: Shop, number: int) -> int:
    """How many forms were sent for a checkout, as the directories count them."""
    job_id = await shop.pool.fetchval(
        "select id from jobs where checkout_session = $1", f"cs_{number}"
    )
    return sum(count for (job, _), count in shop.submitter.sent.items() if job == job_id)


async def work(shop: Shop) -> None:
    """Every order that can go on goes on to its end."""
    for row in await shop.pool.fetch("select id from jobs where status = 'pending'"):
        await shop.work_off(row["id"])


@pytest.mark.parametrize("seed", range(10))
async def test_a_payment_has_an_order_or_an_alert_and_nothing_is_sent_after_a_refund(
    shop: Shop, seed: int
) -> None:
    chance = random.Random(seed)
    await shop.directories("demo")
    await shop.own_directories("own")
    taken_back, paid = dict[int, int](), set[int]()
    for event in stream(chance):
        number = int(event["id"].removeprefix("evt_")) // 10
        await shop.orders.intake.receive_event(event)
        if event["type"].startswith("charge"):
            taken_back.setdefault(number, await sent(shop, number))
        elif event["data"]["object"]["payment_status"] == "paid":
            paid.add(number)
        if chance.random() < 0.4:
            await work(shop)
    await work(shop)
    for number in SESSIONS:
        await stands_as_paid(shop, number, is_paid=number in paid)
        if number in taken_back:
            assert await sent(shop, number) == taken_back[number], "sent after the money was gone"
    assert max(shop.submitter.sent.values(), default=0) <= 1, "a form was sent twice"


async def stands_as_paid(shop: Shop, number: int, *, is_paid: bool) -> None:
    """One order of the right mode, or an alert that says why there is none."""
    found = await shop.pool.fetch(
        "select j.status, j.live, array(select d.is_demo from job_directories l join directories d"
        "  on d.id = l.directory_id where l.job_id = j.id) as demo from jobs j where checkout_session = $1",
        f"cs_{number}",
    )
    told = await shop.pool.fetchval(
        "select count(*) from alerts a where kind = 'intake' and closed_at is null and exists"
        " (select from webhook_inbox w where a.key = 'intake:' || w.event_id"
        "  and w.payload #>> '{data,object,payment_intent}' = $1)",
        f"pi_{number}",
    )
    if not found:
        assert told or not is_paid, "paid, and nobody knows"
        return
    assert is_paid
    (job,) = found
    assert job["status"] in ("completed", "cancelled")
    assert job["demo"] == [not job["live"]]
