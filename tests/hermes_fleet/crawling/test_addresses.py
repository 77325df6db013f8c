import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes_fleet.crawling.addresses import normalise, origin, same_name, shape


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/a#part", "http://site.test/a"),
        ("../x", "http://site.test/x"),
        ("  /spaced  ", "http://site.test/spaced"),
        ("/a b?q=é", "http://site.test/a%20b?q=%C3%A9"),
        ("HTTP://SITE.test:80", "http://site.test/"),
        ("https://site.test:443/A/", "https://site.test/A/"),
        ("https://site.test:8443/a", "https://site.test:8443/a"),
        ("//other.test/a", "http://other.test/a"),
        ("?page=2", "http://site.test/blog/?page=2"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("http://site.test/open/../closed", "http://site.test/closed"),
        ("http://site.test/open/%2E%2e/closed", "http://site.test/closed"),
        ("/open/../../closed", "http://site.test/closed"),
        ("\\\\other.test\\a", "http://other.test/a"),
        ("https:other.test/a", "https://other.test/a"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://faß.test/", "http://xn--fa-hia.test/"),
        ("http://us:er@site.test/a@b", "http://site.test/a@b"),
        ("/a\tb\n", "http://site.test/ab"),
        ("?", "http://site.test/blog/?"),
    ],
)
def test_an_address_has_one_spelling(written: str, meant: str) -> None:
    assert normalise(written, "http://site.test/blog/") == meant


@pytest.mark.parametrize(
    "written",
    ["mailto:a@site.test", "javascript:void(0)", "tel:1", "data:,x", "http://", "htp:/x",
     "http://[bad", "http://site.test:notaport/",
     "http://a b.test/", "http://%00.test/", "http://1.2.3.999/", "blob:http://site.test/x", "\ud800://x", "http://site.test/" + "a" * 3000],
)  # fmt: skip
def test_what_cannot_be_fetched_is_no_address(written: str) -> None:
    assert normalise(written, "http://site.test/") is None


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(written: str) -> None:
    once = normalise(written, "http://site.test/a/b")
    assert once is None or normalise(once) == once


@pytest.mark.parametrize(
    ("path", "template"),
    [("/", "/"), ("/about", "/*"), ("/blog/a-title", "/blog/*"), ("/blog/page/2/", "/blog/page/*")],
)
def test_the_template_of_a_page_is_its_path_without_the_last_segment(
    path: str, template: str
) -> None:
    assert shape(f"http://site.test{path}?q=1") == template


def test_only_a_leading_www_is_no_difference() -> None:
    assert same_name("http://site.test/", "https://www.site.test/")
    assert not same_name("http://site.test/", "http://shop.site.test/")
    assert origin("https://site.test:8443/a?b") == "https://site.test:8443"
