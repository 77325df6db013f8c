"""Starting a Chromium under Playwright."""

import asyncio
import os
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, TypeVar

from playwright.async_api import Browser, Playwright, async_playwright

from hermes_browser.finding import NOT_READY, find

Result = TypeVar("Result")
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
PASSED = frozenset({"PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "DISPLAY", "LD_LIBRARY_PATH"})
PASSED_PREFIXES = ("LC_", "XDG_", "FONTCONFIG_", "DBUS_")


class NoBrowserError(RuntimeError):
    """There is no Chromium to start; the message says how to get one."""


@asynccontextmanager
async def browser(extra: Sequence[str] = ()) -> AsyncGenerator[Browser]:
    """A headless Chromium for the length of the block. Raises NoBrowserError."""
    if find() is None:
        raise NoBrowserError(NOT_READY)
    stack = AsyncExitStack()
    try:
        yield await _to_its_end(_start(stack, extra))
    finally:
        await _to_its_end(stack.aclose())


async def _start(stack: AsyncExitStack, extra: Sequence[str]) -> Browser:
    playwright = await stack.enter_async_context(async_playwright())
    started = await launch(playwright, extra)
    stack.push_async_callback(started.close)
    return started


async def _to_its_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Half started or half closed, Playwright's driver would stay: a cancel waits until it is done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # told to nobody: the cancel is what is told
        raise


async def launch(playwright: Playwright, extra: Sequence[str] = ()) -> Browser:
    """Start the Chromium that `find` names. Raises NoBrowserError."""
    program = find()
    if program is None:
        raise NoBrowserError(NOT_READY)
    return await playwright.chromium.launch(
        executable_path=program, headless=True, args=[*arguments(), *extra], env=environment()
    )


def environment() -> dict[str, str | float | bool]:
    """What Chromium gets of our variables: it runs the scripts of strangers, and needs none of our secrets."""
    return {n: v for n, v in os.environ.items() if n in PASSED or n.startswith(PASSED_PREFIXES)}


def arguments() -> list[str]:
    """The command line flags; the sandbox goes only where Chromium cannot have one."""
    return [*QUIET, *(["--no-sandbox"] if _is_root() else [])]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
