"""Search Console and GA4 as scripted replies in Google's own form, read by the worker over HTTP."""

import base64
import json
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hermes_fleet import google_data_connector
from hermes_fleet.google.key import NAME
from hermes_fleet.google_data_connector import worker
from hermes_fleet.providers import SANDBOX_FILE
from tests.hermes_fleet.google.support import (
    ACCOUNT,
    GA4,
    PROPERTY,
    SITE,
    TOKEN,
    Caller,
    Question,
    Reply,
    ScriptedGoogle,
    called,
    owned,
    refusal,
    report,
    row,
    serving,
)

SETTINGS = {"gsc_site": PROPERTY, "ga4_property": GA4}
SMOKE = {"mode": "smoke", "site": SITE, "settings": SETTINGS, "days": 7, "row_limit": 2}
SEARCH = ["gsc_clicks", "gsc_ctr", "gsc_impressions", "gsc_pages", "gsc_position", "gsc_queries"]
VISITS = ["ga4_conversions", "ga4_sessions", "ga4_users"]


@pytest.fixture
async def google(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[ScriptedGoogle]:
    script = ScriptedGoogle(search=figures)
    async with serving(script.app()) as script.base:
        monkeypatch.setenv(NAME, script.secret())
        monkeypatch.delenv(SANDBOX_FILE, raising=False)
        yield script


@pytest.fixture
async def connector(tmp_path: Path) -> AsyncGenerator[Caller]:
    async with called(worker, tmp_path / "state") as caller:
        yield caller


def figures(question: Question) -> Reply:
    """100 clicks in all, of which the named queries make 80."""
    days = [question["startDate"], question["endDate"]]
    found = {
        (): [row(clicks=100, impressions=2000, position=7.25)],
        ("query",): [
            row("whitening", clicks=60, impressions=900, position=4.5),
            row("implants", clicks=20, impressions=300, position=9),
        ],
        ("page",): [row(f"{SITE}/a", clicks=100, impressions=2000, position=7.25)],
        ("date", "page"): [
            row(day, f"{SITE}/a", clicks=3, impressions=50, position=7.21)
            for day in days[: len(set(days))]
        ],
    }[tuple(question["dimensions"])]
    return 200, {"rows": found[: question["rowLimit"]], "responseAggregationType": "auto"}


async def test_totals_come_from_a_question_without_dimensions(
    google: ScriptedGoogle, connector: Caller
) -> None:
    result = await connector.result(**SMOKE)
    outputs = result["outputs"]
    assert {slug: outputs[slug] for slug in SEARCH if slug not in ("gsc_queries", "gsc_pages")} == {
        "gsc_clicks": 100,
        "gsc_impressions": 2000,
        "gsc_ctr": 0.05,
        "gsc_position": 7.25,
    }
    assert [outputs[slug] for slug in VISITS] == [4, 120, 90]
    assert set(result["provenance"].values()) == {"provider"}
    assert result["missing"] == {}
    (totals,) = google.asked()
    assert (totals["type"], totals["dataState"]) == ("web", "final")
    assert google.places.count(PROPERTY) == 4


async def test_the_period_ends_three_days_ago_and_the_figures_say_what_they_mean(
    google: ScriptedGoogle, connector: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before_midnight = datetime(2026, 11, 21, 7, 59, 59, tzinfo=UTC)  # in Los Angeles
    monkeypatch.setattr(google_data_connector, "utc_now", lambda: just_before_midnight)
    result = await connector.result(**SMOKE)
    told = result["metrics"]
    first, last = (date.fromisoformat(told["gsc"][n]) for n in ("first_day", "last_day"))
    assert (last - first).days == 6
    assert last == date(2026, 11, 17)
    assert told["gsc"]["time_zone"] == "America/Los_Angeles"
    assert told["gsc"]["data_state"] == "final"
    assert told["ga4"]["time_zone"] == "Europe/Berlin"
    assert told["ga4"]["thresholded"] is False
    assert told["ga4"]["tokens_left_today"] == 199_999
    assert told["requests"] == len(google.questions) + len(google.grants) + 1 == 7
    assert told["items"] == 3


async def test_a_list_that_is_cut_is_not_complete_and_hides_the_anonymised_share(
    google: ScriptedGoogle, connector: Caller
) -> None:
    cut = await connector.result(**SMOKE)
    whole = await connector.result(**{**SMOKE, "row_limit": 5})
    assert cut["outputs"]["gsc_queries"]["complete"] is False
    assert cut["metrics"]["gsc"]["anonymised_clicks_share"] is None
    assert whole["outputs"]["gsc_queries"] == {
        "count": 2,
        "items": [
            {
                "query": "whitening",
                "clicks": 60,
                "impressions": 900,
                "ctr": 0.066667,
                "position": 4.5,
            },
            {
                "query": "implants",
                "clicks": 20,
                "impressions": 300,
                "ctr": 0.066667,
                "position": 9.0,
            },
        ],
        "complete": True,
    }
    assert whole["metrics"]["gsc"]["anonymised_clicks_share"] == 0.2


async def test_no_rows_are_honest_zeros_but_no_position(
    google: ScriptedGoogle, connector: Caller
) -> None:
    google.search = lambda question: (200, {"responseAggregationType": "byProperty"})
    google.visits = report()
    result = await connector.result(**SMOKE)
    assert result["outputs"] == {
        "gsc_impressions": 0,
        "gsc_clicks": 0,
        "gsc_queries": {"count": 0, "items": [], "complete": True},
        "gsc_pages": {"count": 0, "items": [], "complete": True},
        "ga4_sessions": 0,
        "ga4_users": 0,
        "ga4_conversions": 0,
    }
    assert sorted(result["missing"]) == ["gsc_ctr", "gsc_position"]
    assert "not shown in Google search" in result["missing"]["gsc_position"]["message"]


async def test_figures_that_ga4_withheld_are_missing_and_no_zeros(
    google: ScriptedGoogle, connector: Caller
) -> None:
    google.visits = report(subjectToThresholding=True)
    result = await connector.result(**SMOKE)
    assert sorted(result["missing"]) == VISITS
    assert "withheld" in result["missing"]["ga4_users"]["message"]
    assert result["metrics"]["ga4"]["thresholded"] is True


async def test_figures_of_ga4_are_read_by_name_and_may_be_fractions(
    google: ScriptedGoogle, connector: Caller
) -> None:
    names = [{"name": name} for name in ("keyEvents", "sessions", "totalUsers")]
    values = [{"value": value} for value in ("2.5", "70", "60")]
    google.visits = 200, {"metricHeaders": names, "rows": [{"metricValues": values}]}
    outputs = (await connector.result(**SMOKE))["outputs"]
    assert [outputs[slug] for slug in VISITS] == [2.5, 70, 60]


@pytest.mark.parametrize(
    ("reply", "reason", "said"),
    [
        (
            refusal(403, "User does not have sufficient permission for site 'x'.", "forbidden"),
            "forbidden_403",
            "Search Console property not found: check sc-domain or URL prefix",
        ),
        (refusal(404, "Not found", "notFound"), "wrong_endpoint_404", "property not found"),
        (refusal(403, "Load quota exceeded.", "quotaExceeded"), "quota_exceeded", "15 minutes"),
        (refusal(429, "Slow down", "rateLimitExceeded"), "rate_limited", "limiting requests"),
        (refusal(403, "Too fast", "userRateLimitExceeded"), "rate_limited", "limiting requests"),
        (
            refusal(
                429, "Quota exceeded for limit 'queries per minute'", status="RESOURCE_EXHAUSTED"
            ),
            "rate_limited",
            "limiting requests",
        ),
        (refusal(403, "It is disabled.", "accessNotConfigured"), "forbidden_403", "switched off"),
        (refusal(401, "Invalid Credentials", "authError"), "auth_401", "did not accept the token"),
        (refusal(503, "Backend Error", "backendError"), "server_error_5xx", "failed with 503"),
        (refusal(400, "Bad date", "invalidParameter"), "worker_failed", "Bad date"),
        ((502, "<h1>Bad Gateway</h1>"), "server_error_5xx", "failed with 502"),
        ((200, "<!doctype html><title>App</title>"), "html_app_shell", "an HTML page"),
        ((200, {"rows": [{"clicks": 3}]}), "malformed_reply", "rows.0.impressions"),
        (
            (200, {"rows": [row("x", clicks=1, impressions=1, position=1)]}),
            "malformed_reply",
            "key",
        ),
        (
            (200, {"rows": [{"clicks": 1, "impressions": -1, "position": 1}]}),
            "malformed_reply",
            "greater than or equal to 0",
        ),
        ((302, ""), "redirect", "does not follow"),
        (
            (
                200,
                {"error": {"code": 403, "message": "inside", "errors": [{"reason": "forbidden"}]}},
            ),
            "forbidden_403",
            "inside",
        ),
    ],
)
async def test_what_search_console_says_becomes_a_reason_and_ga4_goes_on(
    google: ScriptedGoogle, connector: Caller, reply: Reply, reason: str, said: str
) -> None:
    google.search = lambda question: reply
    result = await connector.result(**SMOKE)
    assert sorted(result["missing"]) == SEARCH
    assert {gap["reason"] for gap in result["missing"].values()} == {reason}
    assert said in result["missing"]["gsc_clicks"]["message"]
    assert sorted(result["outputs"]) == VISITS
    assert result.get("artifacts", {}) == {}


@pytest.mark.parametrize(
    ("reply", "reason", "said"),
    [
        (
            refusal(403, "User does not have sufficient permissions.", status="PERMISSION_DENIED"),
            "forbidden_403",
            f"The service account {ACCOUNT} may not read this GA4 property ({GA4}): add it as Viewer",
        ),
        (
            refusal(429, "Exhausted property tokens per day.", status="RESOURCE_EXHAUSTED"),
            "quota_exceeded",
            "midnight Pacific",
        ),
        (refusal(500, "Internal", status="INTERNAL"), "server_error_5xx", "failed with 500"),
        (report("many", "1", "2"), "malformed_reply", "sessions is 'many'"),
        (report("1", "nan", "2"), "malformed_reply", "totalUsers is 'nan'"),
        ((200, {"rows": [{"metricValues": [{"value": "1"}]}]}), "malformed_reply", "no sessions"),
        ((200, "not json at all"), "not_json", "not JSON"),
    ],
)
async def test_what_ga4_says_becomes_a_reason_and_search_goes_on(
    google: ScriptedGoogle, connector: Caller, reply: Reply, reason: str, said: str
) -> None:
    google.visits = reply
    result = await connector.result(**SMOKE)
    assert sorted(result["missing"]) == VISITS
    assert {gap["reason"] for gap in result["missing"].values()} == {reason}
    assert said in result["missing"]["ga4_sessions"]["message"]
    assert sorted(result["outputs"]) == SEARCH


async def test_a_list_that_fails_leaves_the_totals(
    google: ScriptedGoogle, connector: Caller
) -> None:
    def only_totals(question: Question) -> Reply:
        at_its_limit = refusal(403, "Quota exceeded", "quotaExceeded")
        return at_its_limit if question["dimensions"] == ["query"] else figures(question)

    google.search = only_totals
    result = await connector.result(**SMOKE)
    assert list(result["missing"]) == ["gsc_queries"]
    assert result["outputs"]["gsc_pages"]["count"] == 1


async def test_the_property_that_the_key_may_read_is_named(
    google: ScriptedGoogle, connector: Caller
) -> None:
    google.sites = owned("https://www.example.com/", "https://other.example/")
    said = (await connector.result(**SMOKE))["missing"]["gsc_clicks"]
    assert said["reason"] == "forbidden_403"
    assert (
        "It has access to https://www.example.com/. Enter that as the Search Console property."
        in said["message"]
    )
    assert "other.example" not in said["message"]
    assert google.asked() == []


async def test_an_unverified_property_is_said_to_be_one(
    google: ScriptedGoogle, connector: Caller
) -> None:
    google.sites = owned(PROPERTY, level="siteUnverifiedUser")
    said = (await connector.result(**SMOKE))["missing"]["gsc_clicks"]["message"]
    assert "is not verified for the Search Console property sc-domain:example.com" in said


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (
            (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}),
            "auth_401",
        ),
        ((401, {"error": "invalid_client"}), "auth_401"),
        ((500, "oops"), "server_error_5xx"),
        ((429, {"error": "rate_limited"}), "rate_limited"),
        ((200, {"token_type": "Bearer"}), "malformed_reply"),
        ((200, "<html>"), "malformed_reply"),
    ],
)
async def test_a_refused_sign_in_leaves_no_figure(
    google: ScriptedGoogle, connector: Caller, reply: Reply, reason: str
) -> None:
    google.sign_in = reply
    result = await connector.result(**SMOKE)
    assert result["outputs"] == {}
    assert {gap["reason"] for gap in result["missing"].values()} == {reason}
    assert google.questions == []


async def test_a_service_account_signs_for_both_apis_and_asks_for_one_token(
    google: ScriptedGoogle, connector: Caller
) -> None:
    await connector.result(**SMOKE)
    (grant,) = google.grants
    claims = json.loads(base64.urlsafe_b64decode(grant["assertion"].split(".")[1] + "=="))
    assert grant["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert (claims["iss"], claims["aud"]) == (ACCOUNT, f"{google.base}/token")
    assert claims["exp"] - claims["iat"] == 3600
    assert [scope.rpartition("/")[2] for scope in claims["scope"].split()] == [
        "webmasters.readonly",
        "analytics.readonly",
    ]


async def test_a_refresh_token_opens_google_too(
    google: ScriptedGoogle, connector: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"client_id": "c", "client_secret": "s3cret-s3cret", "refresh_token": "1//refresh"}
    monkeypatch.setenv(NAME, google.secret(**own))
    google.visits = refusal(403, "s3cret-s3cret 1//refresh " + TOKEN, status="PERMISSION_DENIED")
    result = await connector.result(**SMOKE)
    assert google.grants == [{"grant_type": "refresh_token", **own}]
    assert result["outputs"]["gsc_clicks"] == 100
    said = result["missing"]["ga4_sessions"]["message"]
    assert "The Google account of the refresh token may not read" in said
    assert not any(secret in json.dumps(result) for secret in ("s3cret", "1//refresh", TOKEN))


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("just-a-key", "has the wrong content"),
        ('{"client_email": "a@b"}', "has no field private_key"),
        ('{"client_email": "a@b", "private_key": "-----BEGIN nothing"}', "not an RSA key in PEM"),
        ('{"refresh_token": "1//x"}', "has no field client_id"),
    ],
)
async def test_a_secret_that_is_no_key_says_what_it_lacks(
    connector: Caller, monkeypatch: pytest.MonkeyPatch, secret: str, said: str
) -> None:
    monkeypatch.setenv(NAME, secret)
    error = (await connector.end(**SMOKE))["error"]
    assert error["code"] == "missing_config"
    assert said in error["message"]
    assert "1//x" not in error["message"]


@pytest.mark.usefixtures("google")
async def test_without_a_credential_there_is_no_figure_anywhere(
    connector: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NAME)
    result = await connector.result(**SMOKE)
    assert result["outputs"] == {}
    assert result["metrics"] == {}
    assert sorted(result["missing"]) == sorted(SEARCH + VISITS)
    assert {gap["reason"] for gap in result["missing"].values()} == {"missing_config"}
    assert NAME in result["missing"]["ga4_users"]["message"]


@pytest.mark.parametrize(
    ("settings", "missing", "said"),
    [
        ({"ga4_property": GA4}, SEARCH, "The Search Console property (gsc_site) is not set."),
        (
            {"gsc_site": None, "ga4_property": GA4},
            SEARCH,
            "The Search Console property (gsc_site) is not set.",
        ),
        ({"gsc_site": PROPERTY}, VISITS, "The GA4 property (ga4_property) is not set."),
        ({"gsc_site": "example.com", "ga4_property": GA4}, SEARCH, "sc-domain:example.com for"),
        (
            {"gsc_site": ["x"], "ga4_property": GA4},
            SEARCH,
            "The Search Console property (gsc_site) is not text.",
        ),
        ({"gsc_site": PROPERTY, "ga4_property": "UA-123-1"}, VISITS, "old Universal Analytics ID"),
        ({"gsc_site": PROPERTY, "ga4_property": "G-ABC123"}, VISITS, "a measurement ID"),
        (None, SEARCH + VISITS, "is not set"),
    ],
)
async def test_a_setting_that_cannot_be_used_is_named_and_the_other_half_goes_on(
    google: ScriptedGoogle,
    connector: Caller,
    settings: dict[str, Any] | None,
    missing: list[str],
    said: str,
) -> None:
    result = await connector.result(**{**SMOKE, "settings": settings})
    assert sorted(result["missing"]) == sorted(missing)
    assert {gap["reason"] for gap in result["missing"].values()} == {"missing_config"}
    assert said in result["missing"][missing[0]]["message"]
    asked_of_google = {place for place in google.places if place not in (PROPERTY, GA4)}
    assert asked_of_google == set()


async def test_a_full_run_keeps_sixteen_months_in_steps_newest_first(
    google: ScriptedGoogle, connector: Caller
) -> None:
    result = await connector.result(**{**SMOKE, "mode": "full", "days": 28, "row_limit": 1000})
    history = result["artifacts"]["gsc_history"]
    steps = google.asked("date", "page")
    assert [step["endDate"] for step in steps] == sorted(
        (step["endDate"] for step in steps), reverse=True
    )
    first, last = (date.fromisoformat(history[n]) for n in ("first_day", "last_day"))
    assert (last - first).days + 1 == 486
    assert history["gsc_site"] == PROPERTY
    assert history["complete"] is True
    cells = history["pages"][f"{SITE}/a"]
    assert cells[0] == [0, 3, 50, 7.2]
    assert cells[-1] == [485, 3, 50, 7.2]
    assert result["metrics"]["history"] == {
        "first_day": str(first), "last_day": str(last), "days": 486, "pages": 1, "complete": True,
    }  # fmt: skip


async def test_a_history_that_breaks_off_keeps_the_whole_newest_steps(
    google: ScriptedGoogle, connector: Caller
) -> None:
    def broken(question: Question) -> Reply:
        if question["dimensions"] == ["date", "page"] and len(google.asked("date", "page")) > 3:
            return refusal(403, "Load quota exceeded", "quotaExceeded")
        return figures(question)

    google.search = broken
    result = await connector.result(**{**SMOKE, "mode": "full"})
    assert result["missing"] == {}
    told = result["metrics"]["history"]
    assert (told["days"], told["pages"]) == (84, 1)
    assert told["trouble"].startswith("quota_exceeded: ")


def crowded(question: Question) -> Reply:
    """As many pages on one day as one answer holds."""
    if question["dimensions"] != ["date", "page"]:
        return figures(question)
    pages = range(question["rowLimit"])
    one = row(question["endDate"], "/page", clicks=1, impressions=9, position=3)
    return 200, {"rows": [one for _page in pages]}


async def test_a_history_too_long_for_a_smoke_run_is_left_out_and_not_cut(
    google: ScriptedGoogle, connector: Caller
) -> None:
    google.search = crowded
    result = await connector.result(**SMOKE)
    assert result["metrics"]["history"] == {"days": 0}
    assert "artifacts" not in result
    assert result["missing"] == {}


async def test_a_provider_that_is_away_is_told_so(
    google: ScriptedGoogle, connector: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = {"searchconsole": "http://127.0.0.1:1", "analyticsdata": google.base}
    monkeypatch.setenv(NAME, google.secret(base_urls=roots))
    result = await connector.result(**SMOKE)
    assert result["missing"]["gsc_clicks"]["reason"] == "connect_refused"
    assert result["outputs"]["ga4_sessions"] == 120
