"""From the outbox through the brain into the queue: once, and never lost on the way."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from directory_bolt.engines.queue import QueueAwayError
from directory_bolt.orders import Orders
from directory_bolt.processes.brain import brain
from directory_bolt.processes.relay import Relay
from hermes_base import __version__
from tests.directory_bolt.processes.shop import Shop
from tests.support.asgi import serving

TOKEN = "token-of-the-brain"


@asynccontextmanager
async def thinking(shop: Shop) -> AsyncGenerator[str]:
    """The brain over real HTTP; its address."""
    async with serving(brain(shop.orders, TOKEN), log_level="error") as url:
        yield url


async def body_of(shop: Shop, job_id: object) -> dict[str, Any]:
    row = await shop.pool.fetchrow("select payload from outbox where job_id = $1", job_id)
    assert row is not None
    return row["payload"]


async def enqueue(url: str, body: Any, token: str | None = TOKEN) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{url}/api/jobs/enqueue", json=body) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def test_an_order_is_queued_once_however_often_it_is_asked(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    body = await body_of(shop, job_id)
    async with thinking(shop) as url:
        answers = await asyncio.gather(*(enqueue(url, body) for _ in range(10)))
    assert sorted(status for status, _ in answers) == [200] * 9 + [201]
    (told,) = {tuple(sorted(answer.items())) for _, answer in answers}
    message = str(await shop.pool.fetchval("select id from queue_messages"))
    assert dict(told) == {
        "job_id": str(job_id), "message_id": message, "queue_provider": "postgres",
        "status": "queued",
    }  # fmt: skip
    assert (await shop.events(job_id)).count("enqueued") == 1


@pytest.mark.parametrize("token", [None, "wrong"])
async def test_the_door_is_shut_without_the_token(shop: Shop, token: str | None) -> None:
    await shop.directories("a")
    body = await body_of(shop, await shop.order(1))
    async with thinking(shop) as url:
        assert (await enqueue(url, body, token))[0] == 401
    assert (await shop.orders.queue.depth()).visible == 0


async def test_the_door_asks_for_the_token_before_it_reads_anything(shop: Shop) -> None:
    """S9: 200 MB without a token were read; an empty body was answered 422 before 401."""
    async with thinking(shop) as url, aiohttp.ClientSession() as http:
        for path in ("/api/jobs/enqueue", "/openapi.json", "/nowhere"):
            async with http.post(f"{url}{path}", data=b"") as answer:
                assert answer.status == 401, path
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Length": str(300 * 1024)}
        async with http.post(f"{url}/api/jobs/enqueue", data=b"a" * 300 * 1024, headers=headers) as answer:  # fmt: skip
            assert answer.status == 413


async def test_an_empty_token_of_the_brain_opens_nothing(shop: Shop) -> None:
    """S1: an empty token never matches an empty bearer."""
    async with serving(brain(shop.orders, ""), log_level="error") as url:
        for given in ("Bearer ", "Bearer x"):
            async with aiohttp.request("POST", f"{url}/api/jobs/enqueue", headers={"Authorization": given}) as answer:  # fmt: skip
                assert answer.status == 401


async def test_what_cannot_be_queued_is_refused_by_name(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    body = await body_of(shop, job_id)
    nobody = "00000000-0000-4000-8000-000000000001"
    async with thinking(shop) as url:
        status, told = await enqueue(url, {**body, "job_id": nobody})
        assert (status, told["code"]) == (404, "unknown_order")
        status, told = await enqueue(url, {**body, "customer_id": nobody})
        assert (status, told["code"]) == (409, "order_mismatch")
        status, told = await enqueue(url, {**body, "priority": 9})
        assert (status, told["field"]) == (422, "priority")
        status, told = await enqueue(url, [])
        assert (status, told["code"]) == (422, "invalid_request")
        await shop.orders.staff.cancel(job_id, "ann")
        status, told = await enqueue(url, body)
        assert (status, told["code"]) == (409, "order_over")
    assert (await shop.orders.queue.depth()).visible == 0


class AwayQueue:
    """A queue that cannot be reached."""

    provider = "postgres"

    async def send(self, body: str, priority: int, within: object = None) -> str:
        raise QueueAwayError("nobody answers at the queue's address")

    async def check(self) -> None:
        raise QueueAwayError("nobody answers at the queue's address")


async def test_a_queue_that_is_away_is_a_503_and_nothing_is_called_queued(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    body = await body_of(shop, job_id)
    queue: object = AwayQueue()
    shop.orders = Orders(shop.pool, queue, shop.orders.engine, shop.orders.evidence)  # type: ignore[arg-type]
    async with thinking(shop) as url, aiohttp.ClientSession(url) as http:
        status, told = await enqueue(url, body)
        assert (status, told["code"]) == (503, "queue_away")
        async with http.get("/health") as answer:
            assert answer.status == 503
            assert (await answer.json())["status"] == "unhealthy"
    assert (await shop.job(job_id)).message_id is None
    assert "enqueued" not in await shop.events(job_id)


async def test_the_health_of_the_brain_is_the_one_that_was_asked_for(shop: Shop) -> None:
    async with (
        thinking(shop) as url,
        aiohttp.ClientSession(url) as http,
        http.get("/health") as answer,
    ):
        assert answer.status == 200
        told = await answer.json()
    assert told == {"status": "healthy", "service": "brain", "version": __version__}


async def test_the_relay_hands_over_what_stands_in_the_outbox(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    async with thinking(shop) as url, aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as http:  # fmt: skip
        relay = Relay(shop.pool, lambda: url, TOKEN)
        assert await relay.turn(http) == 1
        assert await relay.turn(http) == 0
    assert (await shop.job(job_id)).message_id is not None


@pytest.mark.parametrize("where", ["", "http://127.0.0.1:1"])
async def test_a_brain_that_is_away_loses_nothing(shop: Shop, where: str) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    async with aiohttp.ClientSession() as http:
        assert await Relay(shop.pool, lambda: where, TOKEN).turn(http) == 0
    row = await shop.pool.fetchrow("select attempts, last_error, done_at from outbox")
    assert row is not None
    assert (row["attempts"], row["done_at"]) == (1, None)
    assert "brain" in row["last_error"]
    await shop.pool.execute("update outbox set due_at = now()")
    async with thinking(shop) as url, aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as http:  # fmt: skip
        assert await Relay(shop.pool, lambda: url, TOKEN).turn(http) == 1
    assert (await shop.job(job_id)).message_id is not None


async def test_the_outbox_of_a_cancelled_order_is_closed(shop: Shop) -> None:
    await shop.directories("a")
    job_id = await shop.order(1)
    await shop.orders.staff.cancel(job_id, "ann")
    async with thinking(shop) as url, aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as http:  # fmt: skip
        assert await Relay(shop.pool, lambda: url, TOKEN).turn(http) == 1
    assert await shop.pool.fetchval("select done_at is not null from outbox")
