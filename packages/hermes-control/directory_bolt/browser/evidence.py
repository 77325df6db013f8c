"""What the staff can look at afterwards: pictures and text, in files named by the result."""

import asyncio
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from playwright.async_api import Error, FloatRect, Page

PICTURE_SECONDS = 15.0
WIDEST, TALLEST = 2000, 6000  # pixels; larger pages are cut


class Evidence:
    """The files of one result: `<id>-filled.png`, `<id>.png` and `<id>.txt`; later ones replace them."""

    def __init__(self, folder: Path, result_id: UUID) -> None:
        self._filled = folder / f"{result_id}-filled.png"
        self._last = folder / f"{result_id}.png"
        self._text = folder / f"{result_id}.txt"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def keep_filled(self, page: Page) -> None:
        """The form as it was filled in."""
        await _picture(page, self._filled)

    async def keep_last(self, page: Page, text: str) -> str | None:
        """The page as it was left; the name of its picture, None when none could be taken."""
        if not await _picture(page, self._last):
            if not self._filled.exists():
                return None
            self._filled.replace(self._last)
        self._text.write_text(text, "utf-8")
        return self._last.name

    def picture(self) -> str | None:
        """The name of the picture that is there, the last page before the filled form."""
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
