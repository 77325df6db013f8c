"""How the internal links of a site weigh its pages: PageRank over what was crawled, the strongest page 100."""

from collections.abc import Mapping
from typing import Any

from hermes_fleet.crawl_render.redirects import path
from hermes_fleet.crawling.record import Record

DAMPING = 0.85
ROUNDS = 20
MOST_PAGES = 20_000
"""Of larger sites no score is told: it would take minutes."""


def scores(records: Mapping[str, Record]) -> list[dict[str, Any]]:
    """Each page with its score from 0 to 100 and how many pages link to it, the strongest first."""
    pages = {url: each.page.links for url, each in records.items() if each.good_page and each.page}
    if not pages or len(pages) > MOST_PAGES:
        return []
    ends = {url: path(url, records).final for url in records}
    out = {
        url: sorted({ends.get(link, link) for link in links} & pages.keys() - {url})
        for url, links in pages.items()
    }
    weight = _weights(out)
    most = max(weight.values())
    incoming = dict.fromkeys(pages, 0)
    for targets in out.values():
        for target in targets:
            incoming[target] += 1
    return [
        {"url": url, "score": round(100 * value / most, 1), "linked_from": incoming[url]}
        for url, value in sorted(weight.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _weights(out: Mapping[str, list[str]]) -> dict[str, float]:
    """A page without links gives its weight to all."""
    count = len(out)
    weight = dict.fromkeys(out, 1 / count)
    for _ in range(ROUNDS):
        lost = sum(weight[url] for url, targets in out.items() if not targets)
        following = dict.fromkeys(out, (1 - DAMPING + DAMPING * lost) / count)
        for url, targets in out.items():
            for target in targets:
                following[target] += DAMPING * weight[url] / len(targets)
        weight = following
    return weight
