"""Starting a Chromium under Playwright."""

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Playwright, async_playwright

from hermes_browser.finding import NOT_READY, find

QUIET = (
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-dev-shm-usage",  # /dev/shm is tiny in many containers
    "--metrics-recording-only",
)


class NoBrowserError(RuntimeError):
    """There is no Chromium to start; the message says how to get one."""


@asynccontextmanager
async def browser(extra: Sequence[str] = ()) -> AsyncGenerator[Browser]:
    """A headless Chromium for the length of the block. Raises NoBrowserError."""
    if find() is None:
        raise NoBrowserError(NOT_READY)
    async with async_playwright() as playwright:
        started = await launch(playwright, extra)
        try:
            yield started
        finally:
            await started.close()


async def launch(playwright: Playwright, extra: Sequence[str] = ()) -> Browser:
    """Start the Chromium that `find` names. Raises NoBrowserError."""
    program = find()
    if program is None:
        raise NoBrowserError(NOT_READY)
    return await playwright.chromium.launch(
        executable_path=program, headless=True, args=[*arguments(), *extra]
    )


def arguments() -> list[str]:
    """The command line flags; the sandbox goes only where Chromium cannot have one."""
    return [*QUIET, *(["--no-sandbox"] if _is_root() else [])]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
