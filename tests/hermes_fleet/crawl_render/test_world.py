"""What a crawl finds on a site with the faults of the world, beside the list of what is there."""

from html import escape as html_escape
from typing import Any

import pytest
from aiohttp import web

from hermes_fleet.crawl_render.alternates import is_code
from hermes_fleet.crawl_render.duplicates import difference
from tests.hermes_fleet.websites import Crawler, Website, html, links, redirect


def page(body: str = "", head: str = "<title>A page</title>") -> web.Response:
    """A page with a text of its own."""
    return html(f"<p>{html_escape(head + body)}</p>{body}", head)


def faults() -> dict[str, web.Response]:
    """The site by path; what is wrong is told by the tests below."""
    same = html("<p>the same text at many addresses</p>")
    return {
        "/": page(
            links(
                "/moved", "/packed", "/xhtml", "/untyped", "/framed", "/late",
                "/follow-none", "/expired", "/same?a=1&b=2", "/same?b=2&a=1", "/Same?a=1&b=2",
                "/de", "/en", "/data", "/open/../closed", "/twice",
            )
            + '<a rel="nofollow" href="/unfollowed">x</a>'
        ),
        "/robots.txt": web.Response(text="User-agent: HermesCrawler/1.0\nDisallow: /closed\n"),
        "/moved": redirect("/gone"),
        "/packed": web.Response(
            body=b"BZh9", headers={"Content-Type": "text/html", "Content-Encoding": "bzip2"}
        ),
        "/xhtml": web.Response(
            text='<html xmlns="http://www.w3.org/1999/xhtml"><body><a href="/from-xhtml">x</a></body></html>',
            content_type="application/xhtml+xml",
        ),
        "/untyped": web.Response(
            body=b"<!doctype html><a href='/from-untyped'>x</a>", headers={"Content-Type": ""}
        ),
        "/framed": page('<iframe src="/in-frame"></iframe>'),
        "/late": page(head='<title>l</title><meta http-equiv="refresh" content="0; /refreshed">'),
        "/follow-none": page(
            links("/behind-nofollow"), '<title>n</title><meta name="robots" content="nofollow">'
        ),
        "/expired": web.Response(
            text="<title>old</title>",
            content_type="text/html",
            headers={"X-Robots-Tag": "unavailable_after: 25 Jun 2010 15:00:00 GMT"},
        ),
        "/same?a=1&b=2": same,
        "/same?b=2&a=1": same,
        "/Same?a=1&b=2": same,
        "/de": page(
            head='<title>d</title><link rel="alternate" hreflang="en-UK" href="/en">'
            '<link rel="alternate" hreflang="fr" href="/gone">'
        ),
        "/en": page("english"),
        "/data": page('<img src="/i"><script type="application/ld+json">{broken</script>'),
        "/twice": page("twice", "<title>a</title><title>b</title>"),
        **{
            name: page(name)
            for name in ("/from-xhtml", "/from-untyped", "/in-frame", "/refreshed",
                         "/behind-nofollow", "/unfollowed", "/closed")
        },
    }  # fmt: skip


async def test_the_faults_of_the_world_are_found_and_named(
    website: Website, crawler: Crawler
) -> None:
    website.pages = dict(faults())
    result = await crawler.crawl(website.base)
    outputs, metrics = result["outputs"], result["metrics"]

    def paths(urls: list[str]) -> list[str]:
        return sorted(url.removeprefix(website.base) for url in urls)

    def by_path(items: list[dict[str, Any]], key: str) -> dict[str, Any]:
        return {each["url"].removeprefix(website.base): each[key] for each in items}

    read = set(by_path(outputs["meta_tags"]["items"], "title"))
    assert {"/from-xhtml", "/from-untyped", "/in-frame", "/refreshed"} <= read
    assert not {"/packed", "/behind-nofollow", "/unfollowed", "/closed"} & read
    assert website.hits["/closed"] == website.hits["/open/../closed"] == 0
    assert paths(metrics["blocked_by_robots"]["items"]) == ["/closed"]
    assert by_path(outputs["non_200_urls"]["items"], "referrers")["/gone"] == [f"{website.base}/"]
    assert paths(metrics["broken_links"]["items"]) == ["/gone"]
    assert by_path(metrics["unread"]["items"], "why") == {"/packed": "unknown_content_encoding"}
    assert paths(metrics["not_followed"]["items"]) == ["/behind-nofollow", "/unfollowed"]
    kept_out = by_path(metrics["not_indexable"]["items"], "why")
    assert kept_out.keys() == {"/expired", "/late"}
    assert outputs["indexable_pages"] == len(read) - 2
    assert [group["differ_by"] for group in metrics["duplicates"]["items"]] == ["address"]
    assert by_path(metrics["hreflang_errors"]["items"], "url").keys() == {"/de"}
    kinds = {each["type"] for each in metrics["hreflang_errors"]["items"]}
    assert kinds == {"invalid_code", "no_return_link", "to_non_200"}
    assert metrics["parts"] == {
        "several_titles": 1, "images_without_alt": 1, "images_without_size": 1,
        "invalid_structured_data": 1, "mixed_content": 0,
    }  # fmt: skip


async def test_an_endless_calendar_ends_and_is_named(website: Website, crawler: Crawler) -> None:
    async def month(request: web.Request) -> web.Response:
        return page(
            links(
                f"/month?m={int(request.query['m']) + 1}", f"/month?m={int(request.query['m']) + 2}"
            )
        )

    website.pages = {"/": page(links("/month?m=0", "/about")), "/about": page("about")}
    website.pages |= {f"/month?m={n}": month for n in range(400)}
    result = await crawler.crawl(website.base)
    assert list(result["metrics"]["traps"]) == [f"{website.base}/month?m=*"]
    assert result["metrics"]["urls_visited"] < 130
    assert not result["outputs"]["meta_tags"]["complete"]
    assert "endless" in result["outputs"]["meta_tags"]["basis"]


async def test_what_is_no_sitemap_makes_no_list_of_orphans_whole(
    website: Website, crawler: Crawler
) -> None:
    website.pages = {"/": page(), "/sitemap.xml": page("nothing here")}
    orphans = (await crawler.crawl(website.base))["outputs"]["orphan_pages"]
    assert not orphans["complete"]
    assert "is no sitemap" in orphans["basis"]


SHELL = """<!doctype html><html><head></head><body><main></main><script>
document.title = 'Drawn'; document.querySelector('main').innerHTML =
  '<h1>Drawn</h1><p>' + 'Words that scripts wrote. '.repeat(9) + '</p><a href="/{}">on</a>'
</script></body></html>"""


@pytest.mark.browser
async def test_a_site_drawn_by_scripts_is_followed_as_it_is_drawn(
    website: Website, crawler: Crawler
) -> None:
    def shell(to: str) -> web.Response:
        return web.Response(text=SHELL.format(to), content_type="text/html")

    website.pages = {"/": shell("second"), "/second": shell("third"), "/third": page("the end")}
    result = await crawler.crawl(website.base, render="auto")
    outputs, metrics = result["outputs"], result["metrics"]
    assert outputs["pages_crawled"] == 3
    assert outputs["meta_tags"]["counts"]["missing_h1"] == 1
    assert [each["what"] for each in metrics["changed_by_scripts"]["items"]] == [
        ["title", "h1", "1 more links"]
    ] * 2
    assert outputs["meta_tags"]["complete"]
    unseen = (await crawler.crawl(website.base, render="off"))["outputs"]["meta_tags"]
    assert (len(unseen["items"]), unseen["complete"]) == (1, False)
    assert "may hold more links" in unseen["basis"]


@pytest.mark.parametrize(
    ("urls", "name"),
    [
        (["http://s.test/a", "http://s.test/A"], "case"),
        (["http://s.test/a", "http://s.test/a/"], "slash"),
        (["http://s.test/?a=1&b=2", "http://s.test/?b=2&a=1"], "query order"),
        (["http://s.test/?sid=1", "http://s.test/?sid=2"], "session"),
        (["http://s.test/?m=1", "http://s.test/?m=2"], "query"),
        (["http://s.test/a", "http://s.test/b"], "address"),
    ],
)
def test_what_addresses_of_one_text_differ_by(urls: list[str], name: str) -> None:
    assert difference(urls) == name


@pytest.mark.parametrize(
    ("lang", "is_one"),
    [("de", True), ("en-GB", True), ("zh-Hant-TW", True), ("es-419", True), ("x-default", True),
     ("en-UK", False), ("english", False), ("en_GB", False), ("", False)],
)  # fmt: skip
def test_a_language_is_named_by_its_code(lang: str, is_one: bool) -> None:
    assert is_code(lang) is is_one
