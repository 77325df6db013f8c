"""Loading one page once, in a browser context of its own, and reading what it measured."""

# Playwright types what a CDP session sends as a bare dict.
# pyright: reportUnknownMemberType=false

import asyncio
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Response,
)
from playwright.async_api import (
    TimeoutError as PlaywrightTimeout,
)

from hermes_fleet.core_web_vitals import conditions
from hermes_fleet.core_web_vitals.metrics import Load
from hermes_fleet.core_web_vitals.quiet import Traffic, watch
from hermes_fleet.core_web_vitals.score import blocking_time
from hermes_fleet.core_web_vitals.tap import tap

HERE = Path(__file__).parent
LIBRARY = HERE / "vendor" / "web-vitals-6.2.3.iife.js"
LOAD_SECONDS = 45.0
WHOLE_SECONDS = 100.0
READ = "() => { const {ttfb, fcp, lcp, cls, tasks} = __hermesVitals; return {ttfb, fcp, lcp, cls, tasks}; }"


@cache
def script() -> str:
    """The observer with the web-vitals library, in a scope that the page does not see."""
    parts = (LIBRARY.read_text("utf-8"), (HERE / "observe.js").read_text("utf-8"))
    return "(() => {\n" + "\n".join(parts) + "\n})();"


async def load(browser: Browser, url: str) -> Load:
    """Load and measure a page; a page that cannot be measured is a Load with `failure`. Error when the browser itself is gone."""
    context = await browser.new_context(
        **conditions.device(browser.version), service_workers="block", accept_downloads=False
    )
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            return await _measured(context, url)
    except (TimeoutError, PlaywrightTimeout):
        return Load(failure=f"The page did not finish loading within {LOAD_SECONDS:g} s.")
    except Error as error:
        if not browser.is_connected():
            raise
        return Load(failure=f"It could not be loaded: {error.message.splitlines()[0]}")
    finally:
        with suppress(Error):
            await context.close()


async def _measured(context: BrowserContext, url: str) -> Load:
    traffic = Traffic(context)
    page = await context.new_page()
    await _throttle(context, page)
    await page.add_init_script(script())
    response = await page.goto(url, wait_until="load", timeout=LOAD_SECONDS * 1000)
    if failure := _refused(response):
        return Load(failure=failure, requests=traffic.count)
    watched = await watch(page, traffic)
    figures = read(await page.evaluate(READ))
    if "lcp" not in figures:
        message = "The page showed no text and no image within the time limit."
        return Load(failure=message, requests=traffic.count)
    felt = await tap(page)
    figures |= {} if felt.inp is None else {"inp": felt.inp}
    return Load(
        figures,
        felt.control,
        felt.trouble,
        tried=felt.tried,
        shares=felt.shares,
        settled=watched.settled,
        watched=watched.seconds,
        requests=traffic.count,
    )


async def _throttle(context: BrowserContext, page: Page) -> None:
    session = await context.new_cdp_session(page)
    await session.send("Network.emulateNetworkConditions", conditions.network())
    await session.send("Emulation.setCPUThrottlingRate", {"rate": conditions.CPU_SLOWDOWN})


def _refused(response: Response | None) -> str:
    """Why an answer is not the page that was meant; empty when it is."""
    if response is None or response.status != 200:
        return f"The page returned status {response.status if response else 'none'}."
    kind = response.headers.get("content-type", "")
    return "" if "html" in kind else f"It is not HTML ({kind or 'no content type'})."


def read(seen: dict[str, Any]) -> dict[str, float]:
    """The figures that the page's observer holds; what it did not see is left out."""
    names = ("ttfb", "fcp", "lcp", "cls")
    figures = {name: float(seen[name]) for name in names if seen.get(name) is not None}
    if "fcp" in figures:
        figures["tbt"] = blocking_time(
            [(start, length) for start, length in seen["tasks"]], figures["fcp"]
        )
    return figures
