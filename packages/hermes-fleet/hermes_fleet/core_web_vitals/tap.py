"""One real tap on a control of the page, and how long the page took to show that it was felt."""

import asyncio
from contextlib import suppress

from playwright.async_api import Error, Page, Route
from playwright.async_api import TimeoutError as PlaywrightTimeout

NOTHING_TO_TAP = (
    "The page has no menu, button, field or link that can be tapped without ordering, sending or "
    "deleting something. Add a page with a menu or a form under Important pages in the site's settings."
)
NOT_TAPPED = "None of the page's controls could be tapped: they are covered or keep moving."
LEFT = "The tap led to another page before its response was drawn."
NOT_FELT = "The browser reported no interaction for the tap."
MOST_TRIED = 4
TAP_MS = 3000
LEAST_SECONDS, MOST_SECONDS, STEP = 1.5, 5.0, 0.25  # after the tap: its last event is reported late
READS_ONLY = {"GET", "HEAD", "OPTIONS"}


async def tap(page: Page) -> tuple[float | None, str, str]:
    """(inp in ms or None, what was tapped, why there is no inp)."""
    controls: list[str] = await page.evaluate("most => __hermesVitals.choose(most)", MOST_TRIED)
    if not controls:
        return None, "", NOTHING_TO_TAP
    await page.route("**/*", _only_reading)
    await page.evaluate("() => __hermesVitals.hold()")
    tapped = await _first_that_takes_it(page, controls)
    if not tapped:
        return None, "", NOT_TAPPED
    try:
        inp = await _answer(page)
    except Error:
        return None, tapped, LEFT
    return inp, tapped, "" if inp is not None else NOT_FELT


async def _first_that_takes_it(page: Page, controls: list[str]) -> str:
    for index, control in enumerate(controls):
        handle = await page.evaluate_handle("index => __hermesVitals.targets[index]", index)
        element = handle.as_element()
        if element is None:
            continue
        with suppress(PlaywrightTimeout):
            await element.tap(timeout=TAP_MS)
            return control
    return ""


async def _answer(page: Page) -> float | None:
    """The INP after the tap; Error when the page is left."""
    waited = 0.0
    while waited < MOST_SECONDS:
        await asyncio.sleep(STEP)
        waited += STEP
        inp = await page.evaluate("() => __hermesVitals.inp ?? null")
        if inp is not None and waited >= LEAST_SECONDS:
            return inp
    return None


async def _only_reading(route: Route) -> None:
    """A test must not order, send or count anything: what is not a plain read stays here."""
    if route.request.method in READS_ONLY:
        await route.continue_()
    else:
        await route.abort()
