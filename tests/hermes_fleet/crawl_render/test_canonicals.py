import pytest

from hermes_fleet.crawl_render.canonicals import errors, indexable
from hermes_fleet.crawling.fetch import Answer
from hermes_fleet.crawling.record import Record, record

SITE = "http://site.test"


def page(path: str, head: str = "", body: str = "", header: str | None = None) -> Record:
    text = f"<html><head>{head}</head><body>{body}</body></html>"
    return record(
        Answer(
            url=SITE + path,
            status=200,
            content_type="text/html",
            canonical=header,
            body=text.encode(),
        )
    )


def canonical(href: str) -> str:
    return f'<link rel="canonical" href="{href}">'


KNOWN = {
    each.url: each
    for each in (
        page("/good"),
        page("/hidden", '<meta name="robots" content="NoIndex, follow">'),
        page("/elsewhere", canonical(SITE + "/good")),
        Record(SITE + "/gone", 404),
        Record(SITE + "/silent", 0, "read_timeout"),
        Record(SITE + "/moved", 301, location=SITE + "/good"),
    )
}


def types(made: Record) -> list[str]:
    return [error.type for error in errors(made, KNOWN.get)]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", []),
        (canonical(SITE + "/here"), []),
        (canonical(SITE + "/here#part"), []),
        (canonical(SITE + "/good"), []),
        (canonical("/here"), ["relative"]),
        (canonical("//site.test/here"), ["relative"]),
        (canonical("http://"), ["invalid"]),
        (canonical("htp:/x"), ["invalid"]),
        (canonical(""), ["invalid"]),
        (canonical(SITE + "/here") * 2, []),
        (canonical(SITE + "/here") + canonical(SITE + "/good"), ["multiple"]),
        (canonical(SITE + "/gone"), ["to_non_200"]),
        (canonical(SITE + "/silent"), ["to_non_200"]),
        (canonical(SITE + "/moved"), ["to_redirect"]),
        (canonical(SITE + "/hidden"), ["to_noindex"]),
        (canonical(SITE + "/elsewhere"), ["chain"]),
        (canonical("http://other.test/here"), ["cross_host"]),
    ],
)
def test_each_canonical_mistake_has_its_type(head: str, expected: list[str]) -> None:
    assert types(page("/here", head)) == expected


def test_a_canonical_in_the_body_is_outside_the_head() -> None:
    assert types(page("/here", body=canonical(SITE + "/here"))) == ["outside_head"]


def test_header_and_html_must_agree() -> None:
    here = canonical(SITE + "/here")
    assert types(page("/here", here, header=SITE + "/here")) == []
    assert types(page("/here", here, header=SITE + "/good")) == ["header_html_mismatch"]


def test_only_a_page_that_names_no_other_as_canonical_is_indexable() -> None:
    assert indexable(page("/here"))
    assert indexable(page("/here", canonical("/here")))
    assert not indexable(page("/here", canonical(SITE + "/good")))
    assert not indexable(page("/here", header=SITE + "/good"))
    assert not indexable(page("/here", canonical(SITE + "/here") + canonical(SITE + "/good")))


def test_noindex_counts_from_the_meta_tag_and_from_our_headers_only() -> None:
    def with_header(*values: str) -> Record:
        return record(Answer(SITE + "/", 200, content_type="text/html", robots=values))

    assert not indexable(page("/", '<meta name="googlebot" content="none">'))
    assert not indexable(with_header("noindex, nofollow"))
    assert not indexable(with_header("googlebot: noindex"))
    assert indexable(with_header("otherbot: noindex"))
    assert indexable(with_header("unavailable_after: 25 Jun 2030 15:00:00 GMT"))
