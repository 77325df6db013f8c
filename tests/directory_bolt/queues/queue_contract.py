"""What every queue must do. A test module for an engine makes the queue and imports these tests."""

import asyncio
from typing import Protocol

from directory_bolt.engines.queue import MOST_RECEIVES, Message, Queue
from tests.support.waiting import patience


class Bench(Protocol):
    """A queue to be tested, and how to look into its dead letters."""

    queue: Queue

    async def dead(self) -> list[str]:
        """Bodies of the dead letters."""
        ...


async def one(queue: Queue, visibility: float = 30, wait: float = 1) -> Message:
    (message,) = await queue.receive(1, wait, visibility)
    return message


async def test_what_is_sent_is_received_once_while_it_is_invisible(bench: Bench) -> None:
    sent = await bench.queue.send("hello", 4)
    message = await one(bench.queue)
    assert (message.id, message.body, message.receive_count) == (sent, "hello", 1)
    assert await bench.queue.receive(1, 0, 30) == []
    assert await bench.queue.delete(message)
    assert (await bench.queue.depth()).in_flight == 0


async def test_a_message_that_nobody_deletes_comes_again_and_counts(bench: Bench) -> None:
    await bench.queue.send("again", 4)
    await one(bench.queue, visibility=1)
    second = await one(bench.queue, wait=5)
    assert second.receive_count == 2


async def test_a_message_received_too_often_is_a_dead_letter(bench: Bench) -> None:
    await bench.queue.send("poison", 4)
    for _ in range(MOST_RECEIVES):
        await one(bench.queue, visibility=1, wait=5)
    async with patience():
        while await bench.dead() != ["poison"]:
            assert await bench.queue.receive(1, 1, 1) == []


async def test_a_dead_letter_is_gone_from_the_queue(bench: Bench) -> None:
    await bench.queue.send("{broken", 4)
    await bench.queue.dead_letter(await one(bench.queue), "not JSON")
    assert await bench.dead() == ["{broken"]
    depth = await bench.queue.depth()
    assert (depth.visible, depth.in_flight, depth.dead) == (0, 0, 1)


async def test_a_waiting_receiver_is_woken_by_a_new_message(bench: Bench) -> None:
    receiving = asyncio.create_task(bench.queue.receive(1, 10, 30))
    await asyncio.sleep(0)
    await bench.queue.send("now", 4)
    async with asyncio.timeout(5):
        assert [message.body for message in await receiving] == ["now"]


async def test_several_messages_come_at_once_and_each_to_one_receiver_only(bench: Bench) -> None:
    for number in range(6):
        await bench.queue.send(str(number), 4)
    found = await asyncio.gather(*(bench.queue.receive(3, 1, 30) for _ in range(3)))
    bodies = [message.body for each in found for message in each]
    assert sorted(bodies) == [str(number) for number in range(6)]
