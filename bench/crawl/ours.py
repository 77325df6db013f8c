"""The crawler of the product: what the worker crawl_render does in a full run, without rendering.

ours.py SITE AT_ONCE
"""

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import uvloop
from stopwatch import Stopwatch

from hermes_fleet.crawl_render.audit import Audit
from hermes_fleet.crawl_render.journal import Journal
from hermes_fleet.crawl_render.scope import scope_of
from hermes_fleet.crawl_render.start import address
from hermes_fleet.crawling.fetch import fetcher
from hermes_fleet.crawling.pace import Pace
from hermes_fleet.crawling.visit import Visitor
from hermes_worker import Job
from hermes_worker.ledger import Ledger

MOST_URLS = 5000


async def crawl(site: str, at_once: int, folder: Path) -> tuple[Stopwatch, list[str]]:
    """The time from the first request to the judged result, and the pages that were read."""
    ledger = Ledger(folder / "jobs.sqlite3")
    payload = json.dumps({"mode": "full", "site": site})
    job = Job(ledger.add("bench", None, "", payload), ledger, folder / "job")
    planned = replace(scope_of("full", address(site), MOST_URLS), at_once=at_once)
    journal = Journal(job.folder / "journal.jsonl")
    watch = Stopwatch()
    async with fetcher(planned.at_once) as fetching:
        visitor = Visitor(fetching, Pace(planned.at_once, planned.apart), planned.longest_pause)
        await Audit(job, planned, visitor, journal).result(address(site), renders=False)
    watch.stop()
    first = journal.start.records if journal.start else []
    read = [visit.url for visit in (*first, *journal.visits) if visit.good_page is not None]
    journal.close()
    ledger.close()
    return watch, read


def main() -> None:
    site, at_once = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        watch, urls = uvloop.run(crawl(site, at_once, Path(folder)))
    watch.tell(urls)


if __name__ == "__main__":
    main()
