"""How many competitors, pages and keywords: what smoke and full mean."""

from collections.abc import Sequence
from dataclasses import dataclass

DEPTH = 10


@dataclass(frozen=True, slots=True)
class SnapshotScope:
    """`pages` are read of each site at most; `depth` results are looked at for each keyword."""

    competitors: int
    keywords: tuple[str, ...]
    pages: int
    depth: int = DEPTH
    patient: bool = False


def scope_of(
    mode: str, tracked: Sequence[str], competitors: int, keywords: int, max_urls: int
) -> SnapshotScope:
    """Smoke never asks for more than one competitor, five pages of a site and three keywords."""
    if mode == "smoke":
        return SnapshotScope(
            min(competitors, 1), tuple(tracked[: min(keywords, 3)]), min(max_urls, 5)
        )
    return SnapshotScope(competitors, tuple(tracked[:keywords]), max_urls, patient=True)
