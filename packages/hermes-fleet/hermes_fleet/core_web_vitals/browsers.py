"""A browser that is put down whenever its job ends, even if that is while the browser comes up."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from playwright.async_api import Browser

import hermes_browser


@asynccontextmanager
async def started(arguments: Sequence[str]) -> AsyncGenerator[Browser]:
    """A Chromium for the length of the block. Raises NoBrowserError, or Playwright's Error."""
    async with AsyncExitStack() as stack:
        opening = asyncio.create_task(stack.enter_async_context(hermes_browser.browser(arguments)))
        try:
            browser = await asyncio.shield(opening)
        except asyncio.CancelledError:
            await asyncio.gather(opening, return_exceptions=True)  # half started it would stay
            raise
        yield browser
