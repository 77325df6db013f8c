"""An order that proves the system is small, visits demo directories only, and can be taken away."""

import time
from uuid import uuid4

import orjson
import pytest

from directory_bolt.core.orders.paid import paid_event, signature_of
from directory_bolt.core.orders.purchases import PROVES
from tests.directory_bolt.web.staff_support import shop_of
from tests.support.served import STRIPE_SECRET, Served


async def buy(served: Served, metadata: dict[str, str], *, livemode: bool = False) -> str:
    """A paid starter package; the order's id."""
    event = paid_event("starter", uuid4().hex, int(time.time()), **metadata)
    event["livemode"] = event["data"]["object"]["livemode"] = livemode
    body = orjson.dumps(event)
    headers = {"Stripe-Signature": signature_of(body, STRIPE_SECRET, int(time.time()))}
    async with served.http.post("/api/webhook", data=body, headers=headers) as answer:
        return str((await answer.json())["jobId"])


async def test_a_proving_order_is_small_and_is_taken_away_whole(served: Served) -> None:
    await shop_of(served).directories(*"abcdefg")
    job = await buy(served, {PROVES: "tag"})
    row = await served.orders.pool.fetchrow("select * from jobs")
    assert row is not None
    assert (row["source"], row["directories_total"]) == ("verify", 5)
    async with served.http.delete(f"/api/staff/jobs/{job}") as answer:
        assert answer.status == 204
    for table in ("jobs", "customers", "webhook_inbox", "outbox", "queue_history"):
        assert await served.orders.pool.fetchval(f"select count(*) from {table}") == 0, table


@pytest.mark.parametrize(("livemode", "metadata"), [(False, {}), (True, {PROVES: "tag"})])
async def test_a_customers_order_is_whole_and_cannot_be_deleted(
    served: Served, livemode: bool, metadata: dict[str, str]
) -> None:
    await shop_of(served).directories(*"abcdefg")
    await shop_of(served).own_directories(*"hijklmn")
    job = await buy(served, metadata, livemode=livemode)
    assert await served.orders.pool.fetchval("select directories_total from jobs") == 7
    async with served.http.delete(f"/api/staff/jobs/{job}") as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "not_a_test")
    assert await served.orders.pool.fetchval("select count(*) from jobs") == 1
