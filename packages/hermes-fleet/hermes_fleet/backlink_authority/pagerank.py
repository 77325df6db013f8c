"""PageRank between sites: a site is worth what the sites that link to it are worth."""

from collections.abc import Iterable, Sequence

DAMPING = 0.85  # how often a reader follows a link instead of opening any site at random
ACCURACY = 1e-12
MOST_ROUNDS = 1_000


def pagerank(sites: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Shares that sum to 1. A site that links to none passes its share on to all."""
    onward: dict[str, set[str]] = {site: set() for site in sites}
    for source, target in edges:
        if source != target:
            onward[source].add(target)
    ranks = dict.fromkeys(sites, 1 / len(sites))
    for _round in range(MOST_ROUNDS):
        before, ranks = ranks, _next(ranks, onward)
        if sum(abs(ranks[site] - before[site]) for site in sites) < ACCURACY:
            break
    return ranks


def _next(ranks: dict[str, float], onward: dict[str, set[str]]) -> dict[str, float]:
    """One round: what every site receives."""
    unlinked = sum(rank for site, rank in ranks.items() if not onward[site])
    basis = (1 - DAMPING + DAMPING * unlinked) / len(ranks)
    received = dict.fromkeys(ranks, basis)
    for site, targets in onward.items():
        for target in targets:
            received[target] += DAMPING * ranks[site] / len(targets)
    return received


def percentile(ranks: dict[str, float], site: str) -> float:
    """0-100: the share of the other sites that rank lower; equals count half. Two sites or more."""
    others = [rank for other, rank in ranks.items() if other != site]
    own = ranks[site]
    lower = sum(rank < own and not _equal(rank, own) for rank in others)
    equal = sum(_equal(rank, own) for rank in others)
    return round(100 * (lower + equal / 2) / len(others), 1)


def _equal(one: float, other: float) -> bool:
    return abs(one - other) < ACCURACY * 100
