import gzip

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
