"""The demo directories over HTTP: every page, every form sent rightly and wrongly, and the books of both."""

import html
import json
from collections.abc import AsyncGenerator
from html.parser import HTMLParser

import aiohttp
import pytest
from selectolax.lexbor import LexborHTMLParser

from hermes_sandbox.directories import DIRECTORIES, faults, truth
from hermes_sandbox.directories.verdicts import ENDINGS, GUARDS, OPENINGS
from hermes_sandbox.directories.words import PHRASES
from tests.support.directories import (
    PROFILE,
    Served,
    filled,
    form_of,
    send,
    serve_directories,
    submit,
)

TRUTH = truth(PROFILE)
SENT = [slug for slug, expected in TRUTH.items() if expected.arrivals]
ANSWERING = [s for s in SENT if DIRECTORIES[s].ending not in ("never", "hang_up")]
SHOWN = [
    slug
    for slug, directory in DIRECTORIES.items()
    if directory.opening in ("form", "slow", "moved")
]
STATUSES = {"conflict": 409, "error": 500}
SAID = {
    "thanks": "thanks?entry=",
    "listing": "/listing/",
}
VOID = {"meta", "link", "input", "br", "img"}


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_directories() as running:
        yield running


class Nesting(HTMLParser):
    """Whether every element is closed where it should be, and no attribute is given twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice: {names}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")


def html_faults(text: str) -> list[str]:
    """What is wrong with a page: nesting, ids, labels that lead nowhere, outside addresses."""
    nesting = Nesting()
    nesting.feed(text)
    tree = LexborHTMLParser(text)
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    named = [node.attributes["for"] for node in tree.css("label[for]")]
    named += [node.attributes["aria-labelledby"] for node in tree.css("[aria-labelledby]")]
    places = [node.attributes.get(name) for name in ("src", "href", "action") for node in tree.css(f"[{name}]")]  # fmt: skip
    return [
        *nesting.faults,
        *(f"<{tag}> is not closed" for tag in nesting.open),
        *(f"the id {each} stands twice" for each in {i for i in ids if ids.count(i) > 1}),
        *(f"a label leads to {each}, which is not there" for each in named if each not in ids),
        *(f"{each} is outside" for each in places if each and not each.startswith(("/", "data:,"))),
    ]


def test_there_are_enough_of_them_in_many_kinds() -> None:
    assert len(DIRECTORIES) >= 56
    assert len({directory.kind for directory in DIRECTORIES.values()}) >= 24
    assert sum(expected.status == "submitted" for expected in TRUTH.values()) >= 50


def test_every_word_of_behaviour_is_known_and_used() -> None:
    assert {d.opening for d in DIRECTORIES.values()} == OPENINGS.keys()
    assert {d.ending for d in DIRECTORIES.values()} == ENDINGS.keys()
    assert {d.guard for d in DIRECTORIES.values()} - {""} == GUARDS.keys()


def test_fields_of_a_form_have_names_of_their_own() -> None:
    for slug, directory in DIRECTORIES.items():
        names = [field.name for field in directory.fields]
        assert len(names) == len(set(names)), slug


async def test_two_visits_see_the_same_page(served: Served) -> None:
    for slug in SHOWN:
        place = f"{slug}/{DIRECTORIES[slug].path}"
        assert await served.get(place) == await served.get(place)


@pytest.mark.parametrize("slug", SHOWN)
async def test_its_pages_are_whole_and_lead_nowhere_outside(served: Served, slug: str) -> None:
    for place in ("", DIRECTORIES[slug].path, "listings", "listings?name=Nobody"):
        status, text = await served.get(f"{slug}/{place}")
        assert status == 200
        assert html_faults(text) == []


@pytest.mark.parametrize("slug", SHOWN)
async def test_its_form_has_the_controls_that_it_says(served: Served, slug: str) -> None:
    page = await form_of(served, slug)
    assert page.names >= {field.name for field in DIRECTORIES[slug].pages[0]}


@pytest.mark.parametrize("slug", ANSWERING)
async def test_a_right_form_is_taken_as_the_truth_says(served: Served, slug: str) -> None:
    if DIRECTORIES[slug].opening == "stumble":
        assert (await served.get(f"{slug}/{DIRECTORIES[slug].path}"))[0] == 503
    status, text, place = await submit(served, slug, PROFILE)
    told = await served.books(slug)
    assert faults(TRUTH[slug], told) == []
    assert len(await found(served, slug, PROFILE["business_name"])) == TRUTH[slug].listed
    assert told["counts"]["refused"] == 0
    assert status == STATUSES.get(DIRECTORIES[slug].ending, 200)
    assert SAID.get(DIRECTORIES[slug].ending, f"/{slug}/") in place
    assert html_faults(text) == [] or DIRECTORIES[slug].ending == "inline"


@pytest.mark.parametrize("slug", SENT)
async def test_a_form_without_what_it_requires_is_refused(served: Served, slug: str) -> None:
    if DIRECTORIES[slug].opening == "stumble":
        await served.get(f"{slug}/{DIRECTORIES[slug].path}")
    page = await form_of(served, slug)
    right = filled(page, TRUTH[slug])
    said = PHRASES[DIRECTORIES[slug].language]["missing"]
    required = [field.name for field in DIRECTORIES[slug].pages[0] if field.required]
    for name in required:
        status, text, _ = await send(served, page, {**right, name: [""]})
        assert status in (200, 422)
        assert said in text or json.dumps(said)[1:-1] in text
    told = await served.books(slug)
    assert [list(entry["wrong"]) for entry in told["received"]] == [[name] for name in required]
    assert told["counts"]["arrived"] == 0
    assert told["counts"]["refused"] == len(required) > 0


async def test_a_listing_is_found_by_name_and_only_by_that(served: Served) -> None:
    for slug in ("harbor-yellow-book", "straight-to-print", "window-pane", "double-opt-in"):
        assert await found(served, slug, "marigold") == []
        await submit(served, slug, PROFILE)
        assert await found(served, slug, "Somebody Else") == []
        places = await found(served, slug, "marigold")
        assert len(places) == TRUTH[slug].listed
        for place in places:
            assert "12 Orchard Lane" in (await served.get(place))[1] or slug == "window-pane"


async def found(served: Served, slug: str, name: str) -> list[str]:
    """Places of the listings that a search shows."""
    _, text = await served.get(f"{slug}/listings", params={"name": name})
    links = LexborHTMLParser(text).css(".results a")
    return [(link.attributes["href"] or "").removeprefix("/") for link in links]


@pytest.mark.parametrize("slug", [s for s in SENT if s not in ANSWERING])
async def test_a_form_arrives_though_no_answer_comes(served: Served, slug: str) -> None:
    page = await form_of(served, slug)
    how = {"timeout": aiohttp.ClientTimeout(total=0.3)}
    with pytest.raises((TimeoutError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await send(served, page, filled(page, TRUTH[slug]), **how)
    assert faults(TRUTH[slug], await served.books(slug)) == []


async def test_a_business_with_markup_in_its_name_stays_text(served: Served) -> None:
    profile = {**PROFILE, "business_name": "<script>alert(1)</script> & 'Co'"}
    for slug in ("harbor-yellow-book", "straight-to-print", "once-is-enough", "three-turns"):
        _, text, _ = await submit(served, slug, profile)
        told = html.escape("<script>alert(1)</script>") in text
        assert told is (slug != "three-turns"), "its last page tells the number alone"
        assert "<script>alert" not in text
        assert html_faults(text) == []
