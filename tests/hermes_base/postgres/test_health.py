"""A full, frozen, read-only and lost database is told as what it is, and within two seconds (S14, F10)."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncGenerator, Generator
from uuid import uuid4

import asyncpg
import pytest

from hermes_base.postgres import health
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.embedded import Embedded, embedded


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Embedded]:
    home = tmp_path_factory.mktemp("home")
    server = embedded(home, f"test-{uuid4().hex[:10]}")
    server.start()
    yield server
    server.stop()
    shutil.rmtree(server.folder)


@pytest.fixture
async def pool(running: Embedded) -> AsyncGenerator[Pool]:
    opened = await open_pool(running.url, size=2)
    yield opened
    opened.terminate()


async def test_a_frozen_database_is_told_in_time_and_asked_once(pool: Pool) -> None:
    """S14: /health gave no answer within 15 s."""
    backends = [await pool.fetchval("select pg_backend_pid()")]
    os.kill(backends[0], signal.SIGSTOP)
    try:
        before = time.monotonic()
        told = await asyncio.gather(*(health.fault(pool) for _ in range(20)))
        assert set(told) == {"the database does not respond in time"}
        assert health.PATIENCE < 2
        assert time.monotonic() - before >= health.PATIENCE
    finally:
        os.kill(backends[0], signal.SIGCONT)
    while await health.fault(pool):  # the look under way ends by itself
        await asyncio.sleep(0)


async def test_a_read_only_and_a_lost_database_are_told(running: Embedded) -> None:
    url = f"{running.url}&options=-c%20default_transaction_read_only%3Don"
    only_reads = await open_pool(url, size=1)
    assert await health.fault(only_reads) == "the database is read-only"
    await only_reads.close()
    assert "does not respond" in await health.fault(only_reads)


async def test_a_full_disk_of_this_machine_is_told_before_a_write_fails(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S14: /health said healthy while every webhook and every start failed."""
    assert await health.fault(pool) == ""
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    assert await health.fault(pool) == "the disk of the database is full"


async def test_a_write_that_found_the_disk_full_speaks_for_it_a_while(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(asyncpg.DiskFullError) as full:
        await pool.execute("do $$ begin raise exception using errcode = '53100'; end $$")
    assert health.note(full.value) == "the disk of the database is full"
    assert await health.fault(pool) == "the disk of the database is full"
    monkeypatch.setattr(health, "REMEMBERED", 0)
    assert await health.fault(pool) == ""
