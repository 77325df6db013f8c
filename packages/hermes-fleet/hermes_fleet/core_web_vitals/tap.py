"""Real taps on controls of the page, and how long it took to show that the slowest was felt."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

from playwright.async_api import Error, Page, Route
from playwright.async_api import TimeoutError as PlaywrightTimeout

NOTHING_TO_TAP = (
    "The page has no menu, button, field or link that can be tapped without ordering, sending or "
    "deleting something. Add a page with a menu or a form under Important pages in the site's settings."
)
NOT_TAPPED = "None of the page's controls could be tapped: they are covered or keep moving."
LEFT = "A tap led to another page before its response was drawn."
NOT_FELT = "The browser reported no interaction for the tap."
MOST_TRIED = 4
SHARES = ("delay", "processing", "presentation")
TAP_MS = 3000
LEAST_SECONDS, MOST_SECONDS, STEP = 1.5, 5.0, 0.25  # after the tap: its last event is reported late
READS_ONLY = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Felt:
    """The slowest answer to an interaction (ms), or why there is none."""

    inp: float | None = None
    control: str = ""  # that took longest
    trouble: str = ""
    tried: tuple[str, ...] = ()
    shares: dict[str, float] = field(default_factory=dict[str, float])
    """Of the slowest, ms: delay until its handlers began, processing by them, presentation after."""


async def tap(page: Page) -> Felt:
    """Tap up to MOST_TRIED controls one after the other, and type into those that are fields."""
    controls: list[str] = await page.evaluate("most => __hermesVitals.choose(most)", MOST_TRIED)
    if not controls:
        return Felt(trouble=NOTHING_TO_TAP)
    await page.route("**/*", _only_reading)
    await page.evaluate("() => __hermesVitals.hold()")
    felt = Felt(trouble=NOT_TAPPED)
    try:
        for index, control in enumerate(controls):
            if control.startswith("link") and felt.inp is not None:
                break  # a link may take a page drawn by scripts away; it serves where nothing else does
            if await _took_it(page, index, control):
                felt = await _slower(page, felt, control)
    except Error:
        return felt if felt.inp is not None else replace(felt, trouble=LEFT)
    return felt


async def _took_it(page: Page, index: int, control: str) -> bool:
    handle = await page.evaluate_handle("index => __hermesVitals.targets[index]", index)
    element = handle.as_element()
    if element is None:
        return False
    with suppress(PlaywrightTimeout):
        await element.tap(timeout=TAP_MS)
        if control.startswith("field"):
            await page.keyboard.press("a")
        return True
    return False


async def _slower(page: Page, before: Felt, control: str) -> Felt:
    """What is felt by now; the control is the slowest if the figure grew. Error when the page is left."""
    tried = (*before.tried, control)
    inp = await _answer(page, before.inp)
    if inp is None or (before.inp is not None and inp <= before.inp):
        return replace(before, tried=tried, trouble="" if before.inp is not None else NOT_FELT)
    worst: dict[str, float] = await page.evaluate("() => __hermesVitals.worst ?? {}")
    shares = {name: worst[name] for name in SHARES if name in worst}
    return Felt(inp, control, "", tried, shares)


async def _answer(page: Page, before: float | None) -> float | None:
    """The INP after a tap. One that is not slower than the last is waited for no longer than it may take."""
    waited, most = 0.0, MOST_SECONDS if before is None else LEAST_SECONDS
    while waited < most:
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
