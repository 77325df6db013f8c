"""The advertising of the demo site: campaigns, their ads, and what they cost day by day."""

from datetime import date
from typing import Any, NamedTuple

from hermes_sandbox.providers.demand import days, throws

MICROS = 1_000_000


class Campaign(NamedTuple):
    """`impressions`: on a usual day; `cost`: micros a click."""

    id: int
    name: str
    status: str
    primary: str
    reasons: tuple[str, ...]
    impressions: int
    cost: int


class Ad(NamedTuple):
    """`topics`: policies, each with what follows from it."""

    id: int
    campaign: int
    group: str
    path: str
    approval: str
    topics: tuple[tuple[str, str], ...]


class Spent(NamedTuple):
    """Figures of some days."""

    micros: int
    impressions: int
    clicks: int
    conversions: float


CAMPAIGNS = (
    Campaign(70110001, "Dental implants", "ENABLED", "ELIGIBLE", (), 900, 3_400_000),
    Campaign(
        70110002, "Emergency dentist", "ENABLED", "LIMITED", ("BUDGET_CONSTRAINED",), 620, 5_150_000
    ),
    Campaign(70110003, "Whitening in spring", "PAUSED", "PAUSED", ("CAMPAIGN_PAUSED",), 0, 0),
    Campaign(70110004, "Opening offer", "REMOVED", "REMOVED", ("CAMPAIGN_REMOVED",), 0, 0),
)
ADS = (
    Ad(6601, 70110001, "Implants", "/services/dental-implants", "APPROVED", ()),
    Ad(
        6602, 70110001, "Implants", "/services/dental-implants", "APPROVED_LIMITED",
        (("HEALTH_IN_PERSONALIZED_ADS", "LIMITED"),),
    ),
    Ad(6603, 70110002, "Night and weekend", "/services/emergency-dentistry", "APPROVED", ()),
    Ad(
        6604, 70110002, "Night and weekend", "/services/emergency", "DISAPPROVED",
        (("DESTINATION_NOT_WORKING", "PROHIBITED"),),
    ),
)  # fmt: skip


def spent(campaign: Campaign, day: date) -> Spent:
    """What one campaign did on one day: the same for the same day."""
    noise, luck, bought, _ = throws("ads", campaign.id, day.toordinal())
    impressions = round(campaign.impressions * (0.8 + 0.4 * noise))
    clicks = int(impressions * 0.045 + luck) if impressions else 0
    conversions = round(clicks * 0.06 + bought * 0.5, 2) if clicks else 0.0
    return Spent(clicks * campaign.cost, impressions, clicks, conversions)


def total(first: date, last: date) -> Spent:
    """All campaigns on these days, both included."""
    each = [spent(campaign, day) for campaign in CAMPAIGNS for day in days(first, last)]
    return Spent(
        sum(one.micros for one in each),
        sum(one.impressions for one in each),
        sum(one.clicks for one in each),
        round(sum(one.conversions for one in each), 2),
    )


def as_metrics(found: Spent) -> dict[str, Any]:
    """As Google writes them: 64-bit numbers as text."""
    return {
        "costMicros": str(found.micros),
        "impressions": str(found.impressions),
        "clicks": str(found.clicks),
        "conversions": found.conversions,
    }
