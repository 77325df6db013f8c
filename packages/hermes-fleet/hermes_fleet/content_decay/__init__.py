"""Pages that are losing search traffic, which to refresh first, and who took their place."""

from typing import Annotated

from pydantic import Field

from hermes_fleet.content_decay.examination import OUTPUTS, Examination
from hermes_fleet.content_decay.source import Source
from hermes_fleet.google.client import google_of
from hermes_fleet.google.dates import days_ago, utc_now
from hermes_fleet.google.settings import Settings
from hermes_worker import Job, Result, Worker

FINAL_AFTER_DAYS = 3

worker = Worker(
    "content_decay",
    version="1.0.0",
    outputs=OUTPUTS,
    modes=("smoke", "full"),
    answer_within=280,
    resumable=True,
    time_limit={"smoke": 45, "full": 270},
)


@worker.run
async def examine(
    job: Job,
    site: str,
    settings: Settings | None = None,
    max_urls: Annotated[int, Field(ge=1, le=5000)] = 200,
) -> Result:
    """The `max_urls` pages with most clicks to lose: the last 28 final days against the 28 before
    and against the same weeks a year ago."""
    final = days_ago(utc_now(), FINAL_AFTER_DAYS)
    async with google_of(site) as google:
        source = Source(job.site_id, google, final)
        return await Examination(job, site, settings or Settings(), source).result(max_urls)
