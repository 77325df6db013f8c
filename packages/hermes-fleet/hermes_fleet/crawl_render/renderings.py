"""The browser check of a crawl: one Chromium, the pages that need it most."""

from playwright.async_api import Error
from yarl import URL

import hermes_browser
from hermes_fleet.crawl_render.journal import Entry, Journal
from hermes_fleet.crawl_render.progress import Progress
from hermes_fleet.crawl_render.render import candidates, rendering
from hermes_fleet.crawl_render.survey import Survey
from hermes_fleet.crawling.addresses import host
from hermes_fleet.crawling.visit import Visitor
from hermes_worker import Missing


async def render(
    visitor: Visitor, survey: Survey, journal: Journal, progress: Progress, most: int
) -> Missing | None:
    """Open up to `most` pages, or say why `render_failures` is missing."""
    if hermes_browser.find() is None:
        return Missing("no_browser", hermes_browser.NOT_READY)
    known = journal.renderings
    urls = [url for url in candidates(survey.records.values()) if url not in known]
    urls = urls[: max(0, most - len(known))]
    try:
        if urls:
            await _open(urls, visitor, survey, journal, progress)
    except Error as error:
        return Missing("browser_failed", f"Chromium failed: {error.message.splitlines()[0]}")
    return None


async def _open(
    urls: list[str], visitor: Visitor, survey: Survey, journal: Journal, progress: Progress
) -> None:
    async with hermes_browser.browser(await _only_this_site(visitor, survey.home)) as browser:
        for url in urls:
            await visitor.pace.turn()
            seen = await rendering(browser, url, survey.may_visit)
            journal.add(Entry(rendering=seen))
            survey.see(url, seen.page)
            await progress.report("rendering")


async def _only_this_site(visitor: Visitor, home: str) -> list[str]:
    """Chromium's own resolver knows one name, pinned to an address that the guard let pass."""
    name = host(home)
    address = await visitor.fetcher.resolve(name, URL(home).port or 0)
    return [f"--host-resolver-rules=MAP {name} {address}, MAP * ~NOTFOUND"]
