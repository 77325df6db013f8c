"""The made-up backlinks of the demo site: a fixed list, dated from the day it is asked for."""

from datetime import date, timedelta
from typing import NamedTuple

from hermes_sandbox.providers.plan import PLANS
from hermes_sandbox.providers.results import DOMAINS
from hermes_sandbox.site.dice import Dice

COUNT = 36
NEW_DAYS = 30
ANCHORS = (
    "Juniper Dental",
    "dentist",
    "dental implants",
    "this practice",
    "read more",
    "https://juniper-dental.example",
)


class Backlink(NamedTuple):
    """One link. `lost` is the day it was gone; None while it stands."""

    domain: str
    url_from: str
    url_to: str
    anchor: str
    followed: bool
    rank: int
    first_seen: date
    lost: date | None

    def is_new(self, today: date) -> bool:
        return self.lost is None and (today - self.first_seen).days <= NEW_DAYS


def backlinks(site: str, today: date) -> list[Backlink]:
    """All of them, best rank first; about one in six is lost and one in six is new."""
    found = [_backlink(site, today, number) for number in range(COUNT)]
    return sorted(found, key=lambda link: (-link.rank, link.url_from))


def _backlink(site: str, today: date, number: int) -> Backlink:
    dice = Dice("backlink", number)
    domain = DOMAINS[number * 7 % len(DOMAINS) % 24]  # several links from one domain
    seen = today - timedelta(dice.between(2, 28) if number % 6 == 0 else dice.between(40, 700))
    lost = today - timedelta(dice.between(1, 25)) if number % 6 == 3 else None
    return Backlink(
        domain,
        f"https://{domain}/articles/{number:02}",
        site.rstrip("/") + dice.pick(PLANS).path,
        dice.pick(ANCHORS),
        dice.below(4) > 0,
        dice.between(20, 640),
        seen,
        lost,
    )
