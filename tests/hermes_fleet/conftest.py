"""A website made of a dictionary, and the crawler served over real HTTP."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.hermes_fleet.websites import Crawler, Website


@pytest.fixture
async def website() -> AsyncGenerator["Website"]:
    from tests.hermes_fleet.websites import Website, served

    async with served(Website()) as site:
        yield site


@pytest.fixture
async def crawler(tmp_path: Path) -> AsyncGenerator["Crawler"]:
    """The crawler over real HTTP; imported here, since the tests of the workers' rules read this file too."""
    import aiohttp

    from hermes_fleet.crawl_render import worker
    from tests.hermes_fleet.websites import KEY, Crawler
    from tests.support.asgi import serving

    app = worker.app(KEY, tmp_path / "state")
    async with serving(app) as url, aiohttp.ClientSession() as session:
        yield Crawler(session, url)
