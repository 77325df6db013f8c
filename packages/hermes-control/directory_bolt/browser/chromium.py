"""The Chromium that all submissions of one process share."""

import asyncio
from contextlib import AsyncExitStack, suppress

from playwright.async_api import Browser, Error

import hermes_browser


class Chromium:
    """Starts the browser when it is first needed, and again after it died."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()

    async def browser(self) -> Browser:
        """A running browser. Raises NoBrowserError when none is installed, Error when it does not start."""
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                await self.close()
                self._browser = await self._stack.enter_async_context(hermes_browser.browser())
            return self._browser

    async def close(self) -> None:
        """Close the browser, if it still runs."""
        self._browser = None
        with suppress(Error):
            await self._stack.aclose()
