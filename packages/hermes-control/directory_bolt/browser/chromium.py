"""The one browser of a submitter: started when it is first needed, and again when it died."""

import asyncio
from contextlib import AsyncExitStack, suppress

from playwright.async_api import Browser, Error

import hermes_browser


class Chromium:
    """Enter it, then ask for the browser; leaving puts the browser down."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()

    async def browser(self) -> Browser:
        """A browser that runs. Raises NoBrowserError, or Playwright's Error."""
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                await self.close()
                self._browser = await self._stack.enter_async_context(hermes_browser.browser())
            return self._browser

    async def close(self) -> None:
        """Put the browser down; one that died already is only forgotten."""
        self._browser = None
        with suppress(Error):
            await self._stack.aclose()
