"""What is worked out from pages and positions: changes, shares, sections and links."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hermes_fleet.competitive_snapshot.differences import weaker
from hermes_fleet.competitive_snapshot.links import Links
from hermes_fleet.competitive_snapshot.ranking import CLICKS, Ranking
from hermes_fleet.competitive_snapshot.sections import missing_sections, telling
from hermes_fleet.competitive_snapshot.structure import structure
from hermes_fleet.hermes_api import EarlierRun
from hermes_fleet.searching.document import Document
from hermes_fleet.searching.results import UNITED_STATES, Hit, ResultPage
from hermes_fleet.searching.site_reader import Reading
from hermes_fleet.searching.snapshots import KeptPage, Snapshots
from hermes_fleet.serp_intel.changes import changes

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SITE, RIVAL = "https://ours.example/", "https://rival.example/"


def kept(rank: int | None, depth: int = 10, **more: Any) -> Snapshots:
    """One keyword at which the site has this rank."""
    own = Hit(rank, rank, f"{SITE}a", "A") if rank else None
    page = KeptPage(
        keyword="k", at=NOW, depth=depth, location=None, device=None, results=[], site=own
    )
    told = {"engine": "e", "provenance": "provider", "locale": UNITED_STATES, "pages": [page]}
    return Snapshots.model_validate({**told, **more})


def run(snapshots: Snapshots | None) -> EarlierRun:
    artifacts = {"serp_snapshots": snapshots.model_dump(mode="json")} if snapshots else {}
    told = {"runId": "r", "runType": "smoke", "status": "success", "finishedAt": NOW}
    return EarlierRun.model_validate(
        {**told, "outputs": {}, "provenance": {}, "artifacts": artifacts}
    )


@pytest.mark.parametrize(
    ("before", "now", "change", "said"),
    [
        (3, 1, 2, "up"),
        (1, 4, -3, "down"),
        (2, 2, 0, "same"),
        (None, 5, None, "entered"),
        (5, None, None, "left"),
        (None, None, None, "still absent"),
    ],
)
def test_a_change_counts_places_gained(
    before: int | None, now: int | None, change: int | None, said: str
) -> None:
    (row,) = changes(kept(now), [run(kept(before))])["items"]
    assert (row["before"], row["now"], row["change"], row["said"]) == (before, now, change, said)


def test_a_rank_beyond_the_depth_of_the_other_run_is_not_compared() -> None:
    (row,) = changes(kept(4), [run(kept(15, depth=20))])["items"]
    assert (row["before"], row["now"], row["said"], row["depth"]) == (None, 4, "entered", 10)


def test_the_newest_run_that_searched_the_same_way_is_taken() -> None:
    runs = [run(None), run(kept(9, engine="other")), run(kept(9, provenance="sample"))]
    (row,) = changes(kept(1), [*runs, run(kept(3)), run(kept(8))])["items"]
    assert row["before"] == 3


def test_nothing_to_compare_with_is_a_baseline_or_unknown() -> None:
    assert changes(kept(1), [])["baseline"] is True
    assert changes(kept(1), [run(kept(1, engine="other"))])["baseline"] is True
    assert changes(kept(1), None)["known"] is False


def ranking(*pages: list[str]) -> Ranking:
    told = [
        ResultPage(f"k{n}", NOW, 10, tuple(Hit(r, r, url, "T") for r, url in enumerate(page, 1)))
        for n, page in enumerate(pages)
    ]
    return Ranking("e", "provider", told)


def test_shares_of_voice_are_weighted_by_position_and_add_up() -> None:
    found = ranking([f"{SITE}a", f"{RIVAL}a"], [f"{RIVAL}b", "https://third.example/"])
    total = 2 * (CLICKS[0] + CLICKS[1])
    assert found.share(SITE) == round(CLICKS[0] / total, 4)
    assert found.share(RIVAL) == round((CLICKS[0] + CLICKS[1]) / total, 4)
    assert found.standing(SITE)["keywords_ranked"] == 1


def test_positions_beyond_the_tenth_weigh_nothing_and_nobody_found_is_no_share() -> None:
    filler = [f"https://x{n}.example/" for n in range(10)]
    assert ranking([*filler, f"{SITE}a"]).share(SITE) == 0
    assert ranking([]).share(SITE) is None


def document(url: str, *headings: str, links: tuple[str, ...] = (), title: str = "") -> Document:
    outline = tuple((2, text) for text in headings)
    return Document(url, title, "", outline, "one two three", (), links)


def test_a_section_is_missing_when_no_own_heading_is_about_it() -> None:
    theirs = document(
        f"{RIVAL}a",
        "Implants: what they cost",
        "Healing after dental implants",
        "Questions",
        "Questions",
        "The team",
    )
    ours = document(f"{SITE}a", "Cost of treatment", "Frequent questions")
    assert missing_sections(theirs, ours, "dental implants") == [
        "Healing after dental implants",
        "The team",
    ]


def test_the_words_of_the_keyword_and_small_words_tell_nothing() -> None:
    assert telling("Dental implants: what they cost", "dental implant") == ["cost"]
    assert telling("What is it?", "implants") == ["what", "is", "it"]


def test_links_are_counted_over_pages_read_and_clicks_along_them() -> None:
    home = document(SITE, links=(f"{SITE}a", f"{SITE}a", SITE))
    first = document(f"{SITE}a", links=(f"{SITE}b", f"{SITE}a"))
    second = document(f"{SITE}b", links=(f"{SITE}a",))
    lonely = document(f"{SITE}c")
    found = Links(Reading(SITE, [home, first, second, lonely]))
    assert found.of(first) == {"url": f"{SITE}a", "inlinks": 2, "clicks": 1, "pages_read": 4}
    assert (found.of(second)["inlinks"], found.of(second)["clicks"]) == (1, 2)
    assert (found.of(lonely)["inlinks"], found.of(lonely)["clicks"]) == (0, None)


def test_what_is_not_known_about_links_is_no_gap() -> None:
    one: Any = {"inlinks": 1, "clicks": 3}
    assert weaker(one, {"inlinks": 2, "clicks": 1}) == ["fewer links", "more clicks"]
    assert weaker(one, {"inlinks": 1, "clicks": None}) == []
    assert weaker({"inlinks": 5, "clicks": None}, {"inlinks": 1, "clicks": 1}) == []


def test_a_title_ending_is_told_when_most_titles_have_it() -> None:
    titles = ("A | Ours", "B | Ours", "C | Ours", "D - other")
    pages = [document(f"{SITE}{n}", title=title) for n, title in enumerate(titles)]
    told = structure(Reading(SITE, pages))["title"]
    assert (told["ending"], told["pages_with_ending"]) == (" | Ours", 3)
    assert structure(Reading(SITE, pages[:1] + pages[3:]))["title"]["ending"] is None
