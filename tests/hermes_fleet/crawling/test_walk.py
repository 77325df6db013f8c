"""A short walk: breadth first, robots obeyed, bounded, and honest about what it left."""

import pytest
from aiohttp import web

from hermes_fleet.crawling.walk import open_site
from hermes_worker import WorkerError
from tests.hermes_fleet.websites import Website, html, links, redirect
from tests.support.ports import held_port


async def test_a_walk_reads_pages_breadth_first_and_no_more_than_it_may(website: Website) -> None:
    website.pages = {
        "/": html(links("/a", "/b")),
        "/a": html(links("/deep")),
        "/b": html(),
        "/deep": html(),
    }
    async with open_site(website.base) as site:
        walk = await site.walk(3)
    assert [each.url.removeprefix(website.base) for each in walk.pages] == ["/", "/a", "/b"]
    assert walk.left == 1
    assert website.hits["/deep"] == 0
    assert "We fix teeth" in walk.pages[0].html


async def test_what_robots_forbid_is_not_fetched(website: Website) -> None:
    website.pages = {
        "/robots.txt": web.Response(text="User-agent: *\nDisallow: /private"),
        "/": html(links("/private", "/open")),
        "/open": html(),
    }
    async with open_site(website.base) as site:
        walk = await site.walk(10)
    assert walk.blocked == {f"{website.base}/private"}
    assert website.hits["/private"] == 0
    assert len(walk.pages) == 2


async def test_redirects_and_sitemaps_lead_on(website: Website) -> None:
    listed = f"<urlset><url><loc>{website.base}/listed</loc></url></urlset>"
    website.pages = {
        "/sitemap.xml": web.Response(text=listed, content_type="application/xml"),
        "/": html(links("/old")),
        "/old": redirect("/new"),
        "/new": html(),
        "/listed": html(),
    }
    async with open_site(website.base) as site:
        walk = await site.walk(10)
    paths = {each.url.removeprefix(website.base) for each in walk.pages}
    assert paths == {"/", "/new", "/listed"}


@pytest.mark.parametrize(
    ("robots", "code"),
    [
        (web.Response(status=500), "robots_unreachable"),
        (web.Response(text="User-agent: *\nDisallow: /"), "robots_disallow"),
    ],
)
async def test_a_closed_site_is_an_error_with_its_reason(
    website: Website, robots: web.Response, code: str
) -> None:
    website.pages = {"/robots.txt": robots, "/": html()}
    with pytest.raises(WorkerError) as trouble:
        async with open_site(website.base):
            pass
    assert trouble.value.code == code
    assert website.hits["/"] == 0


async def test_a_site_that_is_away_is_an_error() -> None:
    with held_port() as port, pytest.raises(WorkerError, match="cannot be reached") as trouble:
        async with open_site(f"http://127.0.0.1:{port}"):
            pass
    assert trouble.value.code == "site_unreachable"
