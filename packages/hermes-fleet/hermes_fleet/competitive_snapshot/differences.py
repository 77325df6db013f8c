"""What competitors have and the own site lacks, keyword by keyword and over all pages read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hermes_fleet.competitive_snapshot.links import Links
from hermes_fleet.competitive_snapshot.ranking import Ranking
from hermes_fleet.competitive_snapshot.sections import METHOD, missing_sections
from hermes_fleet.competitive_snapshot.structure import schema_types, templates
from hermes_fleet.searching.document import Document
from hermes_fleet.searching.results import Hit
from hermes_fleet.searching.site_reader import Reading

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """One keyword: a competitor's best page that was read, and the own one (None: not found for it)."""

    keyword: str
    site: Reading
    hit: Hit
    theirs: Document | None
    own_hit: Hit | None
    ours: Document | None


def differences(own: Reading, others: Sequence[Reading], ranking: Ranking | None) -> Row:
    """Lists of differences; those by keyword are empty where nothing was looked up."""
    pairs = list(_pairs(own, others, ranking)) if ranking else []
    return {
        "missing_templates": [_templates(other, own) for other in others],
        "schema_differences": [_schema(other, own) for other in others],
        "content_gaps": [_gap(pair) for pair in pairs if pair.own_hit is None],
        "missing_sections": list(_sections(pairs)),
        "internal_link_gaps": list(_link_gaps(pairs, own, others)),
        "method": {"missing_sections": METHOD},
    }


def _pairs(own: Reading, others: Sequence[Reading], ranking: Ranking) -> Iterator[Pair]:
    """Each keyword with each competitor that is found for it."""
    ours = own.by_url
    for page in ranking.pages:
        own_hit = page.own(own.home)
        for other in others:
            if hit := page.own(other.home):
                theirs = other.by_url.get(hit.url)
                read = ours.get(own_hit.url) if own_hit else None
                yield Pair(page.keyword, other, hit, theirs, own_hit, read)


def _templates(other: Reading, own: Reading) -> Row:
    lacking = [row for row in templates(other, own) if not row["yours"]]
    names = ("template", "pages", "example")
    return {"site": other.home, "items": [{name: row[name] for name in names} for row in lacking]}


def _schema(other: Reading, own: Reading) -> Row:
    theirs, ours = schema_types(other.documents), schema_types(own.documents)
    return {
        "site": other.home,
        "only_theirs": {kind: count for kind, count in theirs.items() if kind not in ours},
        "only_yours": {kind: count for kind, count in ours.items() if kind not in theirs},
    }


def _gap(pair: Pair) -> Row:
    return {
        "keyword": pair.keyword,
        "site": pair.site.home,
        "url": pair.hit.url,
        "title": pair.hit.title,
        "rank_group": pair.hit.rank_group,
    }


def _sections(pairs: Sequence[Pair]) -> Iterator[Row]:
    for pair in pairs:
        if pair.theirs is None or pair.ours is None:
            continue
        if lacking := missing_sections(pair.theirs, pair.ours, pair.keyword):
            yield {
                "keyword": pair.keyword,
                "url": pair.ours.url,
                "words": pair.ours.words,
                "site": pair.site.home,
                "competitor_url": pair.theirs.url,
                "competitor_words": pair.theirs.words,
                "sections": lacking,
            }


def _link_gaps(pairs: Sequence[Pair], own: Reading, others: Sequence[Reading]) -> Iterator[Row]:
    """Pages with fewer links to them, or further from the home page, than a competitor's."""
    ours, theirs = Links(own), {other.home: Links(other) for other in others}
    for pair in pairs:
        if pair.theirs is None or pair.ours is None:
            continue
        one, other = ours.of(pair.ours), theirs[pair.site.home].of(pair.theirs)
        if gaps := weaker(one, other):
            row = {"keyword": pair.keyword, "site": pair.site.home, "gaps": gaps}
            yield {**row, "yours": one, "theirs": other}


def weaker(one: Row, other: Row) -> list[str]:
    """In what the first page is linked worse than the second; what is not known is no gap."""
    few = one["inlinks"] < other["inlinks"]
    known = None not in (one["clicks"], other["clicks"])
    far = known and one["clicks"] > other["clicks"]
    return ["fewer links"] * few + ["more clicks"] * far
