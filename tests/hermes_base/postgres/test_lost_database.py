"""What the driver raises when a real server goes away, in every way in which one does."""

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from hermes_base.postgres.database import LOST_DATABASE, Pool, open_pool
from hermes_base.postgres.embedded import Embedded, embedded

WRITERS = 8


@pytest.fixture
def running(tmp_path: Path) -> Generator[Embedded]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    server = embedded(home, f"test-{uuid4().hex[:10]}")
    server.start()
    yield server
    server.stop()
    shutil.rmtree(server.folder)


async def opened(url: str) -> Pool:
    pool = await open_pool(url, size=WRITERS)
    await pool.execute("create table if not exists written (number int)")
    return pool


def sent_to_the_server(how: signal.Signals) -> Callable[[Embedded, int], None]:
    def send(server: Embedded, _: int) -> None:
        os.kill(server.pid() or 0, how)

    return send


def sent_to_a_connection(how: signal.Signals) -> Callable[[Embedded, int], None]:
    def send(_: Embedded, backend: int) -> None:
        os.kill(backend, how)

    return send


WAYS = {
    "stopped in order": sent_to_the_server(signal.SIGINT),
    "stopped at once": sent_to_the_server(signal.SIGQUIT),
    "killed": sent_to_the_server(signal.SIGKILL),
    "one connection ended by an operator": sent_to_a_connection(signal.SIGTERM),
    "one connection killed, hence all": sent_to_a_connection(signal.SIGKILL),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_server_that_goes_away_while_it_is_written_to_is_known_as_lost(
    running: Embedded, way: str
) -> None:
    pool = await opened(running.url)
    raised: list[Exception] = []
    written = asyncio.Event()
    ended = asyncio.Event()

    async def write() -> None:
        while not ended.is_set():
            try:
                async with pool.acquire() as connection, connection.transaction():
                    await connection.execute("insert into written values (1)")
                    await connection.fetch("select count(*) from written")
                if raised:
                    written.set()  # after the outage
            except Exception as error:  # noqa: BLE001  # which ones is the question
                raised.append(error)
                await asyncio.sleep(0.01)

    writers = [asyncio.create_task(write()) for _ in range(WRITERS)]
    while not raised:  # a connection that is ended while it rests in the pool is replaced unseen
        async with pool.acquire() as connection:
            backend = await connection.fetchval("select pg_backend_pid()")
        WAYS[way](running, backend)
        await asyncio.sleep(0.2)
    while not written.is_set():
        if running.pid() is None and running.process:
            await asyncio.to_thread(running.process.wait)
        await asyncio.to_thread(running.revive)
        await asyncio.sleep(0.05)
    ended.set()
    await asyncio.gather(*writers)
    pool.terminate()
    assert [repr(error) for error in raised if not isinstance(error, LOST_DATABASE)] == []


@contextlib.asynccontextmanager
async def that_never_hangs_up(
    server: Embedded, folder: Path, goodbye: asyncio.Event
) -> AsyncGenerator[str]:
    """A way to the server that passes on every byte, but not that the server has hung up; its URL.

    `goodbye` is set once it has passed on that a connection was ended by an operator.
    """
    (inner,) = server.socket.glob(".s.PGSQL.????")

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
            if b"57P01" in chunk:
                goodbye.set()

    streams: list[asyncio.StreamWriter] = []

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        streams.append(writer)
        up, down = await asyncio.open_unix_connection(inner)
        streams.append(down)
        with contextlib.suppress(OSError):
            await asyncio.gather(passed_on(reader, down), passed_on(up, writer))

    outer = await asyncio.start_unix_server(connect, folder / inner.name)
    async with outer:
        yield server.url.replace(str(server.socket), str(folder))
    # Aborted, not closed: closing may wait for a peer that reads no more.
    while streams:
        stream = streams.pop()
        stream.transport.abort()
        with contextlib.suppress(OSError):
            await stream.wait_closed()


async def test_a_statement_between_the_goodbye_of_the_server_and_its_hanging_up_is_a_lost_one(
    running: Embedded, tmp_path: Path
) -> None:
    goodbye = asyncio.Event()
    async with that_never_hangs_up(running, tmp_path, goodbye) as url:
        pool = await opened(url)
        operator = await asyncpg.connect(running.url)
        async with pool.acquire() as connection:
            backend = await connection.fetchval("select pg_backend_pid()")
            await operator.fetchval("select pg_terminate_backend($1)", backend)
            await goodbye.wait()
            for _ in range(10):  # the driver reads it in this loop
                await asyncio.sleep(0)
            with pytest.raises(LOST_DATABASE):
                await connection.fetchval("select 1")
        await operator.close()
        pool.terminate()
