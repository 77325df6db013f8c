"""Rank tracking: where the site stands for its keywords, and who else is on the page."""

from typing import Annotated, Any

from pydantic import Field

from hermes_fleet.searching.index import not_ready
from hermes_fleet.searching.results import UNITED_STATES, Locale
from hermes_fleet.searching.settings import NO_KEYWORDS, read
from hermes_fleet.serp_intel.scope import scope_of
from hermes_fleet.serp_intel.tracking import Tracking
from hermes_worker import Job, Result, Worker

worker = Worker(
    "serp_intel",
    version="1.0.0",
    outputs=(
        "serp_rank_snapshots",
        "serp_serp_snapshots",
        "serp_tracked_keywords",
        "serp_top_keywords",
    ),
    modes=("smoke", "full"),
    resumable=True,
    max_concurrency=2,
    ready=not_ready,
)


@worker.run
async def track(
    job: Job,
    site: str,
    settings: dict[str, Any] | None = None,
    keywords: Annotated[int, Field(ge=1, le=1000)] | list[str] = 500,
    depth: Annotated[int, Field(ge=1, le=100)] = 10,
    locale: Locale = UNITED_STATES,
) -> Result:
    """Look up the site's keywords. Smoke: at most 5 of them, 10 results deep."""
    entered = read(settings, site)
    scope = scope_of(job.mode, entered.keywords, keywords, depth)
    if not scope.keywords:
        return worker.nothing(NO_KEYWORDS)
    return await Tracking(job, entered.home, scope, locale).result(entered.competitors)
