"""How much a run looks up and reads: what smoke and full mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from hermes_fleet.searching.settings import phrases

SMOKE_KEYWORDS, SMOKE_DEPTH = 5, 10


@dataclass(frozen=True, slots=True)
class TrackingScope:
    """Keywords to look up of those tracked; and, without a provider, how many pages are read."""

    keywords: tuple[str, ...]
    tracked: int
    depth: int
    own_pages: int
    other_pages: int  # of each competitor
    competitors: int
    patient: bool

    @property
    def whole(self) -> bool:
        """Whether every tracked keyword is looked up."""
        return len(self.keywords) == self.tracked


def scope_of(
    mode: str, tracked: Sequence[str], asked: int | list[str], depth: int
) -> TrackingScope:
    """`asked`: the first so many of the tracked keywords, or these keywords themselves."""
    chosen = phrases(asked, "keywords") if isinstance(asked, list) else tuple(tracked[:asked])
    known = {each.casefold() for each in tracked}
    count = len(tracked) + sum(each.casefold() not in known for each in chosen)
    if mode == "smoke":
        few = chosen[:SMOKE_KEYWORDS]
        return TrackingScope(few, count, min(depth, SMOKE_DEPTH), 12, 6, 3, patient=False)
    return TrackingScope(chosen, count, depth, 200, 100, 5, patient=True)
