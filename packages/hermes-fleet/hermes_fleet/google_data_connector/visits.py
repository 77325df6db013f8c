"""Sessions, users and key events of Google Analytics 4."""

from typing import Any

from hermes_fleet.google.analytics import Totals, totals
from hermes_fleet.google.client import Google
from hermes_fleet.google.settings import Settings, analytics_property
from hermes_fleet.google_data_connector.gathering import VISITS, Gathering

SLUGS = dict(zip(VISITS, ("sessions", "totalUsers", "keyEvents"), strict=True))
WITHHELD = "GA4 withheld the figures for this period because so few people visited that they could be identified. Start a full run, which covers a longer period."


async def gather_visits(gathering: Gathering, google: Google, settings: Settings) -> None:
    """One report; whatever is wrong is the reason of all three outputs."""
    async with gathering.part("visits", *VISITS):
        name = analytics_property(settings.ga4_property)
        found = await totals(google, name, gathering.period)
        gathering.record("ga4", {"property": name, **gathering.period.payload(), **facts(found)})
        for slug, metric in SLUGS.items():
            if found.withheld:
                gathering.leave_out(slug, "outputs_missing", WITHHELD)
            else:
                gathering.outputs[slug] = found.figures[metric]


def facts(found: Totals) -> dict[str, Any]:
    """What limits the figures: thresholds, sampling; and in which time zone days begin."""
    payload: dict[str, Any] = {
        "time_zone": found.metadata.timeZone or None,
        "thresholded": found.metadata.subjectToThresholding,
        "sampled": bool(found.metadata.samplingMetadatas),
        "conversions_are": "keyEvents",
    }
    if found.metadata.emptyReason:
        payload["empty_reason"] = found.metadata.emptyReason
    if found.tokens_left is not None:
        payload["tokens_left_today"] = found.tokens_left
    return payload
