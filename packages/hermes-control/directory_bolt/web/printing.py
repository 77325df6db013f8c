"""Pages as PDF: Chromium prints them, without scripts and without a network."""

import asyncio

from playwright.async_api import Error, PdfMargins

import hermes_browser
from hermes_base.problems import Problem

LONGEST_SECONDS = 30
MARGINS: PdfMargins = {"top": "18mm", "right": "18mm", "bottom": "18mm", "left": "18mm"}


class Printer:
    """Prints one page at a time: whoever has a link may ask for it, and a Chromium is not cheap."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(1)

    async def pdf(self, html: str) -> bytes:
        """The page as A4 sheets. Raises `browser_missing` where no Chromium can do it."""
        try:
            async with self._free, asyncio.timeout(LONGEST_SECONDS):
                return await _printed(html)
        except (hermes_browser.NoBrowserError, Error, TimeoutError) as error:
            hint = "Download the table as CSV instead, or try again later."
            raise Problem("browser_missing", "The report cannot be printed now.", hint) from error


async def _printed(html: str) -> bytes:
    async with hermes_browser.browser() as chromium:
        context = await chromium.new_context(java_script_enabled=False, offline=True)
        page = await context.new_page()
        await page.set_content(html)
        return await page.pdf(format="A4", margin=MARGINS, print_background=True)
