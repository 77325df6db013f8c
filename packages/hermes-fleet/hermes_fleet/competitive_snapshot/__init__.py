"""Competitors side by side: who is found for the keywords, and how their pages are built."""

from typing import Annotated, Any

from pydantic import Field

from hermes_fleet.competitive_snapshot.scope import scope_of
from hermes_fleet.competitive_snapshot.snapshot import Snapshot
from hermes_fleet.searching.index import not_ready
from hermes_fleet.searching.results import UNITED_STATES, Locale
from hermes_fleet.searching.settings import read
from hermes_worker import Job, Missing, Result, Worker

NO_COMPETITORS = Missing(
    "missing_config",
    "The site has no competitors. Enter the addresses of the sites to compare with in the site's settings.",
)

worker = Worker(
    "competitive_snapshot",
    version="1.0.0",
    outputs=("competitors", "ranking_pages", "page_templates", "content_structure"),
    modes=("smoke", "full"),
    resumable=True,
    max_concurrency=2,
    ready=not_ready,
)


@worker.run
async def compare(
    job: Job,
    site: str,
    settings: dict[str, Any] | None = None,
    competitors: Annotated[int, Field(ge=1, le=20)] = 5,
    keywords: Annotated[int, Field(ge=1, le=500)] = 50,
    max_urls: Annotated[int, Field(ge=1, le=1000)] = 100,
    locale: Locale = UNITED_STATES,
) -> Result:
    """Compare the site with its competitors. Smoke: one of them, 5 pages of each site, 3 keywords."""
    entered = read(settings, site)
    if not entered.competitors:
        return worker.nothing(NO_COMPETITORS)
    scope = scope_of(job.mode, entered.keywords, competitors, keywords, max_urls)
    return await Snapshot(job, entered.home, scope, locale).result(entered.competitors)
