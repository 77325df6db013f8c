"""Reading sites for their text: politely, bounded, and honest about what could not be read."""

from collections.abc import AsyncGenerator, Sequence

import pytest
from aiohttp import web

from hermes_fleet.searching.settings import Competitor
from hermes_fleet.searching.site_reader import Reading, read_site
from hermes_fleet.searching.sites import read_others
from hermes_worker import WorkerError
from tests.hermes_fleet.searching.support import fill
from tests.hermes_fleet.websites import Website, redirect, served

TEXTS = {
    "/about": "Who we are.",
    "/services/teeth-whitening": "White teeth.",
    "/services/dental-implants": "New teeth.",
    "/blog/gum-care": "Gums.",
    "/private/notes": "Secret.",
}


class Told:
    """What a reading tells on its way."""

    def __init__(self) -> None:
        self.pages = self.requests = 0

    async def __call__(self, pages: int, requests: int) -> None:
        self.pages += pages
        self.requests += requests


@pytest.fixture
async def other() -> AsyncGenerator[Website]:
    async with served(Website()) as site:
        yield site


async def paths(
    site: Website, most: int, keywords: Sequence[str] = (), first: Sequence[str] = ()
) -> list[str]:
    found = await read_site(site.base, most, keywords, Told(), [site.base + p for p in first])
    return [each.url.removeprefix(site.base) for each in found.documents]


async def test_the_home_page_then_what_is_nearest_to_the_keywords(website: Website) -> None:
    fill(website, "A", TEXTS)
    assert await paths(website, 3, ["dental implants", "teeth whitening"]) == [
        "/",
        "/services/dental-implants",
        "/services/teeth-whitening",
    ]
    assert await paths(website, 2, ["teeth"], first=["/blog/gum-care"]) == ["/", "/blog/gum-care"]


async def test_what_robots_txt_closes_is_neither_read_nor_counted(website: Website) -> None:
    fill(website, "A", TEXTS)
    website.pages["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /private/")
    found = await read_site(website.base, 100, ["private notes"], Told())
    assert f"{website.base}/private/notes" not in found.statuses
    assert "/private/*" not in found.templates
    assert (website.hits["/private/notes"], len(found.documents)) == (0, 5)


async def test_requests_pages_and_what_is_left_are_counted(website: Website) -> None:
    fill(website, "A", TEXTS)
    told = Told()
    found = await read_site(website.base, 3, ["teeth"], told)
    assert (told.pages, told.requests) == (3, sum(website.hits.values()))
    assert (len(found.documents), found.left) == (3, 3)
    assert found.templates == {"/", "/*", "/services/*", "/blog/*", "/private/*"}


async def test_dead_addresses_are_no_templates_and_other_sites_are_left_alone(
    website: Website, other: Website
) -> None:
    fill(
        website, "A", {"/a/one": f'<a href="{other.base}/x/y">away</a> <a href="/gone/page">g</a>'}
    )
    found = await read_site(website.base, 50, [], Told())
    assert found.templates == {"/", "/a/*"}
    assert found.statuses[f"{website.base}/gone/page"] == "404"
    assert not other.hits


async def test_a_home_page_that_leads_elsewhere_on_the_site_is_followed(website: Website) -> None:
    fill(website, "A", {"/en/": "Hello."})
    website.pages["/"] = redirect("/en/")
    assert await paths(website, 5) == ["/en/"]


@pytest.mark.parametrize(
    ("robots", "home", "code"),
    [
        (web.Response(text="User-agent: *\nDisallow: /"), None, "robots_disallow"),
        (web.Response(status=503), None, "robots_unreachable"),
        (web.Response(status=404), web.Response(status=403), "no_pages"),
        (web.Response(status=404), web.Response(body=b"%PDF"), "no_pages"),
    ],
)
async def test_a_site_that_cannot_be_read_says_why(
    website: Website, robots: web.Response, home: web.Response | None, code: str
) -> None:
    website.pages["/robots.txt"] = robots
    if home is not None:
        website.pages["/"] = home
    with pytest.raises(WorkerError) as caught:
        await read_site(website.base, 5, [], Told())
    assert caught.value.code == code


async def test_the_next_competitor_takes_the_place_of_one_that_cannot_be_read(
    website: Website, other: Website
) -> None:
    fill(other, "B", TEXTS)
    website.pages["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /")
    entered = [
        Competitor("nonsense", None, "It is no address."),
        Competitor(website.base, website.base),
        Competitor(other.base, other.base),
        Competitor("https://later.example", "https://later.example/"),
    ]

    async def read(site: str) -> Reading:
        return await read_site(site, 2, [], Told())

    found = await read_others(entered, 1, read)
    assert [each.home for each in found.readings] == [f"{other.base}/"]
    assert [each.reason for each in found.unread] == ["invalid_site", "robots_disallow"]
    assert found.left_out == ["https://later.example/"]
    assert [row["pages"] for row in found.rows()] == [2, 0, 0, 0]


async def test_no_more_competitors_are_read_than_wanted_when_some_cannot_be(
    website: Website, other: Website
) -> None:
    fill(other, "B", TEXTS)
    fill(website, "A", TEXTS)
    asked: list[str] = []
    entered = [
        Competitor("nonsense", None, "It is no address."),
        Competitor(website.base, website.base),
        Competitor(other.base, other.base),
        Competitor("https://later.example", "https://later.example/"),
    ]

    async def read(site: str) -> Reading:
        asked.append(site)
        return await read_site(site, 2, [], Told())

    found = await read_others(entered, 2, read)
    assert asked == [website.base, other.base]
    assert [each.home for each in found.readings] == [f"{website.base}/", f"{other.base}/"]
    assert found.left_out == ["https://later.example/"]
