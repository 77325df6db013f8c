"""The driver of the chaos test of orders: it waits for a database that is away, and for nothing else."""

import asyncio
import socket

import asyncpg
import pytest

from tests.support.database import Server
from tests.support.orders_chaos.__main__ import patiently


async def test_a_database_that_does_not_exist_is_not_waited_for(server: Server) -> None:
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await patiently(server.url("nowhere"))


async def test_a_database_that_is_away_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
        closing.shutdown(socket.SHUT_RDWR)
        waiting = asyncio.create_task(patiently(f"postgresql://127.0.0.1:{port}/hermes"))
        done, _ = await asyncio.wait({waiting}, timeout=1)
        waiting.cancel()
    assert not done
