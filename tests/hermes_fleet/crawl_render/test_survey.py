"""The survey is a fold: whatever order answers arrive in, the findings are the same."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hermes_egress.robots import Robots
from hermes_fleet.crawl_render import findings
from hermes_fleet.crawl_render.survey import Bounds, Survey
from hermes_fleet.crawling import page, sitemaps
from hermes_fleet.crawling.page import Page
from hermes_fleet.crawling.record import Record
from hermes_fleet.crawling.robots import AGENT

SITE = "http://site.test"
HOME = f"{SITE}/"
PATHS = [HOME, *(f"{SITE}/{n}" for n in range(12))]

addresses = st.sampled_from(PATHS)
pages = st.builds(
    Page, title=st.sampled_from(["", "Same", "Other"]), links=st.lists(addresses).map(tuple)
)
answers = st.one_of(
    st.tuples(st.just(200), st.none(), pages),
    st.tuples(st.just(301), addresses, st.none()),
    st.sampled_from([(404, None, None), (0, None, None)]),
)
sites = st.fixed_dictionaries(dict.fromkeys(PATHS, answers))
Site = dict[str, tuple[int, str | None, Page | None]]


def crawled(site: Site, listed: list[str], chance: random.Random, bounds: Bounds) -> Survey:
    """Crawl with up to four requests under way that are answered in any order."""
    survey = Survey(HOME, Robots("User-agent: *\nDisallow: /7", AGENT), bounds)
    survey.add_sitemap(listed)
    under_way: list[str] = []
    while True:
        while len(under_way) < 4 and (url := survey.take()):
            under_way.append(url)
        if not under_way:
            return survey
        url = under_way.pop(chance.randrange(len(under_way)))
        status, location, read = site[url]
        survey.settle(Record(url, status, html=read is not None, location=location, page=read))


@given(sites, st.lists(addresses, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_no_finding(
    site: Site, listed: list[str], chance: random.Random
) -> None:
    bounds = Bounds(max_urls=100)
    one = findings.outputs(crawled(site, listed, chance, bounds), {})
    other = findings.outputs(crawled(site, listed, chance, bounds), {})
    assert one == other


@given(sites, st.integers(1, 20), st.booleans(), st.randoms(use_true_random=False))
def test_no_crawl_goes_beyond_its_bound_or_into_what_is_disallowed(
    site: Site, most: int, spread: bool, chance: random.Random
) -> None:
    survey = crawled(site, [], chance, Bounds(most, max_depth=2, spread=spread))
    assert len(survey.records) <= most
    assert f"{SITE}/7" not in survey.records
    assert survey.queued + len(survey.records) >= survey.total


@given(sites, st.randoms(use_true_random=False))
def test_every_chain_is_a_way_through_visited_redirects_and_none_is_left_out(
    site: Site, chance: random.Random
) -> None:
    survey = crawled(site, [], chance, Bounds(max_urls=100))
    chains = findings.outputs(survey, {})["redirect_chains"]["items"]
    leads = {url: each.location for url, each in survey.records.items() if each.location}
    assert [chain["start"] for chain in chains] == sorted(
        url for url, target in leads.items() if url in survey.referrers and target in leads
    )
    for chain in chains:
        ways = [hop["url"] for hop in chain["hops"]]
        assert len(set(ways)) == len(ways)
        assert [site[url][1] for url in ways] == [*ways[1:], chain["final"]]
        assert chain["loop"] == (chain["final"] in ways)


@given(st.text(), st.binary())
def test_no_text_breaks_the_readers(text: str, body: bytes) -> None:
    page.read(f"<main>{text}</main><a href='{text}'>", HOME)
    sitemaps.read(body)
    Robots(text, AGENT).allows(HOME)
