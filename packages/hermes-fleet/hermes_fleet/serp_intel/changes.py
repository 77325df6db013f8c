"""Where the site stood before: each keyword against the newest earlier run that can be compared."""

from collections.abc import Sequence
from typing import Any

from hermes_fleet.hermes_api import EarlierRun
from hermes_fleet.searching.results import Hit
from hermes_fleet.searching.snapshots import KeptPage, Snapshots, of_runs

UNKNOWN = {"known": False, "reason": "no earlier runs known"}


def changes(now: Snapshots, runs: Sequence[EarlierRun] | None) -> dict[str, Any]:
    """`change` is places gained, None when the site was or is not within the depth looked at.

    `runs` are newest first; None where they cannot be known.
    """
    if runs is None:
        return UNKNOWN
    earlier = [(run, kept) for run, kept in of_runs(runs) if comparable(kept, now)]
    compared = [row for page in now.pages if (row := _row(page, earlier)) is not None]
    if not compared:
        return {"known": True, "baseline": True, "reason": "no earlier run to compare with"}
    return {"known": True, "baseline": False, "count": len(compared), "items": compared}


def comparable(one: Snapshots, other: Snapshots) -> bool:
    """Whether two runs searched the same way; a local index of other size ranks other pages."""
    same_way = (one.engine, one.locale) == (other.engine, other.locale)
    return same_way and one.provenance == other.provenance


def _row(page: KeptPage, earlier: list[tuple[EarlierRun, Snapshots]]) -> dict[str, Any] | None:
    for run, kept in earlier:
        before = kept.by_keyword.get(page.keyword.casefold())
        if before is not None:
            depth = min(before.depth, page.depth)
            return {
                "keyword": page.keyword,
                **_change(rank(before.site, depth), rank(page.site, depth)),
                "depth": depth,
                "since": before.at.isoformat(),
                "run_id": run.run_id,
                **({"index_before": kept.index} if kept.index else {}),
            }
    return None


def _change(before: int | None, now: int | None) -> dict[str, Any]:
    words = {(True, False): "entered", (False, True): "left", (True, True): "still absent"}
    positions = {"before": before, "now": now}
    if before is None or now is None:
        return {**positions, "change": None, "said": words[before is None, now is None]}
    places = before - now
    return {
        **positions,
        "change": places,
        "said": "up" if places > 0 else "down" if places else "same",
    }


def rank(hit: Hit | None, depth: int) -> int | None:
    """The rank among the plain results; None when it is not within the depth that both runs looked at."""
    return hit.rank_group if hit and hit.rank_group <= depth else None
