"""Every value of `core.rows` holds what it declares, read from real rows of a worked-off order."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pytest
from pydantic import TypeAdapter

from directory_bolt.core.orders.choosing import STATUSES
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.storage import (
    alerts,
    dead_letters,
    flows,
    heartbeats,
    history,
    inbox,
    messages,
    orders,
    outbox,
    reading,
    results,
)
from directory_bolt.submitting import BeforeClick, Outcome, Task
from tests.directory_bolt.processes.shop import Shop, checkout


def wrong_fields(found: Sequence[object]) -> list[str]:
    """`Class.field: value` of what does not have its declared type."""
    assert found, "nothing was read"
    wrong: list[str] = []
    for value in found:
        hints: dict[str, Any] = {each.name: each.type for each in fields(value)}  # type: ignore[arg-type]
        for name, hint in hints.items():
            held: Any = getattr(value, name)
            try:
                TypeAdapter[Any](hint).validate_python(held, strict=True)
            except ValueError:
                wrong.append(f"{type(value).__name__}.{name}: {held!r}")
    return wrong


async def captcha(task: Task, before_click: BeforeClick) -> Outcome:
    del task, before_click
    return Outcome("needs_manual", ResultReason.CAPTCHA, "A CAPTCHA.")


async def test_the_rows_of_an_order_hold_what_their_values_declare(shop: Shop) -> None:
    await shop.directories("a", "b", "c")
    shop.submitter.visits = {"b": captcha}
    received = await shop.orders.intake.receive_event(checkout())
    assert received.job_id is not None
    job_id, pool = received.job_id, shop.pool
    before = await results.open_work(pool, job_id)
    async with pool.acquire() as connection, connection.transaction():
        due = await outbox.due(connection, 9)
    waiting = await reading.outbox(pool, 9)
    await shop.enqueue(job_id)
    delivered = await messages.receive(pool, 1, 0)
    await shop.subscriber().turn()
    unfinished = await flows.unfinished(pool, "embedded")
    await shop.worker().drain()
    every = STATUSES["all"][1]
    found: list[Sequence[object]] = [
        before, due, waiting, delivered, unfinished, [await messages.depth(pool)],
        [await orders.claimed(pool, job_id)], [await orders.order(pool, job_id)],
        await results.of_job(pool, job_id), await history.of_job(pool, job_id),
        [await inbox.event(pool, "evt_1")], await alerts.alerts(pool),
        await reading.listed(pool, every, "", "newest", 9, 0), await reading.work_list(pool, job_id),
        await reading.waiting_for_people(pool, 9), await reading.happened(pool, 99),
        await reading.directories(pool), [await reading.flows_and_oldest(pool)],
    ]  # fmt: skip
    assert [wrong for each in found for wrong in wrong_fields(each)] == []


async def test_what_is_known_beside_orders_holds_what_its_values_declare(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await dead_letters.add(shop.pool, "queue", "{}", "received 3 times", job_id, 3)
    await dead_letters.add(shop.pool, "queue", "{broken", "not an order")
    await heartbeats.record(shop.pool, "relay-1", "relay", {"n": 1}, shop.clock())
    shop.clock.forward(60)
    found: list[Sequence[object]] = [
        await dead_letters.listed(shop.pool), await reading.dead_letters(shop.pool, 9),
        await heartbeats.heartbeats(shop.pool),
        await orders.without_progress(shop.pool, await shop.pool.fetchval("select now()")),
    ]  # fmt: skip
    assert [wrong for each in found for wrong in wrong_fields(each)] == []


async def test_a_column_that_a_statement_does_not_return_is_an_error(shop: Shop) -> None:
    await shop.directories("a")
    row = await shop.pool.fetchrow("select id from jobs union all select gen_random_uuid()")
    assert row is not None
    from directory_bolt.core.rows.orders import Order
    from hermes_base.postgres import rows

    with pytest.raises(KeyError):
        rows.value(Order, row)
