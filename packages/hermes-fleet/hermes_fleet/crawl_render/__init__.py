"""The technical crawler: what a site serves, where it is broken, what its pages say."""

from typing import Literal

import hermes_browser
from hermes_fleet.crawl_render.audit import Audit
from hermes_fleet.crawl_render.journal import Journal
from hermes_fleet.crawl_render.scope import scope_of
from hermes_fleet.crawl_render.start import address
from hermes_fleet.crawling.fetch import fetcher
from hermes_fleet.crawling.pace import Pace
from hermes_fleet.crawling.visit import Visitor
from hermes_worker import Job, Result, Worker


def _ready() -> dict[str, str]:
    return {} if hermes_browser.find() else {"browser": hermes_browser.NOT_READY}


worker = Worker(
    "crawl_render",
    version="1.0.0",
    outputs=(
        "pages_crawled",
        "indexable_pages",
        "non_200_urls",
        "canonical_errors",
        "render_failures",
        "redirect_chains",
        "orphan_pages",
        "meta_tags",
    ),
    modes=("smoke", "full"),
    resumable=True,
    ready=_ready,
)


@worker.run
async def audit(
    job: Job,
    site: str,
    max_urls: int | None = None,
    render: Literal["auto", "off"] = "auto",
    render_limit: int | None = None,
) -> Result:
    """Crawl `site` (its base address). Smoke: 10 to 25 URLs; full: 1 to 5000, else 900."""
    home = address(site)
    scope = scope_of(job.mode, home, max_urls, render_limit)
    journal = Journal(job.folder / "journal.jsonl")
    try:
        async with fetcher(scope.at_once) as fetching:
            visitor = Visitor(fetching, Pace(scope.at_once, scope.apart), scope.longest_pause)
            return await Audit(job, scope, visitor, journal).result(home, render == "auto")
    finally:
        journal.close()
