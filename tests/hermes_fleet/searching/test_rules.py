"""The rules of searching: settings of people, which pages come first, what a page says, whose a result is."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hermes_fleet.crawling.page import read as read_page
from hermes_fleet.crawling.record import Record
from hermes_fleet.crawling.walk import Seen
from hermes_fleet.http import Spent
from hermes_fleet.searching import settings as entered
from hermes_fleet.searching.document import Document, read
from hermes_fleet.searching.engine import Answers, Manners, SearchError
from hermes_fleet.searching.index import indexed, listed, not_ready
from hermes_fleet.searching.lookup import MOST_FAILURES, Lookup
from hermes_fleet.searching.nearest import order
from hermes_fleet.searching.results import UNITED_STATES, Hit, Locale, ResultPage, belongs
from hermes_fleet.searching.site_reader import Reading
from hermes_worker import WorkerError
from hermes_worker.result import Provenance

SITE = "https://www.example.com/"


def document(url: str, title: str = "", text: str = "") -> Document:
    return Document(url, title, "", (), text, (), ())


def test_keywords_are_tidied_and_each_counts_once() -> None:
    given = {"keywords": ["  teeth   whitening ", "Teeth Whitening", "", "implants"]}
    assert entered.read(given, SITE).keywords == ("teeth whitening", "implants")


@pytest.mark.parametrize("given", [None, {}, {"keywords": None, "competitors": None}])
def test_settings_that_are_not_there_are_empty(given: Any) -> None:
    found = entered.read(given, SITE)
    assert (found.keywords, found.competitors) == ((), ())


@pytest.mark.parametrize("given", ["one, two", {"a": 1}, [1, 2], 7])
@pytest.mark.parametrize("name", ["keywords", "competitors"])
def test_a_setting_of_the_wrong_form_is_named_with_an_example(name: str, given: Any) -> None:
    with pytest.raises(WorkerError, match=rf"setting {name} must be a list of texts.*\[") as caught:
        entered.read({name: given}, SITE)
    assert caught.value.code == "missing_config"


def test_a_keyword_that_is_too_long_is_named() -> None:
    with pytest.raises(WorkerError, match=r"keywords: 'xxx.*longer than 400"):
        entered.read({"keywords": ["x" * 401]}, SITE)


def test_competitors_that_cannot_be_used_say_why_and_the_others_stay() -> None:
    given = ["rival.example", "https://rival.example/", "mailto:x@y.example", "example.com"]
    found = entered.read({"competitors": given}, SITE).competitors
    assert [each.home for each in found] == ["https://rival.example/", None, None]
    assert [each.fault.partition(";")[0] for each in found[1:]] == [
        "It is not an http or https address",
        "It is the site itself",
    ]


def test_a_site_without_an_address_is_refused() -> None:
    assert entered.address("example.com") == "https://example.com/"
    with pytest.raises(WorkerError, match="site: 'ftp://x' is not"):
        entered.address("ftp://x")


@pytest.mark.parametrize(
    ("url", "site", "own"),
    [
        ("https://example.com/a", SITE, True),
        ("http://www.example.com/a", "https://example.com", True),
        ("https://shop.example.com/a", SITE, True),
        ("https://notexample.com/a", SITE, False),
        ("https://example.com.evil.example/", SITE, False),
        ("http://127.0.0.1:8421/a", "http://127.0.0.1:8421/", True),
        ("http://127.0.0.1:8422/a", "http://127.0.0.1:8421/", False),
    ],
)
def test_whose_page_a_result_is(url: str, site: str, own: bool) -> None:
    assert belongs(url, site) is own


def test_the_nearest_page_of_each_keyword_comes_first_then_one_of_each_template() -> None:
    base = "https://x.example"
    paths = (
        "/", "/news/a", "/news/b", "/about/us", "/x?page=2",
        "/blog/teeth-whitening-at-home", "/services/teeth-whitening", "/services/dental-implant",
        "/price.pdf",
    )  # fmt: skip
    found = order([base + path for path in paths], ["teeth whitening", "dental implants"])
    assert [url.removeprefix(base) for url in found] == [
        "/services/teeth-whitening",
        "/services/dental-implant",
        "/blog/teeth-whitening-at-home",
        "/",
        "/news/a",
        "/about/us",
        "/news/b",
        "/x?page=2",
    ]


def seen(html: str, url: str = "https://x.example/a") -> Seen:
    return Seen(Record(url, 200, html=True, page=read_page(html, url)), html)


def test_a_page_is_read_without_its_menus_and_scripts() -> None:
    found = read(
        seen(
            "<title>T</title><body><nav>Menu<h2>Sections</h2></nav><h1>One <b>two</b></h1><p>Three</p>"
            "<p>four</p><script>var five</script><h3>Six</h3><footer><h2>Seven</h2></footer>"
        )
    )
    assert found.headings == ((1, "One two"), (3, "Six"))
    assert found.text == "One two Three four Six"
    assert found.words == 5


def test_main_is_taken_where_there_is_one() -> None:
    found = read(seen("<body><h1>Outside</h1><main><h2>In</h2><p>side</p></main>"))
    assert (found.headings, found.text) == (((2, "In"),), "In side")


def test_a_heading_outside_of_main_counts_where_main_has_none() -> None:
    found = read(seen("<body><h1>Outside</h1><main><p>text</p></main>"))
    assert found.headings == ((1, "Outside"),)


def test_every_type_of_the_structured_data_is_found_and_broken_data_is_counted() -> None:
    graph = '{"@graph": [{"@type": ["Dentist", "https://schema.org/LocalBusiness"]}, {"@type": "FAQPage", "mainEntity": [{"@type": "Question"}]}]}'
    blocks = (graph, '[{"@type": "Offer"}]', '{"@type": ', "7", '{"@type": 3}')
    html = "".join(f'<script type="application/ld+json">{each}</script>' for each in blocks)
    found = read(seen(f"<body>{html}text"))
    assert found.types == ("Dentist", "FAQPage", "LocalBusiness", "Offer", "Question")
    assert found.broken_data == 1


def test_what_is_no_page_is_not_read() -> None:
    with pytest.raises(ValueError, match="is no page"):
        read(Seen(Record("https://x.example/a", 404)))


async def searched(documents: list[Document], keyword: str, depth: int = 10) -> list[str]:
    async with indexed([Reading("https://x.example/", documents)]) as index:
        assert index.scope == {"index": {"sites": 1, "pages": len(documents)}}
        found = await index.search(keyword, UNITED_STATES, depth)
    assert (found.location, found.device) == (None, None)
    assert [hit.rank_group for hit in found.hits] == list(range(1, len(found.hits) + 1))
    return [hit.url.rpartition("/")[2] for hit in found.hits]


async def test_a_title_weighs_more_than_headings_and_these_more_than_text() -> None:
    rest = "filler " * 20
    documents = [
        document("https://x.example/text", "Other", f"whitening of teeth {rest}"),
        replace(
            document("https://x.example/heading", "Other", rest), headings=((2, "whitening teeth"),)
        ),
        document("https://x.example/title", "Whitening teeth", rest),
        document("https://x.example/half", "Teeth", rest),
    ]
    assert await searched(documents, "teeth whitening") == ["title", "heading", "text"]
    assert await searched(documents, "teeth whitening", depth=1) == ["title"]
    assert await searched(documents, "whitened tooth") == []


@pytest.mark.parametrize("keyword", ['"', "a OR", "NEAR(", "title:x", "*", "-", "über zähne"])
async def test_no_keyword_is_taken_for_a_command_of_the_index(keyword: str) -> None:
    assert await searched([document("https://x.example/a", "Title", "text")], keyword) == []


def test_pages_that_ask_not_to_be_listed_and_copies_are_not_in_the_index() -> None:
    base = "https://x.example"
    documents = [
        replace(document(f"{base}/a"), canonical=f"{base}/a"),
        replace(document(f"{base}/copy"), canonical=f"{base}/a"),
        replace(document(f"{base}/lost"), canonical=f"{base}/unread"),
        replace(document(f"{base}/hidden"), noindex=True),
        document(f"{base}/plain"),
    ]
    assert [each.url.removeprefix(base) for each in listed(documents)] == ["/a", "/lost", "/plain"]


def test_this_python_can_search_text() -> None:
    assert not_ready() == {}


class Scripted:
    """An engine that answers each keyword with a page or a failure."""

    name, scope, homes = "scripted", dict[str, Any](), ()
    provenance: Provenance = "provider"

    def __init__(self, at_once: int, *failures: SearchError | None) -> None:
        self.manners, self.spent = Manners(at_once), Spent()
        self.failures = list(failures)
        self.asked = list[str]()

    async def search(self, keyword: str, locale: Locale, depth: int) -> ResultPage:
        self.asked.append(keyword)
        if self.failures and (failure := self.failures.pop(0)):
            raise failure
        hits = (Hit(1, 1, f"{SITE}{keyword}", keyword),)
        return ResultPage(keyword, datetime.now(UTC), depth, hits)


async def answers(engine: Scripted, *keywords: str, patient: bool = False) -> Answers:
    counted = list[int]()

    async def progress(done: int) -> None:
        counted.append(done)

    found = await Lookup(engine, UNITED_STATES, 10, progress, patient).run(keywords)
    assert sorted([*found.pages, *found.failures]) == sorted(keywords)
    assert sorted(counted) == counted
    return found


async def test_one_keyword_that_fails_does_not_sink_the_others() -> None:
    engine = Scripted(1, None, SearchError("server_error_5xx", "Later."))
    found = await answers(engine, "a", "b", "c")
    assert (list(found.pages), list(found.failures)) == (["a", "c"], ["b"])


@pytest.mark.parametrize("reason", ["auth_401", "quota_exceeded", "rate_limited", "dns"])
async def test_after_a_hopeless_failure_nothing_more_is_asked(reason: str) -> None:
    engine = Scripted(1, None, SearchError(reason, "No."))
    found = await answers(engine, "a", "b", "c", "d")
    assert engine.asked == ["a", "b"]
    assert {each.code for each in found.failures.values()} == {reason}
    assert list(found.failures) == ["b", "c", "d"]


async def test_many_failures_in_a_row_end_the_asking() -> None:
    engine = Scripted(1, *[SearchError("read_timeout", "Late.")] * 20)
    await answers(engine, *"abcdefghij")
    assert len(engine.asked) == MOST_FAILURES


async def test_a_patient_lookup_asks_once_more_where_it_came_too_early() -> None:
    early = SearchError("rate_limited", "Wait.", retry_after=0)
    assert list((await answers(Scripted(1, early), "a", patient=True)).pages) == ["a"]
    assert list((await answers(Scripted(1, early), "a")).failures) == ["a"]
    assert list((await answers(Scripted(1, early, early), "a", patient=True)).failures) == ["a"]


async def test_answers_come_in_the_order_of_the_keywords() -> None:
    found = await answers(Scripted(3), *"abcdef")
    assert list(found.pages) == list("abcdef")
