"""The browser check: is the main content there once the scripts have run?"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Route,
)
from playwright.async_api import (
    TimeoutError as PlaywrightTimeout,
)

from hermes_fleet.crawling import page as pages
from hermes_fleet.crawling.page import Page as Document
from hermes_fleet.crawling.record import Record
from hermes_fleet.crawling.robots import USER_AGENT

LEAST_TEXT = 50  # characters in <main> below which its content counts as absent
PAGE_SECONDS = 10.0
SETTLE_SECONDS = 3.0  # for content that arrives after the load event
TELLING = {"script", "xhr", "fetch", "document"}  # refused requests that may explain a failure
MEASURE = """() => {
  const programs = new Set(['', 'text/javascript', 'application/javascript', 'module']);
  const main = document.querySelector('main') || document.body;
  return {
    text: (main ? main.innerText : '').replace(/\\s+/g, ' ').trim().length,
    scripts: [...document.scripts].filter(each => programs.has(each.type.trim().toLowerCase())).length,
  };
}"""


@dataclass(frozen=True, slots=True)
class Rendering:
    """One page after its scripts ran."""

    url: str
    text_length: int = 0
    scripts: int = 0
    error: str | None = None  # the first uncaught script error
    refused: int = 0  # requests we did not let through that the page may have needed
    failure: str | None = None  # why the page could not be judged at all
    page: Document | None = None  # what it says now

    @property
    def reason(self) -> str | None:
        """Why the page failed, or None."""
        if self.error is not None:
            return f"script error: {self.error}"
        if self.text_length < LEAST_TEXT and self.scripts:
            return f"<main> holds {self.text_length} characters after the scripts ran"
        return None

    @property
    def decided(self) -> bool:
        """False when our own limits, not the page, may be to blame."""
        return self.failure is None and not (self.reason and self.refused)


def candidates(records: Iterable[Record]) -> list[str]:
    """Good pages with scripts, those with the least text in <main> first."""
    scripted = [
        (record.good_page.text_length, record.url)
        for record in records
        if record.html and record.good_page and record.good_page.has_script
    ]
    return [url for _text_length, url in sorted(scripted)]


async def rendering(browser: Browser, url: str, allows: Callable[[str], bool]) -> Rendering:
    """Open one page in a fresh context; requests that `allows` refuses are aborted."""
    context = await browser.new_context(
        user_agent=USER_AGENT, service_workers="block", accept_downloads=False
    )
    try:
        async with asyncio.timeout(PAGE_SECONDS):
            return await _opened(context, url, allows)
    except TimeoutError:
        return Rendering(url, failure="timeout")
    except Error as error:
        return Rendering(url, failure=error.message.splitlines()[0])
    finally:
        await context.close()


async def _opened(context: BrowserContext, url: str, allows: Callable[[str], bool]) -> Rendering:
    refused, errors = list[str](), list[str]()

    async def judge(route: Route) -> None:
        request = route.request
        if allows(request.url) or not request.url.startswith("http"):
            await route.continue_()
        else:
            refused.extend([request.url] if request.resource_type in TELLING else [])
            await route.abort()

    await context.route("**/*", judge)
    page = await context.new_page()
    page.on("pageerror", lambda error: errors.append(error.message))
    await page.goto(url, wait_until="load")
    measured = await _settled(page)
    document = pages.read(await page.content(), page.url)
    first_error = errors[0].splitlines()[0][:200] if errors else None
    return Rendering(
        url, measured["text"], measured["scripts"], first_error, len(refused), page=document
    )


async def _settled(page: Page) -> dict[str, int]:
    """The measure of a page; one with little text is given time to fetch its content."""
    measured = await page.evaluate(MEASURE)
    if measured["text"] >= LEAST_TEXT or not measured["scripts"]:
        return measured
    with suppress(PlaywrightTimeout):
        await page.wait_for_load_state("networkidle", timeout=SETTLE_SECONDS * 1000)
    return await page.evaluate(MEASURE)
