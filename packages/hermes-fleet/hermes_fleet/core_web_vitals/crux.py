"""Field data of the Chrome UX Report: what real visitors measured in 28 days, at the 75th percentile.

https://developer.chrome.com/docs/crux/api
"""

from typing import Any

from hermes_fleet.core_web_vitals.google import request
from hermes_fleet.crawling.addresses import origin
from hermes_worker import WorkerError

SECRET = "HERMES_PROVIDER_CRUX"  # noqa: S105 - the name of a secret
WHAT = "a Google API key with the Chrome UX Report API enabled (console.cloud.google.com)"
ADDRESS = "https://chromeuxreport.googleapis.com"
NAMES = {
    "lcp": "largest_contentful_paint",
    "cls": "cumulative_layout_shift",
    "inp": "interaction_to_next_paint",
    "fcp": "first_contentful_paint",
    "ttfb": "experimental_time_to_first_byte",
}
NO_DATA = "Chrome has too few visitors of this origin on phones to publish figures."


async def field_data(base_url: str, key: str, home: str) -> dict[str, Any]:
    """p75 of the site's origin on phones. WorkerError says why there is none; an origin unknown to Chrome is one."""
    document = await request(
        "The Chrome UX Report",
        "POST",
        f"{base_url or ADDRESS}/v1/records:queryRecord",
        key,
        body={"origin": origin(home), "formFactor": "PHONE"},
    )
    if document is None:
        raise WorkerError("no_outputs", NO_DATA)
    return read(document)


def read(document: dict[str, Any]) -> dict[str, Any]:
    """The figures of a record. Percentiles of cls come as text."""
    try:
        record = document["record"]
        metrics = record["metrics"]
        p75 = {
            name: float(metrics[wire]["percentiles"]["p75"])
            for name, wire in NAMES.items()
            if wire in metrics
        }
        period = record.get("collectionPeriod", {})
        days = [_day(period[name]) for name in ("firstDate", "lastDate") if name in period]
    except (TypeError, LookupError, ValueError, AttributeError) as error:
        raise WorkerError(
            "malformed_reply", "The Chrome UX Report returned a record in an unknown format."
        ) from error
    if not p75:
        raise WorkerError("no_outputs", NO_DATA)
    return {"p75": p75, "period": days, "form_factor": "phone", "of": "origin"}


def _day(date: dict[str, int]) -> str:
    return f"{date['year']:04}-{date['month']:02}-{date['day']:02}"
