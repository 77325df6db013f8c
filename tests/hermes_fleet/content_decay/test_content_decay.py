"""The decay worker over HTTP: scripted Search Console, scripted Hermes with what earlier runs left."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes_fleet import content_decay, hermes_api
from hermes_fleet.content_decay import worker
from hermes_fleet.content_decay.windows import Windows
from hermes_fleet.google.dates import Period, days_ago
from hermes_fleet.google.history import Cell, History
from hermes_fleet.google.key import NAME
from hermes_fleet.providers import SANDBOX_FILE
from tests.hermes_fleet.google.support import (
    PROPERTY,
    SITE,
    Caller,
    Question,
    Reply,
    ScriptedGoogle,
    called,
    owned,
    refusal,
    row,
    serving,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FINAL = days_ago(NOON, 3)
WINDOWS = Windows.ending(FINAL)
SITE_ID = "6f0c7d4e-1111-4222-8333-444455556666"
SETTINGS = {"gsc_site": PROPERTY, "competitors": ["https://rival.example"]}
SMOKE = {"mode": "smoke", "site": SITE, "settings": SETTINGS, "max_urls": 5}
KNOWN = {**SMOKE, "site_id": SITE_ID}
OUTPUTS = ["competitor_replacement", "decay_signals", "refresh_candidates"]
FALLING, STEADY, SEASONAL = f"{SITE}/falling", f"{SITE}/steady", f"{SITE}/seasonal"
RIVAL = "https://rival.example/implants"
CLICKS = {
    "now": {FALLING: 50, STEADY: 100, SEASONAL: 70},
    "before": {FALLING: 200, STEADY: 100, SEASONAL: 140},
    "year_ago": {FALLING: 200, STEADY: 100, SEASONAL: 70},
    "year_before": {FALLING: 200, STEADY: 100, SEASONAL: 140},
}


def traffic(question: Question) -> Reply:
    """Search Console as CLICKS has it; days with figures reach back two years."""
    match question["dimensions"]:
        case ["date"]:
            days = [question["startDate"], question["endDate"]]
            return rows(row(day, clicks=1, impressions=9, position=5) for day in days)
        case ["page"]:
            period = {str(each.first): name for name, each in WINDOWS.named().items()}
            clicks = CLICKS[period[question["startDate"]]]
            return rows(
                row(page, clicks=count, impressions=count * 20, position=6)
                for page, count in clicks.items()
            )
        case _:
            return rows([row(FALLING, "implants", clicks=90, impressions=900, position=4)])


def rows(found: Any) -> Reply:
    return 200, {"rows": list(found), "responseAggregationType": "byPage"}


@pytest.fixture
async def google(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[ScriptedGoogle]:
    script = ScriptedGoogle(search=traffic)
    async with serving(script.app()) as script.base:
        monkeypatch.setenv(NAME, script.secret())
        monkeypatch.delenv(SANDBOX_FILE, raising=False)
        monkeypatch.delenv(hermes_api.URL, raising=False)
        yield script


@pytest.fixture
async def decay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Caller]:
    monkeypatch.setattr(content_decay, "utc_now", lambda: NOON)
    async with called(worker, tmp_path / "state") as caller:
        yield caller


@pytest.fixture
async def runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, google: ScriptedGoogle
) -> AsyncGenerator[dict[str, list[dict[str, Any]]]]:
    """What Hermes tells of earlier runs, by service."""
    known: dict[str, list[dict[str, Any]]] = {}

    async def outputs(request: web.Request) -> web.Response:
        found = known.get(request.match_info["service"], [])
        wanted = request.query.get("runType", "")
        return web.json_response([run for run in found if wanted in ("", run["runType"])])

    app = web.Application()
    app.router.add_get(f"/api/sites/{SITE_ID}/services/{{service}}/outputs", outputs)
    (tmp_path / "token").write_text("a-token")
    monkeypatch.setenv(hermes_api.TOKEN_FILE, str(tmp_path / "token"))
    async with serving(app) as base:
        monkeypatch.setenv(hermes_api.URL, base)
        yield known


def earlier(artifacts: dict[str, Any], run_type: str = "full", **provenance: str) -> dict[str, Any]:
    return {
        "runId": "r1",
        "runType": run_type,
        "status": "success",
        "finishedAt": "2026-11-18T08:00:00Z",
        "outputs": {},
        "provenance": provenance,
        "artifacts": artifacts,
    }


def history(last: date = FINAL, name: str = PROPERTY, days: int = 486) -> dict[str, Any]:
    """The figures of CLICKS, all on the first day of each period, and one quiet first day."""
    named = WINDOWS.named() if days > 400 else {"now": WINDOWS.now, "before": WINDOWS.before}
    shift = FINAL - last
    cells = [
        (page, period.first - shift, Cell(0, count, count * 20, 6.0))
        for window, period in named.items()
        for page, count in CLICKS[window].items()
    ]
    period = Period.ending(last, days)
    quiet = [(STEADY, day, Cell(0, 0, 1, 6.0)) for day in (period.first, period.last)]
    return {"gsc_history": History.of(name, period, cells + quiet, True).payload()}


def result_pages(*urls: str, provenance: str = "provider") -> dict[str, Any]:
    hits = [
        {"rank_group": place, "rank_absolute": place, "url": url, "title": f"Title {place}"}
        for place, url in enumerate(urls, 1)
    ]
    own = next((hit for hit in hits if str(hit["url"]).startswith(SITE)), None)
    locale = {"location": "United States", "location_code": 2840, "country": "us", "language": "en"}
    page = {
        "keyword": "implants",
        "at": "2026-11-18T08:00:00Z",
        "depth": 10,
        "location": None,
        "device": None,
        "results": hits,
        "site": own,
    }
    kept = {"engine": "google", "provenance": provenance, "locale": locale, "pages": [page]}
    return {"serp_snapshots": kept}


async def test_declining_pages_come_with_the_figures_of_all_periods(
    google: ScriptedGoogle, decay: Caller
) -> None:
    result = await decay.result(**SMOKE)
    found = result["outputs"]["decay_signals"]
    (item,) = found["items"]
    assert item == {
        "page": FALLING,
        "signs": ["clicks_fell", "impressions_fell", "clicks_fell_in_a_year"],
        "now": {"clicks": 50, "impressions": 1000, "ctr": 0.05, "position": 6.0},
        "before": {"clicks": 200, "impressions": 4000, "ctr": 0.05, "position": 6.0},
        "year_ago": {"clicks": 200, "impressions": 4000, "ctr": 0.05, "position": 6.0},
        "year_before": {"clicks": 200, "impressions": 4000, "ctr": 0.05, "position": 6.0},
    }
    assert [each["page"] for each in found["seasonal"]] == [SEASONAL]
    assert (found["count"], found["pages_examined"], found["complete"]) == (1, 3, True)
    assert found["periods"]["now"]["last_day"] == str(FINAL)
    assert result["provenance"] == dict.fromkeys(
        ("decay_signals", "refresh_candidates"), "provider"
    )
    assert result["metrics"] == {"items": 3, "pages_known": 3, "requests": 7}
    assert len(google.asked("page")) == 4


async def test_the_page_to_refresh_first_is_told_with_its_reason_and_the_formula(
    google: ScriptedGoogle, decay: Caller
) -> None:
    found = (await decay.result(**SMOKE))["outputs"]["refresh_candidates"]
    (item,) = found["items"]
    assert (item["page"], item["lost_clicks"], item["priority"]) == (FALLING, 150, 150.0)
    assert found["formula"].startswith("priority = lost clicks x potential")


async def test_a_smoke_run_that_looks_at_some_pages_only_is_not_complete(
    google: ScriptedGoogle, decay: Caller
) -> None:
    result = await decay.result(**{**SMOKE, "max_urls": 2})
    found = result["outputs"]["decay_signals"]
    assert (found["pages_examined"], found["complete"]) == (2, False)
    assert result["metrics"]["pages_known"] == 3


async def test_the_history_that_the_connector_kept_is_used_instead_of_asking(
    google: ScriptedGoogle, decay: Caller, runs: dict[str, list[dict[str, Any]]]
) -> None:
    runs["google_data_connector"] = [earlier(history(), gsc_clicks="provider")]
    result = await decay.result(**KNOWN)
    found = result["outputs"]["decay_signals"]
    assert [each["page"] for each in found["items"]] == [FALLING]
    assert [each["page"] for each in found["seasonal"]] == [SEASONAL]
    assert "kept by an earlier run of google_data_connector" in found["source"]
    assert google.asked("page") == []


async def test_the_history_alone_is_enough_without_a_credential(
    decay: Caller,
    runs: dict[str, list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(NAME)
    runs["google_data_connector"] = [earlier(history(days=60), gsc_clicks="sample")]
    result = await decay.result(**KNOWN)
    found = result["outputs"]["decay_signals"]
    assert {each["page"] for each in found["items"]} == {FALLING, SEASONAL}
    assert found["items"][0]["year_ago"] is None
    assert "no data from a year ago" in found["rule"]
    assert set(result["provenance"].values()) == {"sample"}
    assert result["metrics"]["requests"] == 0


@pytest.mark.parametrize(
    "kept",
    [
        history(last=FINAL - timedelta(days=8)),
        history(name="sc-domain:another.example"),
        history(days=60),
        {"gsc_history": {"gsc_site": PROPERTY}},
        {},
    ],
    ids=["old", "another property", "short", "unreadable", "none"],
)
async def test_a_history_that_does_not_fit_is_not_used_where_google_can_be_asked(
    google: ScriptedGoogle,
    decay: Caller,
    runs: dict[str, list[dict[str, Any]]],
    kept: dict[str, Any],
) -> None:
    runs["google_data_connector"] = [earlier(kept, gsc_clicks="provider")]
    found = (await decay.result(**KNOWN))["outputs"]["decay_signals"]
    assert found["source"] == "Search Console, asked in this run"


async def test_who_took_the_place_is_read_from_earlier_result_pages(
    google: ScriptedGoogle, decay: Caller, runs: dict[str, list[dict[str, Any]]]
) -> None:
    runs["serp_intel"] = [
        earlier(result_pages("https://old.example/", RIVAL, f"{SITE}/other", FALLING), "smoke"),
        earlier(result_pages("https://old.example/", FALLING), "full"),
    ]
    result = await decay.result(**KNOWN)
    found = result["outputs"]["competitor_replacement"]
    (item,) = found["items"]
    assert (item["page"], item["keyword"], item["competitor_url"]) == (FALLING, "implants", RIVAL)
    assert (item["competitor_position"], item["page_position"]) == (2, 4)
    assert item["page_position_before"] == 2
    assert item["listed_competitor"] == "https://rival.example/"
    assert found["complete"] is True
    assert result["provenance"]["competitor_replacement"] == "provider"


async def test_a_page_gone_from_the_results_is_found_by_its_own_searches(
    google: ScriptedGoogle, decay: Caller, runs: dict[str, list[dict[str, Any]]]
) -> None:
    runs["serp_intel"] = [earlier(result_pages(RIVAL, provenance="measured"), "smoke")]
    result = await decay.result(**KNOWN)
    (item,) = result["outputs"]["competitor_replacement"]["items"]
    assert (item["competitor_url"], item["page_position"]) == (RIVAL, None)
    assert result["provenance"]["competitor_replacement"] == "measured"


async def test_nobody_above_the_page_is_an_honest_empty_list(
    google: ScriptedGoogle, decay: Caller, runs: dict[str, list[dict[str, Any]]]
) -> None:
    runs["serp_intel"] = [earlier(result_pages(FALLING, RIVAL), "smoke")]
    found = (await decay.result(**KNOWN))["outputs"]["competitor_replacement"]
    assert (found["count"], found["items"], found["complete"]) == (0, [], True)
    assert "1 keywords" in found["basis"]


async def test_without_result_pages_the_next_step_is_said(
    google: ScriptedGoogle, decay: Caller, runs: dict[str, list[dict[str, Any]]]
) -> None:
    gap = (await decay.result(**KNOWN))["missing"]["competitor_replacement"]
    assert gap["reason"] == "outputs_missing"
    assert "Run the smoke test of SERP & Keyword Intelligence, then" in gap["message"]


async def test_a_run_that_cannot_ask_hermes_says_so(google: ScriptedGoogle, decay: Caller) -> None:
    gap = (await decay.result(**SMOKE))["missing"]["competitor_replacement"]
    assert "result pages cannot be read" in gap["message"]


async def test_where_nothing_declines_nobody_took_over(
    google: ScriptedGoogle, decay: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CLICKS, "now", CLICKS["before"])
    outputs = (await decay.result(**SMOKE))["outputs"]
    assert {slug: outputs[slug]["count"] for slug in OUTPUTS} == dict.fromkeys(OUTPUTS, 0)
    assert outputs["competitor_replacement"]["complete"] is True


async def test_competitors_that_are_no_list_are_named_and_the_rest_goes_on(
    google: ScriptedGoogle, decay: Caller
) -> None:
    result = await decay.result(**{**SMOKE, "settings": {**SETTINGS, "competitors": "rival"}})
    assert list(result["missing"]) == ["competitor_replacement"]
    gap = result["missing"]["competitor_replacement"]
    assert gap["reason"] == "missing_config"
    assert "competitors" in gap["message"]


async def test_without_credential_and_history_there_is_no_figure(
    google: ScriptedGoogle, decay: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NAME)
    result = await decay.result(**SMOKE)
    assert result["outputs"] == {}
    assert sorted(result["missing"]) == OUTPUTS
    assert {gap["reason"] for gap in result["missing"].values()} == {"missing_config"}
    assert all(NAME in gap["message"] for gap in result["missing"].values())


async def test_without_the_setting_nothing_is_asked(google: ScriptedGoogle, decay: Caller) -> None:
    result = await decay.result(**{**SMOKE, "settings": {"gsc_site": None, "competitors": None}})
    assert (
        "The Search Console property (gsc_site) is not set"
        in result["missing"]["decay_signals"]["message"]
    )
    assert google.questions == []


@pytest.mark.parametrize(
    ("reply", "reason", "said"),
    [
        (refusal(403, "No permission", "forbidden"), "forbidden_403", "property not found"),
        (refusal(403, "Load quota exceeded", "quotaExceeded"), "quota_exceeded", "15 minutes"),
        (refusal(500, "Backend Error", "backendError"), "server_error_5xx", "500"),
        (rows([]), "outputs_missing", "holds 0 days of figures"),
        (
            rows([row("yesterday", clicks=1, impressions=1, position=1)]),
            "malformed_reply",
            "'yesterday' is not a date",
        ),
        (
            rows([row(str(FINAL - timedelta(days=9)), clicks=1, impressions=1, position=1)]),
            "outputs_missing",
            "holds 10 days of figures",
        ),
    ],
)
async def test_traffic_that_cannot_be_had_takes_all_outputs_with_its_reason(
    google: ScriptedGoogle, decay: Caller, reply: Reply, reason: str, said: str
) -> None:
    google.search = lambda question: reply
    result = await decay.result(**SMOKE)
    assert sorted(result["missing"]) == OUTPUTS
    assert {gap["reason"] for gap in result["missing"].values()} == {reason}
    assert said in result["missing"]["decay_signals"]["message"]


async def test_a_property_of_another_name_is_refused_before_it_is_asked_for_figures(
    google: ScriptedGoogle, decay: Caller
) -> None:
    google.sites = owned("https://www.example.com/")
    gap = (await decay.result(**SMOKE))["missing"]["decay_signals"]
    assert "Enter that as the Search Console property" in gap["message"]
    assert google.questions == []
