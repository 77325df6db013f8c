import gzip

import pytest

from hermes_fleet.crawling.fetch import Answer
from hermes_fleet.crawling.page import read
from hermes_fleet.crawling.record import record
from hermes_fleet.crawling.sitemaps import read as read_sitemap

URL = "http://site.test/blog/post"


def test_links_are_joined_cleaned_and_listed_once() -> None:
    text = """<a href="../about#team">a</a> <a href=" /about ">b</a> <area href="next?x=1">
        <a href="mailto:a@b.test">m</a> <a href="javascript:x()">j</a> <a href="tel:1">t</a>"""
    assert read(text, URL).links == ("http://site.test/about", "http://site.test/blog/next?x=1")


def test_nofollow_links_are_not_followed() -> None:
    text = '<a rel="external NoFollow" href="/x">x</a><a rel="external" href="/y">y</a>'
    assert read(text, URL).links == ("http://site.test/y",)


def test_a_base_element_moves_every_relative_link() -> None:
    page = read('<head><base href="/other/"></head><a href="x">x</a>', URL)
    assert page.links == ("http://site.test/other/x",)


def test_the_text_of_main_counts_without_scripts_and_styles() -> None:
    page = read("<nav>menu</nav><main> four <script>let x</script><style>a{}</style></main>", URL)
    assert (page.text_length, page.has_script) == (4, True)


def test_json_ld_is_data_and_no_script() -> None:
    assert not read('<script type="application/ld+json">{}</script>', URL).has_script


def test_meta_tags_are_read_whatever_their_case() -> None:
    page = read(
        """<head><title> Two\n words </title><META NAME="Description" content=" said ">
        <meta property="og:title" content="T"><link rel="alternate" hreflang="de" href="/de">
        <meta http-equiv="Refresh" content="5; URL='/next'"></head><h1></h1><h1>One</h1>
        <svg><title>icon</title></svg>""",
        URL,
    )
    assert (page.title, page.description, page.h1) == ("Two words", "said", ("One",))
    assert (page.og, page.hreflang) == ({"og:title": "T"}, (("de", "/de"),))
    assert page.refresh == "http://site.test/next"


def test_the_encoding_of_the_header_is_used() -> None:
    body = "<title>Zähne</title>".encode("latin-1")
    read_page = record(Answer(URL, 200, content_type="text/html; charset=latin-1", body=body)).page
    assert read_page is not None
    assert read_page.title == "Zähne"


def test_a_sitemap_is_read_plain_and_gzipped() -> None:
    text = b"<urlset><url><loc> http://s.test/a?x=1&amp;y=2 </loc></url><url><loc><![CDATA[http://s.test/b]]></loc></url></urlset>"
    plain = read_sitemap(text)
    assert plain.addresses == ("http://s.test/a?x=1&y=2", "http://s.test/b")
    assert read_sitemap(gzip.compress(text)) == plain
    assert read_sitemap(b"<sitemapindex><sitemap><loc>x</loc></sitemap></sitemapindex>").is_index


def test_image_addresses_in_a_sitemap_are_not_pages() -> None:
    image = b"<image:image><image:loc>http://s.test/i</image:loc></image:image>"
    text = b"<urlset><url><loc>http://s.test/a</loc>" + image + b"</url></urlset>"
    assert read_sitemap(text).addresses == ("http://s.test/a",)


def test_a_torn_or_false_gzip_is_no_disaster() -> None:
    assert read_sitemap(b"\x1f\x8bnonsense").addresses == ()


def test_sitemaps_are_read_in_every_form_that_the_standard_allows() -> None:
    prefixed = "<s:urlset xmlns:s='x'><s:url><s:loc>http://s.test/a</s:loc></s:url></s:urlset>"
    for body in (
        prefixed.encode("utf-16"),
        gzip.compress(prefixed[:30].encode()) + gzip.compress(prefixed[30:].encode()),
        b"\xef\xbb\xbfhttp://s.test/a\r\n",
    ):
        assert read_sitemap(body).addresses == ("http://s.test/a",)
        assert read_sitemap(body).is_sitemap
    assert not read_sitemap(b"<!doctype html><title>Not here</title>").is_sitemap
    assert not read_sitemap(b"Not here").is_sitemap


@pytest.mark.parametrize(
    ("content_type", "body", "is_page"),
    [
        ("application/xhtml+xml", b"<html/>", True),
        ("", b"\n<!-- x --> <!DOCTYPE HTML><p>x", True),
        ("", b"%PDF-1.7", False),
        ("text/plain", b"<!doctype html>", False),
    ],
)
def test_a_page_is_one_by_its_type_or_by_its_begin(
    content_type: str, body: bytes, is_page: bool
) -> None:
    assert record(Answer(URL, 200, content_type=content_type, body=body)).html is is_page


@pytest.mark.parametrize(
    ("header", "out"),
    [
        ("noindex", True),
        ("otherbot: noindex", False),
        ("otherbot: nofollow, googlebot: noindex", True),
        ("googlebot: index, otherbot: noindex", False),
        ("unavailable_after: 25 Jun 2010 15:00:00 GMT", True),
        ("unavailable_after: Friday, 25-Jun-10 15:00:00 GMT", True),
        ("unavailable_after: 2910-06-25", False),
        ("unavailable_after: some day", False),
        ("max-snippet: 5, noindex", True),
    ],
)
def test_a_header_keeps_a_page_out_of_the_index(header: str, out: bool) -> None:
    page = b"<title>x</title>"
    assert record(Answer(URL, 200, None, "text/html", robots=(header,), body=page)).noindex is out


@pytest.mark.parametrize(
    ("content", "target", "at_once"),
    [("0;url=/x", "/x", True), ("0; /x", "/x", True), ("3,URL='/x'", "/x", False), ("5", None, False)],
)  # fmt: skip
def test_a_refresh_leads_elsewhere(content: str, target: str | None, at_once: bool) -> None:
    page = read(f'<meta http-equiv="refresh" content="{content}">', URL)
    assert page.refresh == (target and f"http://site.test{target}")
    assert page.refresh_at_once is at_once


def test_a_page_tells_what_its_parts_lack() -> None:
    page = read(
        """<head><title>a</title><title>b</title></head><img src=a><img src=b alt="">
        <img src="http://site.test/c" alt=c><iframe src="/frame"></iframe>
        <script type="application/LD+json">{"a": 1}</script>
        <script type="application/ld+json">{a: 1}</script><a rel=nofollow href="/no">x</a>""",
        "https://site.test/",
    )
    assert (page.titles, page.images, page.images_without_alt) == (2, 3, 1)
    assert (page.data_faults, page.insecure) == (
        ("has no @context of schema.org", "has no @type", "is not JSON"),
        1,
    )
    assert (page.frames, page.skipped) == (("https://site.test/frame",), ("https://site.test/no",))
