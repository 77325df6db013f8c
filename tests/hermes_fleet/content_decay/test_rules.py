"""What counts as decline, what as season, what to refresh first, who took over: rules by value."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes_fleet.content_decay import rivals
from hermes_fleet.content_decay.refresh import candidates, potential
from hermes_fleet.content_decay.replacement import compared, replaced
from hermes_fleet.content_decay.signs import Judged, fell, judge
from hermes_fleet.content_decay.traffic import Traffic, covered, from_history
from hermes_fleet.content_decay.windows import Windows, last_day
from hermes_fleet.google.dates import Period, days_ago
from hermes_fleet.google.history import MOST_CELLS, Cell, Figures, History
from hermes_fleet.searching.results import Hit
from hermes_fleet.searching.snapshots import KeptPage, Snapshots
from hermes_worker import WorkerError

LAST = date(2026, 11, 17)
WINDOWS = Windows.ending(LAST)
PAGE = "https://www.example.com/a"


def page(
    now: int, before: int, year_ago: int | None = None, year_before: int | None = None
) -> Judged:
    """A page by its clicks; shown 20 times for each, at position 5."""
    clicks = {"now": now, "before": before, "year_ago": year_ago, "year_before": year_before}
    figures = {
        name: {PAGE: Figures(count, count * 20, 5.0)}
        for name, count in clicks.items()
        if count is not None
    }
    return judge(Traffic(WINDOWS, figures, frozenset(), "provider", "a test"), PAGE)


def test_the_periods_are_28_days_and_meet_the_same_weekdays_a_year_before() -> None:
    assert WINDOWS.now == Period(date(2026, 10, 21), LAST)
    assert WINDOWS.before == Period(date(2026, 9, 23), date(2026, 10, 20))
    assert WINDOWS.year_ago.last == date(2025, 11, 18)
    assert WINDOWS.year_ago.last.weekday() == LAST.weekday()


def test_a_page_that_lost_clicks_beyond_chance_declines() -> None:
    assert page(now=60, before=120).signs == ("clicks_fell", "impressions_fell")
    assert page(now=100, before=120).signs == ()
    assert "clicks_fell" not in page(now=4, before=12).signs


def test_a_page_that_grows_or_stays_has_no_sign() -> None:
    assert page(now=130, before=120, year_ago=60, year_before=60).signs == ()
    assert page(now=120, before=120).signs == ()


def test_a_fall_as_deep_as_last_years_is_the_season() -> None:
    judged = page(now=140, before=200, year_ago=70, year_before=100)
    assert (judged.signs, judged.seasonal) == ((), True)


def test_a_fall_deeper_than_last_years_is_decline() -> None:
    judged = page(now=60, before=200, year_ago=70, year_before=100)
    assert "clicks_fell" in judged.signs
    assert judged.seasonal is False


def test_a_fall_that_did_not_happen_last_year_is_decline() -> None:
    judged = page(now=140, before=200, year_ago=100, year_before=100)
    assert judged.signs == ("clicks_fell", "impressions_fell")


def test_a_slow_loss_shows_against_a_year_ago() -> None:
    judged = page(now=140, before=150, year_ago=300, year_before=300)
    assert judged.signs == ("clicks_fell_in_a_year",)
    assert judged.lost_clicks == 160


def test_a_seasonal_page_that_also_stands_far_below_last_year_declines() -> None:
    assert page(now=70, before=100, year_ago=200, year_before=290).signs == (
        "clicks_fell_in_a_year",
    )


def test_a_position_that_sinks_counts_only_while_clicks_do_not_grow() -> None:
    def sinking(clicks_now: int) -> tuple[str, ...]:
        figures = {
            "now": {PAGE: Figures(clicks_now, 900, 9.0)},
            "before": {PAGE: Figures(50, 900, 6.5)},
        }
        return judge(Traffic(WINDOWS, figures, frozenset(), "provider", ""), PAGE).signs

    assert sinking(50) == ("position_fell",)
    assert sinking(51) == ()


@given(then=st.integers(0, 100_000), now=st.integers(0, 100_000))
def test_a_fall_is_a_loss_and_a_deeper_fall_is_one_too(then: int, now: int) -> None:
    if fell(then, now, 10):
        assert now < then
        assert fell(then, now // 2, 10)
    assert not fell(now, now, 10)


def test_a_page_missing_from_a_cut_list_is_unknown_and_not_compared() -> None:
    figures = {"now": {"/b": Figures(5, 50, 3.0)}, "before": {PAGE: Figures(90, 900, 3.0)}}
    whole = Traffic(WINDOWS, figures, frozenset(), "provider", "")
    cut = Traffic(WINDOWS, figures, frozenset({"now"}), "provider", "")
    assert judge(whole, PAGE).signs == ("clicks_fell", "impressions_fell")
    assert whole.pages == [PAGE, "/b"]
    assert cut.pages == ["/b"]


def test_a_property_younger_than_two_periods_cannot_be_judged() -> None:
    with pytest.raises(WorkerError, match="holds 40 days of figures"):
        covered(WINDOWS, LAST - timedelta(days=39))
    with pytest.raises(WorkerError, match="holds 0 days"):
        covered(WINDOWS, None)
    assert covered(WINDOWS, LAST - timedelta(days=55)) == ["now", "before"]
    assert covered(WINDOWS, date(2025, 1, 1)) == ["now", "before", "year_ago", "year_before"]


def test_figures_that_are_late_move_the_periods_and_silence_does_not() -> None:
    assert last_day(LAST - timedelta(days=4), LAST) == LAST - timedelta(days=4)
    assert last_day(LAST - timedelta(days=5), LAST) == LAST
    assert last_day(LAST, LAST) == LAST


def test_days_begin_where_search_console_lets_them_begin() -> None:
    assert days_ago(datetime(2026, 11, 20, 7, 59, tzinfo=UTC), 3) == date(2026, 11, 16)
    assert days_ago(datetime(2026, 11, 20, 8, 0, tzinfo=UTC), 3) == date(2026, 11, 17)


def kept(days: int, clicks: int, first: date, pages: tuple[str, ...] = (PAGE,)) -> History:
    cells = [
        (each, first + timedelta(days=day), Cell(0, clicks, clicks * 10, 4.0))
        for each in pages
        for day in range(days)
    ]
    return History.of("sc-domain:example.com", Period.ending(LAST, 486), cells, True)


def test_a_history_gives_the_sums_of_each_period() -> None:
    history = History.model_validate(kept(486, 2, LAST - timedelta(days=485)).payload())
    traffic = from_history(history, "provider")
    assert set(traffic.figures) == {"now", "before", "year_ago", "year_before"}
    assert traffic.of("year_ago", PAGE) == Figures(56, 560, 4.0)


def test_the_year_before_a_property_existed_is_unknown_and_not_zero() -> None:
    traffic = from_history(kept(100, 2, LAST - timedelta(days=99)), "sample")
    assert set(traffic.figures) == {"now", "before"}
    assert judge(traffic, PAGE).figures["year_ago"] is None


def test_positions_weigh_as_much_as_their_impressions() -> None:
    found = Figures().plus(1, 30, 2.0).plus(0, 10, 6.0)
    assert (found.position, found.impressions, found.ctr) == (3.0, 40, 0.025)
    assert Figures().plus(0, 0, 0).position is None


def test_a_history_too_large_keeps_the_pages_with_most_clicks_and_says_so() -> None:
    many = [
        (f"/{number}", LAST - timedelta(days=day), Cell(0, number, 1, 1.0))
        for number in range(MOST_CELLS // 100 + 1)
        for day in range(100)
    ]
    history = History.of("x", Period.ending(LAST, 100), many, True)
    assert history.complete is False
    assert "/0" not in history.pages
    assert f"/{MOST_CELLS // 100}" in history.pages


def test_pages_are_refreshed_in_the_order_of_what_can_be_won() -> None:
    def lost(name: str, clicks: int, position: float | None) -> Judged:
        now = Figures(0, 10 if position else 0, position)
        return Judged(
            name, {"year_ago": None}, ("clicks_fell",), now=now, before=Figures(clicks, 1)
        )

    found = candidates([lost("top", 90, 1.5), lost("near", 60, 8.0), lost("far", 80, 40.0)])
    assert [(each["page"], each["priority"]) for each in found] == [
        ("near", 60.0),
        ("top", 45.0),
        ("far", 40.0),
    ]
    assert (
        found[0]["reason"] == "Lost 60 clicks; its mean position is 8.0, within reach of the top."
    )


def test_the_potential_has_the_borders_that_the_formula_names() -> None:
    assert [potential(each) for each in (3.0, 3.1, 20.0, 20.1, None)] == [0.5, 1.0, 1.0, 0.5, 0.5]


SITE = "https://www.example.com"
AT = datetime(2026, 11, 1, tzinfo=UTC)


def looked_up(
    *urls: str, keyword: str = "implants", at: datetime = AT, engine: str = "e"
) -> Snapshots:
    hits = [Hit(place, place, url, url) for place, url in enumerate(urls, 1)]
    own = next((hit for hit in hits if hit.url.startswith(SITE)), None)
    seen = KeptPage(
        keyword=keyword, at=at, depth=10, location=None, device=None, results=hits, site=own
    )
    return Snapshots.model_validate(
        {
            "engine": engine,
            "provenance": "provider",
            "locale": {
                "location": "United States",
                "location_code": 2840,
                "country": "us",
                "language": "en",
            },
            "pages": [seen],
        }
    )


OLD, RIVAL, NEW = "https://old.example/x", "https://rival.example/b", "https://new.example/c"


def took_over(*snapshots: Snapshots) -> list[tuple[str, int | None, int | None]]:
    rows = [row for each in compared(snapshots) for row in replaced(each, PAGE, SITE, [RIVAL])]
    return [(r["competitor_url"], r["page_position_before"], r["page_position"]) for r in rows]


def test_who_overtook_the_page_is_named_and_who_was_above_before_is_not() -> None:
    now, before = looked_up(OLD, RIVAL, NEW, PAGE), looked_up(OLD, PAGE, RIVAL, at=AT)
    assert took_over(now, before) == [(RIVAL, 2, 4), (NEW, 2, 4)]


def test_a_page_that_kept_its_place_was_not_replaced() -> None:
    assert took_over(looked_up(OLD, PAGE, NEW), looked_up(OLD, PAGE, RIVAL)) == []


def test_a_page_that_left_the_results_was_replaced_by_who_stands_where_it_stood() -> None:
    assert took_over(looked_up(OLD, NEW, RIVAL), looked_up(OLD, PAGE, RIVAL)) == [(NEW, 2, None)]


def test_with_one_look_alone_everyone_above_is_named() -> None:
    assert took_over(looked_up(OLD, RIVAL, PAGE)) == [(OLD, None, 3), (RIVAL, None, 3)]


def test_pages_of_the_own_site_replace_nobody() -> None:
    assert took_over(looked_up(f"{SITE}/other", PAGE)) == []


def test_results_of_another_engine_are_not_compared() -> None:
    found = took_over(looked_up(OLD, PAGE), looked_up(PAGE, OLD, engine="another"))
    assert found == [(OLD, None, 2)]


def test_a_listed_competitor_is_marked() -> None:
    (each,) = compared([looked_up(RIVAL, OLD, PAGE)])
    rows = list(replaced(each, PAGE, SITE, ["https://rival.example/"]))
    assert [row["listed_competitor"] for row in rows] == ["https://rival.example/", None]


def test_a_page_whose_searches_were_never_looked_up_leaves_the_answer_incomplete() -> None:
    declining, results = [page(now=60, before=120)], compared([looked_up(OLD, NEW)])
    unknown = rivals.value(declining, results, {}, SITE, [])
    known = rivals.value(declining, results, {PAGE: ["Implants"]}, SITE, [])
    assert (unknown["complete"], unknown["pages_without_result_pages"]) == (False, [PAGE])
    assert (known["complete"], known["count"]) == (True, 2)
