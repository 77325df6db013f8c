"""POST /api/webhook over HTTP: signed or not, configured or not, once or a hundred times."""

import asyncio
import base64
import json
import time
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from directory_bolt.core.orders.paid import signature_of
from hermes_base.postgres import health
from tests.directory_bolt.processes.shop import checkout, signed
from tests.support.room import Room
from tests.support.served import ACCESS, STRIPE_SECRET, Served, serve_web


async def deliver(url: str, body: bytes, signature: str | None) -> tuple[int, dict[str, Any]]:
    headers = {"Stripe-Signature": signature} if signature else {}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{url}/api/webhook", data=body) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def test_a_signed_payment_becomes_an_order(served: Served) -> None:
    status, told = await deliver(served.url, *signed(checkout(), STRIPE_SECRET))
    assert (status, told["outcome"], told["duplicate"]) == (200, "job_created", False)
    found = await served.room.hermes.pool.fetchval("select id from jobs")
    assert told["jobId"] == str(found)


async def test_a_hundred_deliveries_make_one_order(served: Served) -> None:
    body, signature = signed(checkout(), STRIPE_SECRET)
    answers = await asyncio.gather(*(deliver(served.url, body, signature) for _ in range(100)))
    assert {status for status, _ in answers} == {200}
    assert sum(not told["duplicate"] for _, told in answers) == 1
    pool = served.room.hermes.pool
    assert await pool.fetchval("select count(*) from jobs") == 1
    assert await pool.fetchval("select count(*) from outbox") == 1


async def test_a_wrong_an_old_and_a_missing_signature_are_refused(served: Served) -> None:
    body, signature = signed(checkout(), STRIPE_SECRET)
    _, of_another = signed(checkout(), "whsec_another")
    _, old = signed(checkout(), STRIPE_SECRET, int(time.time()) - 3600)
    for wrong in (of_another, old, None, "junk"):
        status, told = await deliver(served.url, body, wrong)
        assert (status, told["code"]) == (400, "stripe_signature_wrong")
    status, _ = await deliver(served.url, body + b" ", signature)
    assert status == 400
    assert await served.room.hermes.pool.fetchval("select count(*) from webhook_inbox") == 0


async def test_what_is_signed_but_no_event_is_refused(served: Served) -> None:
    for event in ([], {"object": "event"}, {"id": 5, "type": "x", "object": "event"}):
        status, told = await deliver(served.url, *signed(event, STRIPE_SECRET))  # type: ignore[arg-type]
        assert status == 400, told


async def test_an_unconfigured_stripe_answers_503_and_says_so(room: Room) -> None:
    async with serve_web(room, ACCESS, stripe_secret="") as served:
        status, told = await deliver(served.url, *signed(checkout()))
    assert (status, told["code"]) == (503, "stripe_not_configured")
    assert "HERMES_STRIPE_WEBHOOK_SECRET" in told["hint"]


async def test_a_paid_event_that_cannot_be_stored_is_kept_byte_for_byte_and_told(
    served: Served,
) -> None:
    """S12: NUL, half of a surrogate pair or endless depth in a paid event lost it without an alert."""
    paid, deep = json.dumps(checkout()), "[" * 50_000 + "]" * 50_000
    bodies = [
        paid.replace("Mill Bakery", "Mill\\u0000Bakery"),
        paid.replace("evt_1", "evt_\\u0000"),
        paid.replace("evt_1", "evt_\\ud800"),
        paid.replace("evt_1", "evt_deep").replace('"object": "event"', f'"object": {deep}'),
    ]
    for body in map(str.encode, bodies):
        signature = signature_of(body, STRIPE_SECRET, int(time.time()))
        again = [await deliver(served.url, body, signature) for _ in range(2)]
        assert [status for status, _ in again] == [200, 200], body[:200]
        assert [told["outcome"] for _, told in again] == ["refused"] * 2
        assert [told["duplicate"] for _, told in again] == [False, True]
    pool = served.room.hermes.pool
    kept = await pool.fetch("select payload from webhook_inbox where type = 'unstorable'")
    found = [base64.b64decode(row["payload"]["base64"]).decode() for row in kept]
    assert sorted(found) == sorted(bodies)
    assert await pool.fetchval("select count(*) from alerts where kind = 'intake'") == len(bodies)


async def test_a_machine_eleven_minutes_ahead_refuses_no_payment(served: Served) -> None:
    """S6: by its own clock every signature is too old, and Stripe gives up after days."""
    vars(served.room.clock)["skew"] = timedelta(minutes=11)
    body = json.dumps(checkout()).encode()
    now = int(time.time()) - 660
    status, told = await deliver(served.url, body, signature_of(body, STRIPE_SECRET, now))
    assert (status, told["outcome"]) == (200, "job_created")
    for wrong in (now - 400, now + 400):
        status, told = await deliver(served.url, body, signature_of(body, STRIPE_SECRET, wrong))
        assert (status, told["code"]) == (400, "stripe_signature_wrong")


async def test_an_event_whose_id_is_a_book_is_refused(served: Served) -> None:
    """S22: ids of 100 KB went whole into the log."""
    status, told = await deliver(served.url, *signed(checkout() | {"id": "e" * 256}, STRIPE_SECRET))
    assert (status, told["code"]) == (400, "invalid_event")


FULL = """
create function full_disk() returns trigger language plpgsql as
$$ begin raise exception using errcode = '53100', message = 'could not extend file'; end $$;
create trigger full_disk before insert on webhook_inbox execute function full_disk();
create trigger full_disk before insert on test_jobs execute function full_disk();
"""


async def test_a_full_database_answers_503_with_its_cause_and_health_says_it(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S14: webhooks and starts were answered 500 internal, and /health 200."""
    monkeypatch.setattr(health, "_refused", {})
    served.room.register("content_qa")
    await served.room.hermes.pool.execute(FULL)
    status, told = await deliver(served.url, *signed(checkout(), STRIPE_SECRET))
    assert (status, told["code"]) == (503, "database_away")
    assert told["message"] == "The disk of the database is full."
    body = {"siteId": str(served.room.site.id), "service": "content_qa"}
    async with served.http.post("/api/tests/smoke/start", json=body) as answer:
        assert (answer.status, (await answer.json())["code"]) == (503, "database_away")
    async with served.http.get("/health") as answer:
        told = await answer.json()
    assert (answer.status, told["checks"]["database"]) == (503, "the disk of the database is full")
    await served.room.hermes.pool.execute("drop function full_disk cascade")
    status, told = await deliver(served.url, *signed(checkout(), STRIPE_SECRET))
    assert (status, told["outcome"]) == (200, "job_created"), "nothing is lost"


async def test_while_a_secret_is_rolled_the_new_and_the_old_one_are_taken_and_no_other(
    room: Room,
) -> None:
    async with serve_web(room, stripe_secret="whsec_new, whsec_old") as served:
        for number, secret in enumerate(("whsec_new", "whsec_old")):
            status, _ = await deliver(served.url, *signed(checkout(number), secret))
            assert status == 200
        for secret in ("whsec_other", "whsec_new, whsec_old", ""):
            status, told = await deliver(served.url, *signed(checkout(9), secret))
            assert (status, told["code"]) == (400, "stripe_signature_wrong")
