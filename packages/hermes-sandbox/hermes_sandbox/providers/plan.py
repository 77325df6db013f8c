"""What the demo site's search traffic is planned to look like: pages of the demo site, and their fate."""

from math import cos, pi
from typing import Literal, NamedTuple, TypeAlias

Fate: TypeAlias = Literal["steady", "decaying", "seasonal", "growing"]

HISTORY_DAYS = 486
"""About 16 months, as far back as Search Console goes."""
DECAY_DAYS = 120
DECAYED_BY = 0.75
FLOOR = 0.2
POSITIONS_LOST = 7.0
SWING = 0.8
PEAK_DAYS_AGO = 122
"""A third of a year after its peak a wave falls fastest, this year as every year."""


class Plan(NamedTuple):
    """One page. `impressions` a day and mean `position` on a good day; queries from big to small."""

    path: str
    fate: Fate
    impressions: int
    position: float
    queries: tuple[str, str, str]


PLANS = (
    Plan("/", "steady", 180, 2.4, ("juniper dental", "dentist near me", "family dentist")),
    Plan(
        "/services/dental-implants",
        "decaying",
        170,
        4.1,
        ("dental implants", "dental implants cost", "how long do dental implants take"),
    ),
    Plan(
        "/services/clear-aligners",
        "decaying",
        150,
        3.4,
        ("clear aligners", "clear aligners cost", "clear aligners or braces"),
    ),
    Plan(
        "/services/gum-treatment",
        "decaying",
        130,
        3.8,
        ("gum treatment", "gum treatment cost", "does gum treatment hurt"),
    ),
    Plan(
        "/services/teeth-whitening",
        "seasonal",
        160,
        3.9,
        ("teeth whitening", "teeth whitening cost", "is teeth whitening safe"),
    ),
    Plan(
        "/services/emergency-dentistry",
        "growing",
        120,
        4.6,
        ("emergency dentist", "emergency dentistry", "emergency dentist cost"),
    ),
    Plan(
        "/services/porcelain-veneers",
        "steady",
        110,
        5.2,
        ("porcelain veneers", "porcelain veneers cost", "how long do veneers last"),
    ),
    Plan(
        "/services/root-canal-treatment",
        "steady",
        120,
        4.4,
        ("root canal treatment", "root canal cost", "root canal pain"),
    ),
    Plan(
        "/services/dental-crowns",
        "steady",
        100,
        6.1,
        ("dental crowns", "dental crown cost", "crown or filling"),
    ),
    Plan(
        "/services/wisdom-tooth-removal",
        "steady",
        105,
        5.6,
        ("wisdom tooth removal", "wisdom tooth removal cost", "wisdom tooth recovery"),
    ),
    Plan(
        "/services/routine-check-ups",
        "steady",
        95,
        3.1,
        ("dental check up", "dental check up cost", "how often dental check up"),
    ),
    Plan(
        "/locations/maple-quay",
        "steady",
        70,
        1.9,
        ("dentist maple quay", "dental practice maple quay", "maple quay dentist hours"),
    ),
    Plan(
        "/locations/cedar-mills",
        "steady",
        65,
        2.2,
        ("dentist cedar mills", "dental practice cedar mills", "cedar mills dentist hours"),
    ),
)


def strength(fate: Fate, day: int) -> float:
    """How much of its planned demand a page has; `day` 0 is the anchor, earlier days are negative."""
    if fate == "decaying":
        return max(FLOOR, 1 - DECAYED_BY * max(0, day + DECAY_DAYS) / DECAY_DAYS)
    if fate == "seasonal":
        return 1 + SWING * cos(2 * pi * (day + PEAK_DAYS_AGO) / 365)
    if fate == "growing":
        return min(1.8, max(0.4, 0.5 + 1.1 * (day + HISTORY_DAYS) / HISTORY_DAYS))
    return 1.0


def position(plan: Plan, day: int) -> float:
    """Mean position of the page's main query on a day; 1 is the top."""
    if plan.fate in ("decaying", "growing"):
        return plan.position + POSITIONS_LOST * max(0.0, 1 - strength(plan.fate, day))
    return plan.position
