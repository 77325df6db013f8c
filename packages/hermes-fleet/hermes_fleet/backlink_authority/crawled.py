"""The outputs from our own reading: links between the sites read, and never a provider's figure."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hermes_fleet.backlink_authority.comparison import Changes, changes
from hermes_fleet.backlink_authority.corpus import Corpus
from hermes_fleet.backlink_authority.graph import Link, LinkGraph
from hermes_fleet.backlink_authority.history import kept
from hermes_fleet.backlink_authority.pagerank import DAMPING, pagerank, percentile
from hermes_worker import Missing, Result

LEAST_WINDOW = timedelta(days=1)
NO_WINDOW = Missing(
    "outputs_missing",
    "Growth needs a baseline that is at least one day old. Run it again tomorrow.",
)
NO_EDGES = Missing(
    "outputs_missing",
    "None of the sites read links to another with a followed link, so there is nothing to rank. Start a full run, or enter more competitors.",
)


def result(corpus: Corpus, earlier: Sequence[LinkGraph], limit: int) -> Result:
    """All outputs of one reading, compared with the newest earlier one of the same site."""
    graph = corpus.graph()
    past = [each for each in earlier if each.home == graph.home]
    since = changes(past[0], graph) if past else None
    gained = [] if since is None else list(since.new)
    gone = [] if since is None else list(since.lost)
    outputs: dict[str, Any] = {
        "new_links": _changed(gained, since, graph, limit),
        "lost_links": _changed(gone, since, graph, limit),
        "anchor_distribution": _texts(graph, limit),
    }
    missing = dict[str, Missing]()
    _add("domain_authority", _authority(graph, corpus.home), outputs, missing)
    _add("link_velocity", _velocity(past, graph), outputs, missing)
    return Result(
        outputs=outputs,
        provenance=dict.fromkeys(outputs, "measured"),
        metrics={**corpus.metrics(), **_totals(graph)},
        missing=missing,
        artifacts=kept(graph),
    )


def _add(slug: str, found: Any, outputs: dict[str, Any], missing: dict[str, Missing]) -> None:
    if isinstance(found, Missing):
        missing[slug] = found
    else:
        outputs[slug] = found


def _changed(
    links: Sequence[Link], since: Changes | None, graph: LinkGraph, limit: int
) -> dict[str, Any]:
    """A list of links with what it rests on; the first run has none and says why."""
    if since is None:
        basis = f"First run over {graph.scope}: found {len(graph.links)} links to the site. The next run is compared with these."
        return {"count": 0, "items": [], "complete": False, "baseline": True, "basis": basis}
    basis = f"{graph.scope}; compared with {since.scope}."
    if since.unknown:
        basis += f" {since.unknown} more links stand on pages that only one of the two runs saw."
    return {
        "count": len(links),
        "items": [link.model_dump() for link in links[:limit]],
        "complete": len(links) <= limit and since.unknown == 0 and graph.whole,
        "baseline": False,
        "since": since.since.isoformat(),
        "basis": basis,
    }


def _texts(graph: LinkGraph, limit: int) -> dict[str, Any]:
    """Texts of the links to the site, most frequent first, with their share of all (0-1)."""
    texts = Counter(link.anchor for link in graph.links)
    rows = sorted(texts.items(), key=lambda row: (-row[1], row[0]))
    return {
        "count": len(rows),
        "items": [
            {"anchor": text, "links": count, "share": round(count / len(graph.links), 4)}
            for text, count in rows[:limit]
        ],
        "complete": len(rows) <= limit and graph.whole,
        "basis": f"{len(graph.links)} links to the site on {graph.scope}.",
    }


def _authority(graph: LinkGraph, home: str) -> dict[str, Any] | Missing:
    """Where the site stands among those read."""
    if not graph.edges:
        return NO_EDGES
    sites = list(dict.fromkeys([home, *graph.sites]))
    ranks = pagerank(sites, [(source, target) for source, target, _pages in graph.edges])
    return {
        "value": percentile(ranks, home),
        "scale": f"local PageRank percentile 0-100 among {len(sites)} sites",
        "source": "links between the sites read; no other tool's figure",
        "scope": graph.scope,
        "damping": DAMPING,
        "items": [
            {"site": site, "pagerank": round(ranks[site], 6), "percentile": percentile(ranks, site)}
            for site in sorted(sites, key=lambda site: -ranks[site])
        ],
    }


def _velocity(past: Sequence[LinkGraph], graph: LinkGraph) -> float | Missing:
    """New minus lost links a day, since the newest earlier run that is a day old."""
    old = [each for each in past if graph.taken_at - each.taken_at >= LEAST_WINDOW]
    return changes(old[0], graph).a_day(graph.taken_at) if old else NO_WINDOW


def _totals(graph: LinkGraph) -> dict[str, Any]:
    """What people also want to know of the links; a target that was not read has no status."""
    broken = [link for link in graph.links if graph.pages.get(link.target, 200) >= 400]
    return {
        "links_found": len(graph.links),
        "followed_links": sum(link.followed for link in graph.links),
        "links_to_broken_pages": [
            {"source": link.source, "target": link.target, "status": graph.pages[link.target]}
            for link in broken[:50]
        ],
    }
