"""Which declining pages to refresh first."""

from collections.abc import Sequence
from typing import Any

from hermes_fleet.content_decay.signs import Judged

TOP = 3.0
REACH = 20.0
WITHIN_REACH, BEYOND = 1.0, 0.5
FORMULA = (
    "priority = lost clicks x potential. Lost clicks: the period before (or the one a year ago, where"
    f" that is the sign) less this one. Potential by mean position now: {WITHIN_REACH:g} below {TOP:g}"
    f" down to {REACH:g}, {BEYOND:g} at {TOP:g} or better (little left to climb) and beyond"
    f" {REACH:g} (a refresh alone seldom suffices). The weights are a rule of thumb, not a measurement."
)


def candidates(declining: Sequence[Judged]) -> list[dict[str, Any]]:
    """Highest priority first, each with the reason for its place."""
    return sorted((_candidate(each) for each in declining), key=_order)


def _candidate(judged: Judged) -> dict[str, Any]:
    position = judged.now.position or judged.before.position
    weight = potential(position)
    return {
        "page": judged.page,
        "priority": round(judged.lost_clicks * weight, 1),
        "lost_clicks": judged.lost_clicks,
        "position": None if position is None else round(position, 2),
        "potential": weight,
        "signs": list(judged.signs),
        "reason": f"Lost {judged.lost_clicks} clicks; {_where(position)}.",
    }


def potential(position: float | None) -> float:
    """See FORMULA; a page without a position counts as beyond reach."""
    return WITHIN_REACH if position is not None and TOP < position <= REACH else BEYOND


def _where(position: float | None) -> str:
    if position is None:
        return "it is no longer shown"
    place = f"its mean position is {position:.1f}"
    if position <= TOP:
        return f"{place}, so check title and description before the text"
    return f"{place}, " + ("within reach of the top" if position <= REACH else "far from the top")


def _order(candidate: dict[str, Any]) -> tuple[float, str]:
    return -candidate["priority"], candidate["page"]
