"""Rules of the backlink worker: who ranks, what is a link, what came and what went."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from hermes_fleet.backlink_authority import crawled
from hermes_fleet.backlink_authority.anchors import anchors
from hermes_fleet.backlink_authority.comparison import changes
from hermes_fleet.backlink_authority.corpus import Corpus
from hermes_fleet.backlink_authority.graph import Link, LinkGraph, SiteRead
from hermes_fleet.backlink_authority.pagerank import pagerank, percentile
from hermes_fleet.backlink_authority.provided import target_of
from hermes_fleet.backlink_authority.scope import scope_of
from hermes_fleet.crawling import page as pages
from hermes_fleet.crawling.record import Record
from hermes_fleet.crawling.walk import Seen

HOME, OTHER = "https://own.example/", "https://other.example/"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def graph(
    statuses: Mapping[str, int],
    linking: tuple[str, ...] = (),
    *,
    whole: bool = False,
    days: int = 0,
) -> LinkGraph:
    """Pages of the other site, those named link to the home page."""
    return LinkGraph(
        home=HOME,
        taken_at=NOW - timedelta(days=days),
        sites={OTHER: SiteRead(pages=len(statuses), whole=whole)},
        pages={OTHER + path: status for path, status in statuses.items()},
        links=[
            Link(source=OTHER + path, target=HOME, anchor="us", rel="", followed=True)
            for path in linking
        ],
        edges=[],
    )


def seen(html: str, robots: tuple[str, ...] = ()) -> Seen:
    return Seen(Record(OTHER, 200, html=True, robots=robots, page=pages.read(html, OTHER)), html)


def test_two_sites_that_link_to_each_other_share_equally() -> None:
    assert pagerank(["a", "b"], [("a", "b"), ("b", "a")]) == pytest.approx({"a": 0.5, "b": 0.5})


def test_a_site_without_links_passes_its_share_on_to_all() -> None:
    ranks = pagerank(["a", "b"], [("a", "b")])
    assert sum(ranks.values()) == pytest.approx(1)
    assert ranks["b"] == pytest.approx(1.85 / 2.85)  # b = 0.075 + 0.85 a + 0.425 b, a = 1 - b


def test_links_within_a_site_and_repeated_links_change_nothing() -> None:
    plain = pagerank(["a", "b", "c"], [("a", "b"), ("a", "c")])
    assert pagerank(["a", "b", "c"], [("a", "b"), ("a", "b"), ("a", "c"), ("b", "b")]) == plain


def test_the_percentile_counts_lower_sites_and_half_of_the_equal_ones() -> None:
    ranks = {"a": 0.4, "b": 0.2, "c": 0.2, "d": 0.2}
    assert percentile(ranks, "a") == 100
    assert percentile(ranks, "b") == pytest.approx(33.3)
    assert percentile({"a": 0.6, "b": 0.4}, "b") == 0


@pytest.mark.parametrize(
    ("html", "text", "rel", "followed"),
    [
        ('<a href="https://own.example/"> Our\n dentist </a>', "Our dentist", "", True),
        ('<a href="https://own.example/" rel="NoFollow noopener">x</a>', "x", "nofollow noopener", False),
        ('<a href="https://own.example/" rel="sponsored">x</a>', "x", "sponsored", False),
        ('<a href="https://own.example/" rel="ugc">x</a>', "x", "ugc", False),
        ('<a href="https://own.example/"><img src="l.png" alt="Logo"></a>', "Logo", "", True),
        ('<a href="https://own.example/"><img src="l.png"></a>', "", "", True),
        ('<map><area href="https://own.example/" alt="On the map"></map>', "On the map", "", True),
        ('<base href="https://own.example/x/"><a href="..">up</a>', "up", "", True),
    ],
)  # fmt: skip
def test_a_link_is_read_with_its_text_and_rel(
    html: str, text: str, rel: str, followed: bool
) -> None:
    (found,) = anchors(seen(html))
    assert (found.target, found.text, found.rel, found.followed) == (HOME, text, rel, followed)


def test_a_page_that_closes_its_links_recommends_nobody() -> None:
    link = '<a href="https://own.example/">x</a>'
    for each in (
        seen(f'<meta name="robots" content="noindex, NOFOLLOW">{link}'),
        seen(link, robots=("nofollow",)),
    ):
        assert [found.followed for found in anchors(each)] == [False]


def test_the_first_of_several_links_to_a_target_counts() -> None:
    html = '<a href="https://own.example/#a">first</a><a href="https://own.example/">second</a>'
    assert [found.text for found in anchors(seen(html))] == ["first"]


@pytest.mark.parametrize(
    ("before", "now", "new_lost_unknown"),
    [
        (graph({"a": 200}), graph({"a": 200}, ("a",)), (1, 0, 0)),
        (graph({"a": 200}, ("a",)), graph({"a": 200}), (0, 1, 0)),
        (graph({"a": 200}, ("a",)), graph({"a": 200}, ("a",)), (0, 0, 0)),
        (graph({"a": 200}, ("a",)), graph({"a": 404}), (0, 1, 0)),
        (graph({"a": 200}, ("a",)), graph({"a": 301}), (0, 1, 0)),
        (graph({"a": 200}, ("a",)), graph({"a": 503}), (0, 0, 1)),
        (graph({"a": 200}, ("a",)), graph({"a": 0}), (0, 0, 1)),
        (graph({"a": 200}, ("a",)), graph({"b": 200}), (0, 0, 1)),
        (graph({"a": 200}, ("a",)), graph({"b": 200}, whole=True), (0, 1, 0)),
        (graph({"b": 200}), graph({"a": 200}, ("a",)), (0, 0, 1)),
        (graph({"b": 200}, whole=True), graph({"a": 200}, ("a",)), (1, 0, 0)),
        (graph({"a": 500}), graph({"a": 200}, ("a",)), (0, 0, 1)),
    ],
)
def test_only_what_both_runs_could_see_is_new_or_lost(
    before: LinkGraph, now: LinkGraph, new_lost_unknown: tuple[int, int, int]
) -> None:
    found = changes(before, now)
    assert (len(found.new), len(found.lost), found.unknown) == new_lost_unknown


def test_links_of_a_site_that_was_not_read_before_are_not_new() -> None:
    before = graph({}, whole=True).model_copy(update={"sites": {}})
    assert changes(before, graph({"a": 200}, ("a",))).unknown == 1


def test_growth_is_new_minus_lost_links_a_day_and_may_be_negative() -> None:
    before = graph({"a": 200, "b": 200, "c": 200}, ("a", "b"), days=4)
    found = changes(before, graph({"a": 200, "b": 200, "c": 200}, ("c",)))
    assert found.a_day(NOW) == -0.25


def test_a_graph_survives_its_json() -> None:
    kept = graph({"a": 200}, ("a",)).model_copy(update={"edges": [(OTHER, HOME, 1)]})
    assert LinkGraph.model_validate(kept.model_dump(mode="json")) == kept


def test_a_smoke_run_never_reads_more_than_it_may() -> None:
    assert scope_of("smoke", 300).pages == scope_of("smoke", None).pages == 5
    assert scope_of("smoke", 2).pages == 2
    assert scope_of("full", None).pages == 400
    assert scope_of("full", 1000).pages == 1000


@pytest.mark.parametrize(
    ("home", "target"),
    [
        ("https://www.example.com/", "example.com"),
        ("https://shop.example.com:8443/", "shop.example.com"),
        ("http://127.0.0.1:8420/", "127.0.0.1:8420"),
    ],
)
def test_a_target_is_a_bare_domain(home: str, target: str) -> None:
    assert target_of(home) == target


def test_a_graph_that_is_too_large_is_not_kept() -> None:
    corpus = Corpus(HOME, [HOME, OTHER], NOW)
    corpus.sites = {OTHER: SiteRead(pages=1, whole=False)}
    assert "link_graph" in crawled.result(corpus, [], 5).artifacts
    corpus.pages = {f"{OTHER}{number}{'x' * 2000}": 200 for number in range(2100)}
    assert crawled.result(corpus, [], 5).artifacts == {}


def test_of_a_site_read_whole_only_pages_in_trouble_are_kept() -> None:
    corpus = Corpus(HOME, [HOME, OTHER], NOW)
    corpus.sites = {OTHER: SiteRead(pages=1, whole=True), HOME: SiteRead(pages=1, whole=False)}
    corpus.pages = {f"{OTHER}good": 200, f"{OTHER}bad": 503, f"{HOME}good": 200}
    assert corpus.graph().pages == {f"{OTHER}bad": 503, f"{HOME}good": 200}
