"""The embedded queue: a table, LISTEN for the waiting, dead letters beside it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from directory_bolt.engines.queue import MOST_RECEIVES, Depth, Message, QueueAwayError
from directory_bolt.storage import dead_letters, messages
from hermes_base.postgres.database import LOST_DATABASE, Connection, Pool

LOOK_EVERY = 2.0  # seconds; messages become visible again without anybody being told


class PostgresQueue:
    """See `Queue`. Needs nothing but the database."""

    provider = "postgres"

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._news = asyncio.Event()

    async def send(self, body: str, priority: int, within: Connection | None = None) -> str:
        async with _away():
            return str(await messages.send(within or self._pool, body, priority))

    async def receive(self, most: int, wait: float, visibility: float) -> list[Message]:
        async with _away(), self._listening():
            until = asyncio.get_running_loop().time() + wait
            while True:
                self._news.clear()
                if found := await self._take(most, visibility):
                    return found
                left = until - asyncio.get_running_loop().time()
                if left <= 0:
                    return []
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), min(left, LOOK_EVERY))

    async def _take(self, most: int, visibility: float) -> list[Message]:
        rows = await messages.receive(self._pool, most, visibility)
        found = [
            Message(str(row.id), str(row.receipt), row.body, row.receive_count) for row in rows
        ]
        worn = [message for message in found if message.receive_count > MOST_RECEIVES]
        for message in worn:
            await self.dead_letter(message, f"received {MOST_RECEIVES} times without success")
        return [message for message in found if message not in worn]

    async def delete(self, message: Message) -> bool:
        async with _away():
            return await messages.delete(self._pool, UUID(message.receipt))

    async def dead_letter(self, message: Message, reason: str) -> None:
        """In one transaction: a message is in the queue or among the dead, never in both or none."""
        async with _away(), self._pool.acquire() as connection, connection.transaction():
            if await messages.delete(connection, UUID(message.receipt)):
                await dead_letters.add(
                    connection, "queue", message.body, reason, job_in(message.body),
                    message.receive_count,
                )  # fmt: skip

    async def reprioritise(self, message_id: str, priority: int, within: Connection) -> None:
        await messages.reprioritise(within, message_id, priority)

    async def forget(self, message_id: str, within: Connection) -> None:
        await messages.forget(within, UUID(message_id))

    async def depth(self) -> Depth:
        async with _away():
            row = await messages.depth(self._pool)
            return Depth(row.visible, row.in_flight, await dead_letters.count(self._pool))

    async def empty_dead(self) -> int:
        """Nothing to do: what is given up stands in that table at once."""
        return 0

    async def check(self) -> None:
        await self.depth()

    @asynccontextmanager
    async def _listening(self) -> AsyncGenerator[None]:
        async with self._pool.acquire() as connection:
            await connection.add_listener("hermes_queue", self._noticed)
            try:
                yield
            finally:
                await connection.remove_listener("hermes_queue", self._noticed)

    def _noticed(self, *_: object) -> None:
        self._news.set()


def job_in(body: str) -> UUID | None:
    """The order that a message is about, as far as it can be read."""
    try:
        return UUID(str(json.loads(body)["job_id"]))
    except (ValueError, LookupError, TypeError):
        return None


@asynccontextmanager
async def _away() -> AsyncGenerator[None]:
    try:
        yield
    except (*LOST_DATABASE, asyncpg.PostgresError) as error:
        raise QueueAwayError(f"the queue's database: {type(error).__name__}") from error
