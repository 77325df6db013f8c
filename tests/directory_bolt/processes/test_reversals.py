"""Payments that are taken back, and payments that are not to be believed."""

from typing import Any
from uuid import UUID

import pytest

from directory_bolt.core.orders.states import ResultReason
from directory_bolt.processes.flow import NO_DEMO_DIRECTORIES
from directory_bolt.submitting import BeforeClick, Outcome, Task
from hermes_base.problems import Problem
from tests.directory_bolt.processes.shop import Shop, checkout

PAYMENT = "pi_1"


def taken_back(kind: str, number: int = 9, **about: Any) -> dict[str, Any]:
    """The event of a refund or dispute of PAYMENT."""
    charge = {"id": "ch_1", "payment_intent": PAYMENT, "amount": 14_900, **about}
    return {"id": f"evt_{number}", "type": kind, "livemode": False, "data": {"object": charge}}


async def paid(shop: Shop) -> UUID:
    await shop.directories("a", "b")
    found = await shop.orders.intake.receive_event(checkout(1, payment_intent=PAYMENT))
    assert found.job_id is not None
    return found.job_id


async def alert_texts(shop: Shop, kind: str) -> list[str]:
    rows = await shop.pool.fetch("select text from alerts where kind = $1", kind)
    return [row["text"] for row in rows]


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("charge.refunded", {"refunded": True, "amount_refunded": 14_900}),
        ("charge.dispute.created", {"amount": 5_000, "reason": "fraudulent"}),
    ],
)
async def test_nothing_is_submitted_after_a_refund_or_dispute(
    shop: Shop, kind: str, about: dict[str, Any]
) -> None:
    job_id = await paid(shop)
    await shop.enqueue(job_id)
    found = await shop.orders.intake.receive_event(taken_back(kind, **about))
    assert (found.outcome, found.job_id) == ("reversed", job_id)
    await shop.subscriber().turn()
    await shop.worker().drain()
    assert (await shop.job(job_id)).status == "cancelled"
    assert shop.submitter.sent == {}
    (text,) = await alert_texts(shop, "reversal")
    assert text.endswith("The order was stopped; 0 of 2 directories have a result.")


async def test_a_refund_of_a_part_is_told_and_stops_nothing(shop: Shop) -> None:
    job_id = await paid(shop)
    await shop.orders.intake.receive_event(taken_back("charge.refunded", amount_refunded=1_000))
    await shop.work_off(job_id)
    assert (await shop.job(job_id)).status == "completed"
    (text,) = await alert_texts(shop, "reversal")
    assert "refunded in part (10.00)" in text


async def test_a_refund_of_a_finished_order_tells_what_was_submitted(shop: Shop) -> None:
    job_id = await paid(shop)
    await shop.work_off(job_id)
    await shop.orders.intake.receive_event(taken_back("charge.refunded", refunded=True))
    assert (await shop.job(job_id)).status == "completed"
    (text,) = await alert_texts(shop, "reversal")
    assert text.endswith("The order is completed; 2 of 2 directories have a result.")


async def test_a_refund_of_another_payment_stops_nothing(shop: Shop) -> None:
    job_id = await paid(shop)
    other = taken_back("charge.refunded", refunded=True, payment_intent="pi_of_another_shop")
    assert (await shop.orders.intake.receive_event(other)).outcome == "ignored"
    assert (await shop.job(job_id)).status == "pending"
    assert await alert_texts(shop, "reversal") == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"livemode": True}, "test mode"), ({"account": "acct_7"}, "connected account acct_7")],
)
async def test_an_event_of_another_account_or_mode_makes_no_order_and_an_alert(
    shop: Shop, changes: dict[str, Any], words: str
) -> None:
    found = await shop.orders.intake.receive_event(checkout(1) | changes)
    assert found.outcome == "refused"
    assert words in found.detail
    (text,) = await alert_texts(shop, "intake")
    assert words in text


async def test_an_order_without_directories_is_not_completed_and_goes_on_when_there_are_some(
    shop: Shop,
) -> None:
    """S3: 50 directories were paid for and none was allowed; the order said Completed."""
    found = await shop.orders.intake.receive_event(checkout(1))
    assert found.job_id is not None
    await shop.work_off(found.job_id)
    job = await shop.job(found.job_id)
    assert (job.status, job.directories_promised, job.directories_total) == ("waiting", 50, 0)
    assert job.error_message == NO_DEMO_DIRECTORIES
    await shop.directories("a", "b")
    assert await shop.orders.retries.retry_failed(found.job_id, "ann") == 2
    await shop.work_off(found.job_id)
    job = await shop.job(found.job_id)
    assert (job.status, job.directories_done, job.directories_total) == ("completed", 2, 2)


async def test_directories_that_are_enabled_meanwhile_are_added_before_the_end(shop: Shop) -> None:
    job_id = await paid(shop)
    await shop.enqueue(job_id)
    await shop.directories("c")
    await shop.subscriber().turn()
    await shop.worker().drain()
    job = await shop.job(job_id)
    assert (job.status, job.directories_total) == ("completed", 3)
    assert set(await shop.results(job_id)) == {"a", "b", "c"}


async def test_a_refund_that_is_told_before_its_payment_lets_no_order_come_about(
    shop: Shop,
) -> None:
    await shop.directories("a")
    refund = taken_back("charge.refunded", refunded=True)
    assert (await shop.orders.intake.receive_event(refund)).outcome == "ignored"
    found = await shop.orders.intake.receive_event(checkout(1, payment_intent=PAYMENT))
    assert (found.outcome, found.job_id) == ("refused", None)
    (text,) = await alert_texts(shop, "intake")
    assert "refunded" in text


async def test_staff_cannot_try_again_what_was_paid_back(shop: Shop) -> None:
    async def refuse(task: Task, before_click: BeforeClick) -> Outcome:
        assert await before_click({})
        return Outcome("failed", ResultReason.REJECTED, "No.")

    shop.submitter.visits = {"a": refuse}
    await shop.directories("a")
    found = await shop.orders.intake.receive_event(checkout(1, payment_intent=PAYMENT))
    assert found.job_id is not None
    await shop.work_off(found.job_id)
    await shop.orders.intake.receive_event(taken_back("charge.refunded", refunded=True))
    row = (await shop.results(found.job_id))["a"]
    for again in (
        shop.orders.retries.retry_failed(found.job_id, "ann"),
        shop.orders.retries.retry_one(row.id, "ann"),
    ):
        with pytest.raises(Problem) as refused:
            await again
        assert (refused.value.code, "refunded" in refused.value.message) == ("order_over", True)
    assert (await shop.job(found.job_id)).status == "completed"
