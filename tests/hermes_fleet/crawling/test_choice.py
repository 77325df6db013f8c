"""Which pages stand for a site."""

import pytest
from aiohttp import web

from hermes_fleet.crawling.choice import addresses, choose, spread
from hermes_fleet.crawling.walk import open_site
from hermes_worker import WorkerError
from tests.hermes_fleet.websites import Website, html, links, redirect

HOME = "https://www.example.com/"


def test_one_of_each_template_comes_before_a_second_of_any() -> None:
    urls = ["/blog/a", "/blog/b", "/blog/c", "/team/x", "/team/y", "/price.pdf", "/blog/a"]
    found = spread(f"https://www.example.com{path}" for path in urls)
    paths = [url.removeprefix("https://www.example.com") for url in found]
    assert paths == ["/blog/a", "/team/x", "/blog/b", "/team/y", "/blog/c"]


def test_important_pages_may_be_paths_or_addresses_and_count_once() -> None:
    assert addresses(["/a", f"{HOME}a", " /b ", ""], HOME) == [f"{HOME}a", f"{HOME}b"]


@pytest.mark.parametrize("page", ["https://other.example/", "mailto:a@b.example"])
def test_an_important_page_of_another_site_is_named(page: str) -> None:
    with pytest.raises(WorkerError, match=f"pages: '{page}' is not a page of"):
        addresses(["/a", page], HOME)


async def test_dead_addresses_are_replaced_by_others_of_their_template(website: Website) -> None:
    website.pages = {
        "/": html(links("/blog/gone", "/blog/b", "/blog/c", "/team/x")),
        "/blog/b": html(),
        "/blog/c": html(),
        "/team/x": html(),
    }
    async with open_site(website.base) as site:
        found = await choose(site, [], 10, of_a_template=1)
    paths = [page.url.removeprefix(website.base) for page in found.pages]
    assert paths == ["/", "/team/x", "/blog/b"]
    assert found.left == 1


async def test_pages_of_the_sitemap_and_of_robots_txt_are_respected(website: Website) -> None:
    listed = f"<urlset><loc>{website.base}/far/away</loc><loc>{website.base}/no/way</loc></urlset>"
    website.pages = {
        "/robots.txt": web.Response(text="User-agent: *\nDisallow: /no/"),
        "/": html(),
        "/sitemap.xml": web.Response(text=listed, content_type="application/xml"),
        "/far/away": html(),
        "/no/way": html(),
    }
    async with open_site(website.base) as site:
        found = await choose(site, [], 10)
    assert [page.url for page in found.pages] == [f"{website.base}/", f"{website.base}/far/away"]
    assert website.hits["/no/way"] == 0


async def test_a_home_page_that_moved_within_the_site_is_followed(website: Website) -> None:
    website.pages = {"/": redirect("/en/"), "/en/": html()}
    async with open_site(website.base) as site:
        found = await choose(site, [], 1)
    assert (found.home, [page.url for page in found.pages]) == (
        f"{website.base}/en/", [f"{website.base}/en/"],
    )  # fmt: skip


async def test_a_home_page_that_cannot_be_read_is_an_error(website: Website) -> None:
    async with open_site(website.base) as site:
        with pytest.raises(WorkerError, match="cannot be read: status 404"):
            await choose(site, [], 3)
