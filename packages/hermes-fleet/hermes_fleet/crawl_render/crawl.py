"""The crawl itself: visit, settle, until nothing waits; then look at canonical targets."""

import asyncio

from hermes_fleet.crawl_render.findings import unseen_targets
from hermes_fleet.crawl_render.journal import Entry, Journal
from hermes_fleet.crawl_render.progress import Progress
from hermes_fleet.crawl_render.soft_404 import nowhere
from hermes_fleet.crawl_render.survey import Survey
from hermes_fleet.crawling.fetch import is_html
from hermes_fleet.crawling.record import Record, record
from hermes_fleet.crawling.visit import Visitor

TICK = 0.5  # seconds between signs of life while answers are awaited


async def crawl(visitor: Visitor, survey: Survey, journal: Journal, progress: Progress) -> None:
    """Visit all that `survey` lets us visit. Cancelling it ends every request under way."""
    under_way: set[asyncio.Task[Record]] = set()
    try:
        while True:
            _send_out(under_way, visitor, survey)
            if not under_way:
                return
            ready, under_way = await asyncio.wait(
                under_way, timeout=TICK, return_when=asyncio.FIRST_COMPLETED
            )
            for task in ready:
                journal.add(Entry(visit=task.result()))
                survey.settle(task.result())
                progress.note(task.result())
            await progress.report("crawling")
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def _send_out(under_way: set[asyncio.Task[Record]], visitor: Visitor, survey: Survey) -> None:
    while len(under_way) < visitor.pace.at_once and (url := survey.take()):
        under_way.add(asyncio.create_task(_visit(visitor, url), name=url))


async def _visit(visitor: Visitor, url: str) -> Record:
    return record(await visitor.visit(url, is_html))


async def probe(visitor: Visitor, survey: Survey, journal: Journal, most: int) -> None:
    """Look at up to `most` canonical targets that no link led to, and at an address that cannot be there."""
    known = journal.probes
    targets = [url for url in unseen_targets(survey) if url not in known]
    for url in targets[: max(0, most - len(known))]:
        journal.add(Entry(probe=await _visit(visitor, url)))
    lost = nowhere(survey.home)
    if lost not in known and survey.may_visit(lost):
        journal.add(Entry(probe=await _visit(visitor, lost)))
