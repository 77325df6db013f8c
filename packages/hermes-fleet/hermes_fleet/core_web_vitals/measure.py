"""All pages of one job, one after another: two at a time would slow each other down."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from playwright.async_api import Browser, Error

import hermes_browser
from hermes_egress.gate import gate
from hermes_fleet.core_web_vitals import conditions
from hermes_fleet.core_web_vitals.load import load
from hermes_fleet.core_web_vitals.metrics import Load, Measured
from hermes_fleet.crawling.walk import Site
from hermes_worker import Job, WorkerError

LONGEST_SECONDS = (
    1500.0  # after it no further page is begun: a result is worth more than a deadline
)


@dataclass(slots=True)
class Measurement:
    """What was measured and how; `left` are the pages for which no time was left."""

    pages: list[Measured] = field(default_factory=list[Measured])
    left: list[str] = field(default_factory=list[str])
    conditions: dict[str, Any] = field(default_factory=dict[str, Any])


async def measure(job: Job, site: Site, urls: Sequence[str], runs: int) -> Measurement:
    """Load each page `runs` times. WorkerError `no_browser` when there is none."""
    if hermes_browser.find() is None:
        raise WorkerError("no_browser", hermes_browser.NOT_READY)
    found, begun = Measurement(), monotonic()
    async with _ways(site) as arguments:
        for done, url in enumerate(urls):
            await job.progress(done, len(urls), unit="pages", phase="measuring", page=url)
            if monotonic() - begun > LONGEST_SECONDS:
                found.left = list(urls[done:])
                break
            found.pages.append(await _page(found, url, runs, arguments))
    await job.progress(len(found.pages), len(urls), unit="pages", phase="judging")
    return found


@asynccontextmanager
async def _ways(site: Site) -> AsyncGenerator[list[str]]:
    """Chromium's arguments: whatever a page asks for goes through the gate."""
    async with gate(site.visitor.fetcher.resolve) as arguments:
        yield arguments


async def _page(found: Measurement, url: str, runs: int, arguments: list[str]) -> Measured:
    """One page in a browser of its own, so that a page that breaks it spoils no other."""
    loads = list[Load]()
    try:
        async with started(arguments) as browser:
            found.conditions = conditions.payload(browser.version, guarded=bool(arguments))
            while len(loads) < runs and not (len(loads) == 1 and loads[0].failure):
                loads.append(await load(browser, url))
    except hermes_browser.NoBrowserError as error:
        raise WorkerError("no_browser", str(error)) from error
    except Error as error:
        loads.append(Load(failure=f"Chromium failed: {error.message.splitlines()[0]}"))
    return Measured(url, loads)


@asynccontextmanager
async def started(arguments: Sequence[str]) -> AsyncGenerator[Browser]:
    """A Chromium for the length of the block. Raises NoBrowserError, or Playwright's Error."""
    async with AsyncExitStack() as stack:
        opening = asyncio.create_task(stack.enter_async_context(hermes_browser.browser(arguments)))
        try:
            browser = await asyncio.shield(opening)
        except asyncio.CancelledError:
            await asyncio.gather(opening, return_exceptions=True)  # half started it would stay
            raise
        yield browser
