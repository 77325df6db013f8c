"""Search and visitor figures from Google Search Console and Google Analytics 4."""

import asyncio
from typing import Annotated

from pydantic import Field

from hermes_fleet.google.client import google_of
from hermes_fleet.google.dates import LONGEST_DAYS, Period, days_ago, utc_now
from hermes_fleet.google.key import NAME, WHAT
from hermes_fleet.google.settings import Settings
from hermes_fleet.google_data_connector.gathering import OUTPUTS, Gathering
from hermes_fleet.google_data_connector.search import gather_search
from hermes_fleet.google_data_connector.visits import gather_visits
from hermes_fleet.providers import missing
from hermes_worker import Job, Result, Worker

worker = Worker(
    "google_data_connector",
    version="1.0.0",
    outputs=OUTPUTS,
    modes=("smoke", "full"),
    answer_within=105,
    resumable=True,
    time_limit={"smoke": 45, "full": 100},
)


@worker.run
async def fetch(
    job: Job,
    site: str,
    settings: Settings | None = None,
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 28,
    end_days_ago: Annotated[int, Field(ge=0, le=30)] = 3,
    row_limit: Annotated[int, Field(ge=1, le=5000)] = 1000,
) -> Result:
    """Figures of `days` days up to `end_days_ago` days ago; lists of at most `row_limit` rows."""
    entered = settings or Settings()
    period = Period.ending(days_ago(utc_now(), end_days_ago), days)
    gathering = Gathering(job, period, row_limit)
    async with google_of(site) as google:
        if google is None:
            return worker.nothing(missing(NAME, WHAT))
        await asyncio.gather(
            gather_search(gathering, google, entered), gather_visits(gathering, google, entered)
        )
        gathering.metrics["requests"] = google.spent.requests
    return gathering.result(google.provenance)
