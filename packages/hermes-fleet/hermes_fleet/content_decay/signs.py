"""Which pages are losing ground, and which only go with the season. Pure rules over figures."""

from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from hermes_fleet.content_decay.traffic import Traffic
from hermes_fleet.google.history import Figures

LEAST_SHARE = 0.2
CHANCE = 2.5
CHANCE_A_YEAR_AGO = 1.5  # last year's fall need not be as certain to explain this year's
LEAST_CLICKS = 10
LEAST_IMPRESSIONS = 100
LEAST_PLACES = 2.0

RULE = (
    f"A figure fell when it lost at least {LEAST_SHARE:.0%}, at least {LEAST_CLICKS} clicks or"
    f" {LEAST_IMPRESSIONS} impressions, and more than {CHANCE:g} times the square root of both"
    f" periods together (less may be chance). A position fell by {LEAST_PLACES:g} places or more with"
    f" {LEAST_IMPRESSIONS} impressions in both periods. Impressions and position count only while"
    " clicks do not grow. A page is seasonal, not declining, when the same fall in the same weeks a"
    f" year ago (beyond {CHANCE_A_YEAR_AGO:g} times the square root) explains this one."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One page: its signs of decline, whether the season alone explains a fall, and its figures."""

    page: str
    figures: dict[str, Figures | None]
    signs: tuple[str, ...] = ()
    seasonal: bool = False
    now: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)

    @property
    def lost_clicks(self) -> int:
        """Against the higher of the periods that a sign compares with."""
        year_ago = self.figures["year_ago"]
        in_a_year = "clicks_fell_in_a_year" in self.signs and year_ago
        then = max(self.before.clicks, year_ago.clicks if in_a_year and year_ago else 0)
        return max(0, then - self.now.clicks)

    def payload(self) -> dict[str, Any]:
        figures = {name: each.payload() if each else None for name, each in self.figures.items()}
        return {"page": self.page, "signs": list(self.signs), **figures}


def judge(traffic: Traffic, page: str) -> Judged:
    """The page must be among those that can be compared."""
    figures = {name: traffic.of(name, page) for name in traffic.windows.named()}
    now, before = figures["now"] or Figures(), figures["before"] or Figures()
    falls = {
        "clicks_fell": fell(before.clicks, now.clicks, LEAST_CLICKS),
        "impressions_fell": now.clicks <= before.clicks
        and fell(before.impressions, now.impressions, LEAST_IMPRESSIONS),
    }
    explained = {name for name in falls if falls[name] and in_season(name, figures)}
    signs = [name for name, here in falls.items() if here and name not in explained]
    if (year_ago := figures["year_ago"]) and fell(year_ago.clicks, now.clicks, LEAST_CLICKS):
        signs.append("clicks_fell_in_a_year")
    if sank(before, now):
        signs.append("position_fell")
    seasonal = bool(explained) and not signs
    return Judged(page, figures, tuple(signs), seasonal, now, before)


def fell(then: float, now: float, least: float, chance: float = CHANCE) -> bool:
    """Whether a count lost more than a little and more than chance allows."""
    lost = then - now
    return lost >= max(least, LEAST_SHARE * then, chance * sqrt(then + now))


def in_season(sign: str, figures: dict[str, Figures | None]) -> bool:
    """Whether it fell a year ago as well, so far that little is left of this year's fall."""
    year_ago, year_before = figures["year_ago"], figures["year_before"]
    if year_ago is None or year_before is None:
        return False
    clicks = sign == "clicks_fell"
    least = LEAST_CLICKS if clicks else LEAST_IMPRESSIONS
    now, before, then, earlier = (
        (each.clicks if clicks else each.impressions) if each else 0
        for each in (figures["now"], figures["before"], year_ago, year_before)
    )
    fell_then = fell(earlier, then, least, CHANCE_A_YEAR_AGO)
    return fell_then and not fell(before * then / earlier, now, least)


def sank(before: Figures, now: Figures) -> bool:
    """Whether the mean position got worse while clicks did not grow: a page that is shown for more
    and rarer searches sinks on average and loses nothing."""
    if before.position is None or now.position is None or now.clicks > before.clicks:
        return False
    shown = min(before.impressions, now.impressions) >= LEAST_IMPRESSIONS
    return shown and now.position - before.position >= LEAST_PLACES
