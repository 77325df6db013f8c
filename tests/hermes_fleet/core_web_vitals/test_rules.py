"""The rules of the monitor by value: curves, blocking time, medians, what counts as a regression."""

from datetime import UTC, datetime
from math import log
from statistics import NormalDist
from typing import Any

import pytest

from hermes_fleet.core_web_vitals.conditions import METHOD
from hermes_fleet.core_web_vitals.measure import Measurement
from hermes_fleet.core_web_vitals.metrics import Load, Measured, of_site, percentile_75
from hermes_fleet.core_web_vitals.regressions import artifact, regressions
from hermes_fleet.core_web_vitals.report import result
from hermes_fleet.core_web_vitals.score import CURVES, blocking_time, curve, performance_score
from hermes_fleet.hermes_api import EarlierRun
from hermes_worker import WorkerError

URL = "https://www.example.com/"
FAST = {"ttfb": 40, "fcp": 900, "lcp": 1200, "tbt": 0, "inp": 60, "cls": 0.0}


def measured(url: str = URL, **figures: float) -> Measured:
    return Measured(url, [Load(FAST | figures)])


def run(*pages: Measured, method: str = METHOD) -> EarlierRun:
    kept = artifact(pages) | {"method": method}
    return earlier({"measurements": kept})


def earlier(artifacts: dict[str, Any]) -> EarlierRun:
    return EarlierRun.model_validate(
        {
            "runId": "1", "runType": "smoke", "status": "success", "outputs": {}, "provenance": {},
            "finishedAt": datetime.now(UTC), "artifacts": artifacts,
        }
    )  # fmt: skip


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("share", [0.05, 0.5, 1.0, 1.7, 4.0])
def test_a_curve_is_the_tail_of_a_log_normal_distribution(name: str, share: float) -> None:
    good, median = CURVES[name]
    spread = log(median / good) / NormalDist().inv_cdf(0.9)
    tail = 1 - NormalDist(log(median), spread).cdf(log(median * share))
    assert curve(median * share, good, median) == pytest.approx(tail, abs=0.005)


def test_the_score_weighs_what_is_left_without_the_speed_index() -> None:
    at_median = {name: median for name, (_good, median) in CURVES.items()}
    assert performance_score(at_median) == 50
    assert performance_score({name: good for name, (good, _median) in CURVES.items()}) == 90
    assert performance_score(dict.fromkeys(CURVES, 0)) == 100
    slow_tbt = dict.fromkeys(CURVES, 0.0) | {"tbt": 600}
    assert performance_score(slow_tbt) == round((60 + 30 * 0.5) / 90 * 100)


def test_no_score_is_given_when_a_part_of_it_is_missing() -> None:
    assert performance_score({"fcp": 900, "lcp": 1200, "cls": 0}) is None


def test_blocking_time_counts_what_is_over_50_ms_after_the_first_paint() -> None:
    assert blocking_time([(100, 120), (400, 50), (500, 80)], since=0) == 100
    assert blocking_time([(100, 300)], since=250) == 100
    assert blocking_time([(100, 300)], since=500) == 0


def test_a_page_is_the_median_of_its_loads_and_shows_their_spread() -> None:
    loads = [Load({"lcp": value, "cls": 0.1}) for value in (900.4, 2000, 1000)]
    page = Measured(URL, [*loads, Load(failure="It did not finish loading.")])
    assert page.figures == {"lcp": 1000, "cls": 0.1}
    assert page.payload()["spread"]["lcp"] == [900, 2000]
    assert page.payload()["runs"] == 3


def test_a_site_is_what_three_quarters_of_its_pages_keep_to() -> None:
    assert percentile_75([1]) == 1
    assert percentile_75([4, 1, 3, 2]) == 3
    pages = [measured(lcp=value) for value in (1000, 4000, 2000, 3000)]
    assert of_site(pages)["lcp"] == 3000


def test_a_figure_worse_than_its_median_by_more_than_the_threshold_is_a_regression() -> None:
    before = [run(measured(lcp=value)) for value in (1000, 1100, 1200)]
    found = regressions([measured(lcp=1351)], before)
    assert found["items"] == [
        {"url": URL, "metric": "lcp", "now": 1351, "previous_median": 1100,
         "previous_runs": 3, "change": 251, "threshold": 250},
    ]  # fmt: skip
    assert (found["count"], found["complete"]) == (1, True)
    assert regressions([measured(lcp=1350)], before)["items"] == []


def test_a_page_that_became_faster_or_stayed_is_no_regression() -> None:
    assert regressions([measured(lcp=500)], [run(measured())])["count"] == 0


def test_only_runs_measured_in_the_same_way_are_compared() -> None:
    runs = [run(measured(lcp=100), method="another/1"), earlier({}), earlier({"measurements": 5})]
    found = regressions([measured(lcp=9000)], runs)
    assert (found["count"], found["complete"]) == (0, False)
    assert found["basis"].startswith("baseline: no earlier run")


def test_a_page_new_to_the_history_leaves_the_list_incomplete() -> None:
    found = regressions([measured(), measured(f"{URL}new")], [run(measured())])
    assert found["complete"] is False
    assert found["basis"].startswith("1 of 2 pages")


def test_earlier_runs_that_cannot_be_asked_for_are_not_taken_for_none() -> None:
    assert "could not be read" in regressions([measured()], None)["basis"]


def test_only_the_newest_five_runs_count() -> None:
    runs = [run(measured(lcp=1000)) for _ in range(5)] + [run(measured(lcp=9000))] * 9
    assert regressions([measured(lcp=1300)], runs)["items"][0]["previous_runs"] == 5


def test_a_page_in_trouble_gives_no_figure_and_spoils_no_other() -> None:
    broken = Measured(f"{URL}x", [Load(failure="The page returned status 500.")])
    found = result(Measurement([broken, measured()]), None, {})
    assert found.outputs["lcp"] == FAST["lcp"]
    assert found.metrics["pages"][0] == {
        "url": f"{URL}x",
        "trouble": "The page returned status 500.",
    }
    assert found.metrics["items"] == 2


def test_nothing_measured_is_a_failure_that_names_the_page_and_its_trouble() -> None:
    broken = Measured(URL, [Load(failure="The page returned status 500.")])
    with pytest.raises(
        WorkerError, match=r"No page could be measured\. https://.*: The page returned"
    ):
        result(Measurement([broken]), None, {})


def test_every_promised_output_is_there_or_missing_with_a_sentence() -> None:
    bare = Measured(URL, [Load({"lcp": 900, "fcp": 800}, no_inp="Nothing to tap.")])
    found = result(Measurement([bare]), None, {})
    promised = {"lcp", "cls", "inp", "performance_score", "regressions"}
    assert found.outputs.keys() | found.missing.keys() == promised
    assert found.outputs.keys() & found.missing.keys() == set()
    assert all(gap.message for gap in found.missing.values())
