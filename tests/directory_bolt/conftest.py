"""The pipeline of orders on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.directory_bolt.processes.shop import Shop


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator["Shop"]:
    """The pipeline; imported here, since the tests of the rules read this file too."""
    from hermes_base.postgres.database import open_pool
    from tests.directory_bolt.processes.shop import shop_on

    pool = await open_pool(database_url, size=8)
    yield shop_on(pool, tmp_path)
    await pool.close()
