"""A page as it was at one moment, read by one script (`read.js`) in each of its frames."""

import asyncio
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.async_api import Error, Page
from playwright.async_api import Frame as PageFrame

from directory_bolt.core.forms.grouping import grouped
from directory_bolt.core.forms.page import Frame

MOST_FRAMES = 12
SECONDS = 10.0  # for the page itself
INNER_SECONDS = 3.0  # for each frame in it, all at once


@cache
def script() -> str:
    """The reading script: a JavaScript function without arguments that returns a `Frame` as JSON."""
    return (Path(__file__).parent / "read.js").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class PageSnapshot:
    """Frames of a page, its main frame first, each with what it shows."""

    frames: tuple[tuple[PageFrame, Frame], ...]

    @property
    def shown(self) -> list[Frame]:
        """What the frames show, without Playwright's objects."""
        return [frame for _, frame in self.frames]


async def read(page: Page) -> PageSnapshot:
    """Read all frames, at most 12; a frame that goes away or never loads is left out.

    Raises Error or TimeoutError when the main frame cannot be read.
    """
    main = page.main_frame
    inner = [frame for frame in page.frames if frame is not main][: MOST_FRAMES - 1]
    shown = await read_frame(main)
    found = await asyncio.gather(*(_read_inner(frame) for frame in inner))
    seen = [(frame, what) for frame, what in zip(inner, found, strict=True) if what is not None]
    return PageSnapshot(((main, shown), *seen))


async def _read_inner(frame: PageFrame) -> Frame | None:
    try:
        return await read_frame(frame, INNER_SECONDS)
    except (Error, TimeoutError):
        return None


async def read_frame(frame: PageFrame, seconds: float = SECONDS) -> Frame:
    """Read one frame; radio buttons and checkboxes of one question become one field."""
    async with asyncio.timeout(seconds):
        found = Frame.model_validate(await frame.evaluate(script()))
    return found.model_copy(update={"forms": tuple(grouped(form) for form in found.forms)})
