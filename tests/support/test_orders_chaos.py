"""The driver of the chaos test of orders: it waits for a database that is away, and for nothing else."""

import asyncio

import asyncpg
import pytest

from tests.support.database import Server
from tests.support.orders_chaos.__main__ import patiently
from tests.support.waiting import until

MORE_THAN_ONCE = 5  # connections; one look makes at most two, with TLS and without


async def test_a_database_that_does_not_exist_is_not_waited_for(server: Server) -> None:
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await patiently(server.url("nowhere"))


async def test_a_database_that_hangs_up_is_asked_again_and_again() -> None:
    asked: list[str] = []

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append("a connection")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as away:
        port = away.sockets[0].getsockname()[1]
        waiting = asyncio.create_task(patiently(f"postgresql://ann@127.0.0.1:{port}/hermes"))
        await until(lambda: waiting.done() or len(asked) >= MORE_THAN_ONCE, "it is asked again")
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
