"""The pipeline of orders on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hermes_base.postgres.database import open_pool
from tests.directory_bolt.processes.shop import Shop, shop_on


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    pool = await open_pool(database_url, size=8)
    yield shop_on(pool, tmp_path)
    await pool.close()
