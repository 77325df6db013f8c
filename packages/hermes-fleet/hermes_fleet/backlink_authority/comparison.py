"""What changed between two link graphs, as far as both looked at the same pages.

A link is new only where the earlier run knew its page, or all pages of its site; it is lost only where
this run saw its page, or all pages of its site. Everything else is not known, and said so.
"""

from dataclasses import dataclass
from datetime import datetime

from hermes_fleet.backlink_authority.graph import Link, LinkGraph
from hermes_fleet.searching.results import owner

GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Changes:
    """Links that came and went since `since`; `unknown` links cannot be told to be either."""

    since: datetime
    new: tuple[Link, ...]
    lost: tuple[Link, ...]
    unknown: int
    scope: str  # of the earlier run

    def a_day(self, now: datetime) -> float:
        """New minus lost links a day."""
        days = (now - self.since).total_seconds() / 86_400
        return round((len(self.new) - len(self.lost)) / days, 3)


def changes(before: LinkGraph, now: LinkGraph) -> Changes:
    """What came and went on the way from one graph to the other."""
    old, new = ({link.ends: link for link in graph.links} for graph in (before, now))
    come = [link for ends, link in new.items() if ends not in old]
    gone = [link for ends, link in old.items() if ends not in new]
    certain = [link for link in come if _settles(before, link.source)]
    lost = [link for link in gone if _settles(now, link.source)]
    return Changes(
        since=before.taken_at,
        new=tuple(certain),
        lost=tuple(lost),
        unknown=len(come) - len(certain) + len(gone) - len(lost),
        scope=before.scope,
    )


def _settles(graph: LinkGraph, page: str) -> bool:
    """Whether a run can say for certain that a page carried no link that the run does not have."""
    status = graph.pages.get(page)
    if status is None:
        home = owner(page, graph.sites)
        return home is not None and graph.sites[home].whole
    return status == 200 or status in GONE or 300 <= status < 400
