"""Core Web Vitals of a site's pages, measured in a real browser under stated conditions."""

from time import monotonic

from pydantic import BaseModel, Field

import hermes_browser
from hermes_fleet import hermes_api
from hermes_fleet.core_web_vitals.measure import measure
from hermes_fleet.core_web_vitals.outside import outside
from hermes_fleet.core_web_vitals.report import result
from hermes_fleet.crawling.choice import choose
from hermes_fleet.crawling.walk import open_site
from hermes_worker import Job, Result, Worker, WorkerError

MOST_PAGES = {"smoke": 3, "full": 50}
MOST_EARLIER = 20
FEWEST_RUNS = {"smoke": 1, "full": 3}  # loads of one page differ: a median of fewer says little
MOST_RUNS = 9


class Settings(BaseModel):
    """Of the site: `pages` are its important pages, as paths or addresses."""

    pages: list[str] | None = Field(default=None, max_length=200)


def _ready() -> dict[str, str]:
    return {} if hermes_browser.find() else {"browser": hermes_browser.NOT_READY}


worker = Worker(
    "core_web_vitals",
    version="1.0.0",
    outputs=("lcp", "cls", "inp", "performance_score", "regressions"),
    modes=("smoke", "full"),
    resumable=True,
    max_concurrency=1,
    ready=_ready,
)


@worker.run
async def monitor(
    job: Job,
    site: str,
    max_urls: int | None = None,
    runs: int | None = None,
    settings: Settings | None = None,
) -> Result:
    """Measure `max_urls` pages (smoke: 1 to 3, else 1; full: 1 to 50, else 20), `runs` loads each."""
    if hermes_browser.find() is None:
        raise WorkerError("no_browser", hermes_browser.NOT_READY)
    begun = monotonic()
    most = _within(max_urls, 1, MOST_PAGES[job.mode], 1 if job.mode == "smoke" else 20)
    loads = _within(runs, FEWEST_RUNS[job.mode], MOST_RUNS, FEWEST_RUNS[job.mode])
    await job.progress(0, most, unit="pages", phase="choosing")
    async with open_site(site) as opened:
        asked = (settings or Settings()).pages or []
        choice = await choose(opened, asked, most, of_a_template=1)
        found = await measure(job, opened, [page.url for page in choice.pages], loads)
    earlier = await hermes_api.earlier_runs(worker.slug, job.site_id, job.mode, MOST_EARLIER)
    beside = await outside(site, opened.home)
    loaded = sum(load.requests for page in found.pages for load in page.loads)
    more = {
        "chosen": choice.basis,
        "pages_unread": choice.unread,
        "field": beside["field"],
        "page_speed_insights": beside["page_speed_insights"],
        "requests": opened.requests + loaded + beside["requests"],
        "seconds": round(monotonic() - begun, 2),
    }
    return result(found, earlier, more)


def _within(asked: int | None, least: int, most: int, default: int) -> int:
    return default if asked is None else max(least, min(asked, most))
