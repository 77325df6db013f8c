"""The crawler of the product: what the worker crawl_render does in a full run, without rendering.

ours.py SITE AT_ONCE    prints {"seconds", "urls", "memory_mb"}
"""

import json
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import uvloop

from hermes_fleet.crawl_render.audit import Audit
from hermes_fleet.crawl_render.journal import Journal
from hermes_fleet.crawl_render.plan import plan
from hermes_fleet.crawl_render.start import address
from hermes_fleet.crawling.fetch import fetcher
from hermes_fleet.crawling.pace import Pace
from hermes_fleet.crawling.visit import Visitor
from hermes_worker import Job
from hermes_worker.ledger import Ledger

MOST_URLS = 5000


async def crawl(site: str, at_once: int, folder: Path) -> tuple[float, list[str]]:
    """Seconds from the first request to the judged result, and the pages that were read."""
    ledger = Ledger(folder / "jobs.sqlite3")
    payload = json.dumps({"mode": "full", "site": site})
    job = Job(ledger.add("bench", None, "", payload), ledger, folder / "job")
    planned = replace(plan("full", address(site), MOST_URLS), at_once=at_once)
    journal = Journal(job.folder / "journal.jsonl")
    began = time.perf_counter()
    async with fetcher(address(site), planned.at_once) as fetching:
        visitor = Visitor(fetching, Pace(planned.at_once, planned.apart), planned.longest_pause)
        await Audit(job, planned, visitor, journal).result(address(site), renders=False)
    seconds = time.perf_counter() - began
    first = journal.start.records if journal.start else []
    read = [visit.url for visit in (*first, *journal.visits) if visit.good_page is not None]
    journal.close()
    ledger.close()
    return seconds, read


def main() -> None:
    site, at_once = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        seconds, urls = uvloop.run(crawl(site, at_once, Path(folder)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "urls": urls, "memory_mb": memory}))


if __name__ == "__main__":
    main()
