"""Screenshots and text of a submission, kept in files for the staff."""

import asyncio
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from playwright.async_api import Error, FloatRect, Page

PICTURE_SECONDS = 15.0
WIDEST, TALLEST = 2000, 6000  # pixels; larger pages are cut


class Evidence:
    """The files of one result: `<id>-filled.png` (the form before the click), `<id>.png` and `<id>.txt`
    (the last page). A later attempt replaces those of an earlier one."""

    def __init__(self, folder: Path, result_id: UUID) -> None:
        self._filled = folder / f"{result_id}-filled.png"
        self._last = folder / f"{result_id}.png"
        self._text = folder / f"{result_id}.txt"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def keep_filled(self, page: Page) -> None:
        """Keep a screenshot of the form as it is filled in; none is kept where none can be taken."""
        await _picture(page, self._filled)

    async def keep_last(self, page: Page, text: str) -> str | None:
        """Keep a screenshot of the page and its text. Returns the screenshot's file name.

        Where the page gives none, the filled form stands in for it; None without either.
        """
        if not await _picture(page, self._last):
            if not self._filled.exists():
                return None
            self._filled.replace(self._last)
        self._text.write_text(text, "utf-8")
        return self._last.name

    def picture(self) -> str | None:
        """File name of the best screenshot there is: the last page, else the filled form, else None."""
        return next((file.name for file in (self._last, self._filled) if file.exists()), None)


async def _picture(page: Page, file: Path) -> bool:
    with suppress(Error, OSError, TimeoutError):
        async with asyncio.timeout(PICTURE_SECONDS):
            await _shoot(page, file)
            return True
    return False


async def _shoot(page: Page, file: Path) -> None:
    width, height = await page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    clip: FloatRect = {
        "x": 0,
        "y": 0,
        "width": max(1, min(width, WIDEST)),
        "height": max(1, min(height, TALLEST)),
    }
    await page.screenshot(path=file, full_page=True, clip=clip, animations="disabled")
