"""The embedded queue keeps the contract of every queue, and its own promises."""

from dataclasses import dataclass

import pytest

from directory_bolt.engines.postgres_queue import PostgresQueue
from directory_bolt.engines.queue import QueueAwayError
from directory_bolt.storage import dead_letters, messages
from hermes_base.postgres.database import Pool, open_pool
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.queues.queue_contract import *  # noqa: F403  # the tests of every queue


@dataclass
class PostgresBench:
    queue: PostgresQueue
    pool: Pool

    async def dead(self) -> list[str]:
        return [row.body for row in await dead_letters.listed(self.pool)]


@pytest.fixture
def bench(shop: Shop) -> PostgresBench:
    return PostgresBench(PostgresQueue(shop.pool), shop.pool)


async def test_the_most_urgent_message_comes_first(bench: PostgresBench) -> None:
    for body, priority in (("later", 4), ("first", 1), ("second", 2)):
        await bench.queue.send(body, priority)
    order = [(await bench.queue.receive(1, 0, 30))[0].body for _ in range(3)]
    assert order == ["first", "second", "later"]


async def test_a_waiting_message_is_moved_up_or_dropped_by_its_id(bench: PostgresBench) -> None:
    await bench.queue.send("first", 2)
    dropped = await bench.queue.send("dropped", 1)
    moved = await bench.queue.send("moved", 4)
    async with bench.pool.acquire() as connection:
        await bench.queue.reprioritise(moved, 1, connection)
        await bench.queue.forget(dropped, connection)
    found = await bench.queue.receive(9, 0, 30)
    assert {message.body for message in found} == {"moved", "first"}
    order = await bench.pool.fetch("select body from queue_messages order by priority")
    assert [row["body"] for row in order] == ["moved", "first"]


async def test_a_receipt_of_an_earlier_delivery_deletes_nothing(bench: PostgresBench) -> None:
    await bench.queue.send("x", 4)
    (first,) = await bench.queue.receive(1, 0, 30)
    await bench.pool.execute("update queue_messages set visible_at = now() - interval '1 s'")
    (second,) = await bench.queue.receive(1, 0, 30)
    assert not await bench.queue.delete(first)
    assert await bench.queue.delete(second)


async def test_dead_lettering_under_an_old_receipt_does_not_double_the_message(
    bench: PostgresBench,
) -> None:
    await bench.queue.send("x", 4)
    (first,) = await bench.queue.receive(1, 0, 30)
    await bench.pool.execute("update queue_messages set visible_at = now() - interval '1 s'")
    await bench.queue.receive(1, 0, 30)
    await bench.queue.dead_letter(first, "too late")
    assert await bench.dead() == []
    assert (await messages.depth(bench.pool)).in_flight == 1


async def test_a_database_that_is_away_is_a_queue_that_is_away(database_url: str) -> None:
    pool = await open_pool(database_url, size=2)
    queue = PostgresQueue(pool)
    await pool.close()
    with pytest.raises(QueueAwayError, match="database"):
        await queue.check()
