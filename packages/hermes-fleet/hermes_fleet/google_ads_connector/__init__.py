"""Spend, clicks, conversions, policy problems and campaign states from Google Ads."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from hermes_fleet.google.ads import ACCESS, NAME, WHAT, Account, customer_number
from hermes_fleet.google.client import signed_in
from hermes_fleet.google.parts import Parts
from hermes_fleet.google_ads_connector.advertising import LISTS, OUTPUTS, Asked, gather_advertising
from hermes_fleet.providers import Credential, credential, missing
from hermes_worker import Job, Missing, Result, Worker, WorkerError

PARTS = 4  # what people see of the progress: account, figures, policy, campaigns

worker = Worker(
    "google_ads_connector",
    version="1.0.0",
    outputs=OUTPUTS,
    modes=("smoke", "full"),
    answer_within=105,
    resumable=True,
    time_limit={"smoke": 45, "full": 100},
)


class Settings(BaseModel):
    """What the site's settings say of its advertising account."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    ads_customer: Any = None


@worker.run
async def fetch(
    job: Job,
    site: str,
    settings: Settings | None = None,
    days: Annotated[int, Field(ge=1, le=400)] = 30,
    end_days_ago: Annotated[int, Field(ge=0, le=30)] = 1,
    row_limit: Annotated[int, Field(ge=1, le=5000)] = 1000,
) -> Result:
    """Figures of `days` days up to `end_days_ago` days ago in the account's time zone; lists of `row_limit` rows."""
    asked = Asked(days, end_days_ago, row_limit)
    try:
        if (secret := credential(NAME, site)) is None:
            return worker.nothing(missing(NAME, WHAT))
        return await _read(job, secret, (settings or Settings()).ads_customer, asked)
    except WorkerError as error:
        return worker.nothing(Missing(error.code, error.message))


async def _read(job: Job, secret: Credential, customer: Any, asked: Asked) -> Result:
    gathering = Parts(job, PARTS, LISTS)
    number = customer_number(customer, "ads_customer")
    async with signed_in(secret, access=ACCESS) as google:
        await gather_advertising(gathering, Account.of(google, secret, number), asked)
        gathering.metrics["requests"] = google.spent.requests
    return gathering.result(secret.provenance)
