"""A website made of a dictionary, and the crawler served over real HTTP."""

import asyncio
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
    import uvicorn

    from hermes_fleet.crawl_render import worker
    from hermes_worker.serving import listen
    from tests.hermes_fleet.websites import KEY, Crawler

    listener = listen("127.0.0.1", 0)
    app = worker.app(KEY, tmp_path / "state")
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", ws="none", log_level="warning"))
    task = asyncio.create_task(server.serve([listener]))
    async with aiohttp.ClientSession() as session:
        yield Crawler(session, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    await task
    listener.close()
