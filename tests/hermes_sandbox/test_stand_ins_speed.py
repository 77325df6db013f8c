"""PageSpeed Insights and the Chrome UX Report: forms, faults, and nothing where nobody has been."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tests.support.stand_ins import SITE, TODAY, Served, serve_stand_ins

WEIGHTS = {
    "first-contentful-paint": 0.10,
    "speed-index": 0.10,
    "largest-contentful-paint": 0.25,
    "total-blocking-time": 0.30,
    "cumulative-layout-shift": 0.25,
}


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_stand_ins() as found:
        yield found


async def insights(served: Served, **asked: str) -> tuple[int, Any]:
    secret = served.secrets["HERMES_PROVIDER_PSI"]
    params = {"url": f"{SITE}/", "strategy": "MOBILE", "key": secret["key"], **asked}
    return await served.get(f"{secret['base_url']}/pagespeedonline/v5/runPagespeed", params=params)


async def crux(
    served: Served, kind: str = "queryRecord", key: str = "", **asked: Any
) -> tuple[int, Any]:
    secret = served.secrets["HERMES_PROVIDER_CRUX"]
    url = f"{secret['base_url']}/v1/records:{kind}"
    return await served.post(url, params={"key": key or secret["key"]}, json=asked)


async def test_a_run_has_a_score_that_follows_from_its_metrics(served: Served) -> None:
    _status, told = await insights(served)
    lighthouse = told["lighthouseResult"]
    audits = lighthouse["audits"]
    weighted = sum(audits[name]["score"] * weight for name, weight in WEIGHTS.items())
    assert lighthouse["categories"]["performance"]["score"] == pytest.approx(weighted, abs=0.006)
    assert audits["largest-contentful-paint"]["numericUnit"] == "millisecond"
    assert "runtimeError" not in lighthouse
    assert (await insights(served))[1]["lighthouseResult"]["audits"] == audits
    other = (await insights(served, strategy="DESKTOP"))[1]["lighthouseResult"]["audits"]
    assert other != audits


async def test_field_data_is_there_for_the_demo_site_alone(served: Served) -> None:
    _status, told = await insights(served)
    metrics = told["loadingExperience"]["metrics"]
    for name, metric in metrics.items():
        assert isinstance(metric["percentile"], int), name
        assert sum(each["proportion"] for each in metric["distributions"]) == pytest.approx(1)
        good = metric["distributions"][0]["max"]
        assert (metric["category"] == "FAST") == (metric["percentile"] <= good), name
    assert told["originLoadingExperience"]["id"] == SITE
    _status, other = await insights(served, url="https://www.example.com/")
    assert other["loadingExperience"] == {"initial_url": "https://www.example.com/"}


async def test_a_run_without_paint_is_a_200_with_a_runtime_error(served: Served) -> None:
    await served.switch("psi", "runtime_error")
    status, told = await insights(served)
    lighthouse = told["lighthouseResult"]
    assert (status, lighthouse["runtimeError"]["code"]) == (200, "NO_FCP")
    assert lighthouse["categories"]["performance"]["score"] is None
    assert all("numericValue" not in audit for audit in lighthouse["audits"].values())


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("quota", 429, "Quota exceeded"),
        ("unreachable", 400, "FAILED_DOCUMENT_REQUEST"),
        ("server_error", 500, "Unable to process request"),
    ],
)
async def test_faults_of_insights(served: Served, fault: str, status: int, said: str) -> None:
    await served.switch("psi", fault)
    found, told = await insights(served)
    assert found == status
    assert said in told["error"]["message"]


async def test_a_wrong_key_is_invalid_and_none_shares_everybodys_quota(served: Served) -> None:
    status, told = await insights(served, key="guess")
    assert (status, told["error"]["details"][0]["reason"]) == (400, "API_KEY_INVALID")
    status, told = await insights(served, key="")
    assert (status, told["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert (await insights(served, url="ftp://example.com"))[0] == 400


async def test_a_record_has_bins_that_add_up_and_layout_shift_as_text(served: Served) -> None:
    status, told = await crux(served, origin=SITE, formFactor="PHONE")
    assert status == 200
    metrics = told["record"]["metrics"]
    for metric in metrics.values():
        assert sum(each["density"] for each in metric["histogram"]) == pytest.approx(1)
    shift = metrics["cumulative_layout_shift"]
    assert isinstance(shift["percentiles"]["p75"], str)
    assert shift["histogram"][0]["start"] == "0.00"
    assert isinstance(metrics["largest_contentful_paint"]["percentiles"]["p75"], int)
    assert told["record"]["key"] == {"origin": SITE, "formFactor": "PHONE"}
    last = told["record"]["collectionPeriod"]["lastDate"]
    assert last == {"year": TODAY.year, "month": TODAY.month, "day": TODAY.day - 2}


async def test_history_has_a_point_a_week_with_the_oldest_first(served: Served) -> None:
    metrics = ["largest_contentful_paint"]
    _status, told = await crux(served, "queryHistoryRecord", origin=SITE, metrics=metrics)
    record = told["record"]
    assert list(record["metrics"]) == metrics
    assert len(record["metrics"][metrics[0]]["percentilesTimeseries"]["p75s"]) == 25
    ends = [
        (each["lastDate"]["year"], each["lastDate"]["month"], each["lastDate"]["day"])
        for each in record["collectionPeriods"]
    ]
    assert ends == sorted(ends)
    assert len(ends) == 25


async def test_too_few_visitors_are_a_404_that_means_no_data(served: Served) -> None:
    for asked in ({"origin": "https://www.example.com"}, {"url": f"{SITE}/blog/"}):
        status, told = await crux(served, **asked)
        assert (status, told["error"]["message"]) == (404, "chrome ux report data not found")
    assert (await crux(served, url=f"{SITE}/"))[0] == 200


@pytest.mark.parametrize(
    "asked",
    [{}, {"origin": SITE, "url": SITE}, {"origin": SITE, "formFactor": "WATCH"}, {"origin": SITE, "metrics": ["speed"]}],
)  # fmt: skip
async def test_a_question_that_is_none_is_a_400(served: Served, asked: dict[str, Any]) -> None:
    status, told = await crux(served, **asked)
    assert (status, told["error"]["status"]) == (400, "INVALID_ARGUMENT")


async def test_faults_and_keys_of_the_report(served: Served) -> None:
    status, told = await crux(served, key="guess", origin=SITE)
    assert (status, told["error"]["details"][0]["reason"]) == (400, "API_KEY_INVALID")
    for fault, expected in (("not_found", 404), ("quota", 429), ("server_error", 500)):
        await served.switch("crux", fault)
        assert (await crux(served, origin=SITE))[0] == expected
