"""Search Console, Analytics and the token endpoint: wire format, paging, data that agrees with its truth."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from google.auth import crypt, jwt

from hermes_sandbox.providers import GA4_PROPERTY
from hermes_sandbox.providers.keys import Keys
from tests.support.stand_ins import SITE, TODAY, Served, serve_stand_ins

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/"
END = TODAY - timedelta(3)
START = END - timedelta(6)


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_stand_ins() as found:
        yield found


def signed(secret: dict[str, Any], **changed: Any) -> str:
    """An assertion that the official library signs."""
    now = int(time.time())
    claims = {"iss": secret["client_email"], "aud": secret["token_uri"], "iat": now}
    scope = f"{SCOPE}webmasters.readonly {SCOPE}analytics.readonly"
    claims |= {"exp": now + 3600, "scope": scope, **changed}
    return jwt.encode(crypt.RSASigner.from_service_account_info(secret), claims).decode()


async def token(served: Served, assertion: str) -> tuple[int, Any]:
    asked = {"grant_type": GRANT, "assertion": assertion}
    return await served.post("/google_oauth/token", data=asked)


async def bearer(served: Served, **changed: Any) -> dict[str, str]:
    status, told = await token(served, signed(served.secrets["HERMES_PROVIDER_GOOGLE"], **changed))
    assert (status, told["token_type"], told["expires_in"]) == (200, "Bearer", 3599)
    return {"Authorization": f"Bearer {told['access_token']}"}


async def query(served: Served, *, site: str = f"{SITE}/", **asked: Any) -> tuple[int, Any]:
    path = f"/gsc/webmasters/v3/sites/{quote(site, safe='')}/searchAnalytics/query"
    body = {"startDate": str(START), "endDate": str(END), **asked}
    return await served.post(path, json=body, headers=await bearer(served))


async def report(served: Served, place: str = GA4_PROPERTY, **asked: Any) -> tuple[int, Any]:
    body = {
        "dateRanges": [{"startDate": str(START), "endDate": str(END)}],
        "metrics": [{"name": name} for name in ("sessions", "totalUsers", "keyEvents")],
        **asked,
    }
    path = f"/ga4/v1beta/properties/{place}:runReport"
    return await served.post(path, json=body, headers=await bearer(served))


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"iss": "someone@else.iam.gserviceaccount.com"}, "invalid_grant", "account not found"),
        ({"aud": "https://login.example/token"}, "invalid_grant", "audience"),
        ({"iat": 1_700_000_000, "exp": 1_700_003_600}, "invalid_grant", "short-lived token"),
        ({"exp": int(time.time()) + 90_000}, "invalid_grant", "short-lived token"),
        ({"scope": f"{SCOPE}drive"}, "invalid_scope", "scope"),
        ({"scope": ""}, "invalid_scope", "scope"),
    ],
)
async def test_an_assertion_that_claims_wrong_is_no_grant(
    served: Served, changed: dict[str, Any], error: str, said: str
) -> None:
    secret = served.secrets["HERMES_PROVIDER_GOOGLE"]
    status, told = await token(served, signed(secret, **changed))
    assert (status, told["error"]) == (400, error)
    assert said in told["error_description"]


async def test_only_the_generated_key_signs_for_the_account(served: Served) -> None:
    secret = served.secrets["HERMES_PROVIDER_GOOGLE"]
    forged = signed({**secret, "private_key": Keys().google_pem()})
    assert (await token(served, forged))[1]["error_description"] == "Invalid JWT Signature."


async def test_an_unsigned_assertion_is_refused(served: Served) -> None:
    _head, claims, _signature = signed(served.secrets["HERMES_PROVIDER_GOOGLE"]).split(".")
    head = urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    assert (await token(served, f"{head}.{claims}."))[0] == 400
    assert (await token(served, "no.token"))[1]["error"] == "invalid_grant"


async def test_googles_own_name_for_the_endpoint_is_an_audience_too(served: Served) -> None:
    await bearer(served, aud="https://oauth2.googleapis.com/token")


async def test_a_refresh_token_is_a_grant_too(served: Served) -> None:
    user = served.stand_ins.oauth_user(served.base)
    asked = {name: user[name] for name in ("client_id", "client_secret", "refresh_token")}
    asked["grant_type"] = "refresh_token"
    status, told = await served.post(user["token_uri"], data=asked)
    assert status == 200
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    assert (await served.get("/gsc/webmasters/v3/sites", headers=headers))[0] == 200
    status, told = await served.post(user["token_uri"], data={**asked, "refresh_token": "1//old"})
    assert (status, told["error"]) == (400, "invalid_grant")
    status, told = await served.post(user["token_uri"], data={**asked, "client_secret": "x"})
    assert (status, told["error"]) == (401, "invalid_client")


async def test_a_token_opens_only_what_it_was_asked_for(served: Served) -> None:
    headers = await bearer(served, scope=f"{SCOPE}analytics.readonly")
    status, told = await served.get("/gsc/webmasters/v3/sites", headers=headers)
    assert status == 403
    assert told["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


async def test_properties_are_listed_with_what_one_may_do(served: Served) -> None:
    _status, told = await served.get("/gsc/webmasters/v3/sites", headers=await bearer(served))
    assert told["siteEntry"][0] == {"siteUrl": f"{SITE}/", "permissionLevel": "siteOwner"}
    assert told["siteEntry"][1]["permissionLevel"] == "siteUnverifiedUser"


async def test_totals_come_in_one_row_without_keys_and_match_the_truth(served: Served) -> None:
    status, told = await query(served)
    assert (status, told["responseAggregationType"]) == (200, "byProperty")
    (row,) = told["rows"]
    assert row == pytest.approx(served.stand_ins.truth.search(START, END)._asdict())
    assert isinstance(row["clicks"], float)


async def test_queries_add_up_to_less_than_the_totals_by_the_anonymised_ones(
    served: Served,
) -> None:
    _status, told = await query(served, dimensions=["query"], rowLimit=25_000)
    known = served.stand_ins.truth
    listed = sum(row["impressions"] for row in told["rows"])
    hidden = known.anonymised(START, END).impressions
    assert hidden > 0
    assert listed + hidden == known.search(START, END).impressions
    clicks = [row["clicks"] for row in told["rows"]]
    assert clicks == sorted(clicks, reverse=True)


async def test_pages_add_up_to_the_totals(served: Served) -> None:
    _status, told = await query(served, dimensions=["page"])
    assert told["responseAggregationType"] == "byPage"
    totals = served.stand_ins.truth.search(START, END)
    assert sum(row["clicks"] for row in told["rows"]) == totals.clicks
    assert all(row["keys"][0].startswith(f"{SITE}/") for row in told["rows"])


async def test_rows_by_date_are_in_the_order_of_the_dates(served: Served) -> None:
    _status, told = await query(served, dimensions=["date", "page"], rowLimit=25_000)
    dates = [row["keys"][0] for row in told["rows"]]
    assert dates == sorted(dates)
    assert len(set(dates)) == 7


async def test_paging_gives_every_row_once(served: Served) -> None:
    asked: dict[str, Any] = {"dimensions": ["page", "query"]}
    _status, whole = await query(served, **asked, rowLimit=25_000)
    rows = list[Any]()
    for start in range(0, len(whole["rows"]) + 10, 10):
        _status, part = await query(served, **asked, rowLimit=10, startRow=start)
        rows += part.get("rows", [])
    assert rows == whole["rows"]


async def test_filters_keep_what_they_say(served: Served) -> None:
    page = served.stand_ins.truth.pages("seasonal")[0]

    async def filtered(**told: str) -> Any:
        groups = [{"filters": [told]}]
        return (await query(served, dimensions=["page"], dimensionFilterGroups=groups))[1]["rows"]

    (row,) = await filtered(dimension="page", expression=page)
    assert row["clicks"] == served.stand_ins.truth.search(START, END, page).clicks
    others = await filtered(dimension="page", operator="notEquals", expression=page)
    assert page not in {row["keys"][0] for row in others}
    assert len(others) == 12
    services = await filtered(
        dimension="page", operator="includingRegex", expression="/services/[a-c]"
    )
    assert all("/services/" in row["keys"][0] for row in services)
    assert len(services) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"rowLimit": 25_001},
        {"rowLimit": 0},
        {"startRow": -1},
        {"dimensions": ["weather"]},
        {"startDate": "last week"},
        {"startDate": str(END), "endDate": str(START)},
        {"dimensionFilterGroups": [{"filters": [{"dimension": "page", "operator": "near", "expression": "x"}]}]},
        {"dimensionFilterGroups": [{"filters": [{"dimension": "page", "operator": "includingRegex", "expression": "("}]}]},
        {"dimensionFilterGroups": ["page"]},
    ],
)  # fmt: skip
async def test_a_query_that_is_none_is_a_400(served: Served, asked: dict[str, Any]) -> None:
    status, told = await query(served, **asked)
    assert (status, told["error"]["status"]) == (400, "INVALID_ARGUMENT")


async def test_final_figures_lag_and_fresh_ones_reach_to_yesterday(served: Served) -> None:
    days: dict[str, Any] = {
        "startDate": str(TODAY - timedelta(5)),
        "endDate": str(TODAY),
        "dimensions": ["date"],
    }
    _status, final = await query(served, **days)
    _status, fresh = await query(served, **days, dataState="all")
    assert final["rows"][-1]["keys"] == [str(TODAY - timedelta(3))]
    assert fresh["rows"][-1]["keys"] == [str(TODAY - timedelta(1))]


async def test_nothing_found_leaves_the_rows_out(served: Served) -> None:
    _status, told = await query(served, startDate="2020-01-01", endDate="2020-01-31")
    assert told == {"responseAggregationType": "byProperty"}
    await served.switch("gsc", "empty")
    assert "rows" not in (await query(served))[1]


async def test_the_other_form_of_a_property_is_another_property(served: Served) -> None:
    status, told = await query(served, site="sc-domain:127.0.0.1")
    assert status == 403
    assert told["error"]["errors"][0]["reason"] == "forbidden"
    assert told["error"]["message"].startswith(
        "User does not have sufficient permission for site 'sc-domain:127.0.0.1'."
    )


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("forbidden", 403, "sufficient permission"),
        ("quota", 403, "load quota exceeded"),
        ("rate_limited", 429, "queries per minute"),
        ("api_disabled", 403, "has not been used in project"),
        ("server_error", 500, "Backend Error"),
        ("unavailable", 503, "unavailable"),
    ],
)
async def test_faults_of_search_console(served: Served, fault: str, status: int, said: str) -> None:
    await served.switch("gsc", fault)
    found, told = await query(served)
    assert (found, told["error"]["code"]) == (status, status)
    assert said in told["error"]["message"]


async def test_an_inspected_address_is_known_or_not(served: Served) -> None:
    async def verdict(url: str) -> str:
        asked = {"siteUrl": f"{SITE}/", "inspectionUrl": url}
        path = "/gsc/v1/urlInspection/index:inspect"
        _status, told = await served.post(path, json=asked, headers=await bearer(served))
        return told["inspectionResult"]["indexStatusResult"]["verdict"]

    assert await verdict(f"{SITE}/") == "PASS"
    assert await verdict(f"{SITE}/nowhere") == "NEUTRAL"


async def test_a_report_has_text_values_and_matches_the_truth(served: Served) -> None:
    status, told = await report(served, returnPropertyQuota=True)
    assert status == 200
    counted = served.stand_ins.truth.analytics(START, END)
    assert told["metricHeaders"][0] == {"name": "sessions", "type": "TYPE_INTEGER"}
    assert told["rows"] == [{"metricValues": [{"value": str(each)} for each in counted[:3]]}]
    assert (told["rowCount"], told["kind"]) == (1, "analyticsData#runReport")
    assert told["metadata"] == {"currencyCode": "USD", "timeZone": "America/Los_Angeles"}
    assert told["propertyQuota"]["tokensPerDay"] == {"consumed": 1, "remaining": 199_999}


async def test_users_of_days_add_up_to_more_than_users_of_the_week(served: Served) -> None:
    long = [{"startDate": str(END - timedelta(27)), "endDate": str(END)}]
    _status, daily = await report(served, dimensions=[{"name": "date"}], dateRanges=long)
    _status, whole = await report(served, dateRanges=long)
    sums = [sum(int(row["metricValues"][at]["value"]) for row in daily["rows"]) for at in range(3)]
    totals = [int(each["value"]) for each in whole["rows"][0]["metricValues"]]
    assert daily["rowCount"] == 28
    assert sums[0] == totals[0]
    assert sums[1] > totals[1]
    assert sums[2] == totals[2]


async def test_landing_pages_are_ordered_paged_and_add_up(served: Served) -> None:
    pages: dict[str, Any] = {"dimensions": [{"name": "landingPage"}]}
    _status, whole = await report(served, **pages)
    sessions = [int(row["metricValues"][0]["value"]) for row in whole["rows"]]
    assert sessions == sorted(sessions, reverse=True)
    assert sum(sessions) == served.stand_ins.truth.analytics(START, END).sessions
    _status, part = await report(served, **pages, limit="3", offset="2")
    assert part["rows"] == whole["rows"][2:5]
    assert part["rowCount"] == len(whole["rows"])
    rising = [{"metric": {"metricName": "sessions"}, "desc": False}]
    _status, turned = await report(served, **pages, orderBys=rising)
    assert turned["rows"][0]["metricValues"] == whole["rows"][-1]["metricValues"]


async def test_two_ranges_come_apart_by_an_added_dimension(served: Served) -> None:
    ranges = [
        {"startDate": "8daysAgo", "endDate": "2daysAgo", "name": "now"},
        {"startDate": "15daysAgo", "endDate": "9daysAgo"},
    ]
    _status, told = await report(served, dateRanges=ranges)
    names = {row["dimensionValues"][0]["value"] for row in told["rows"]}
    assert names == {"now", "date_range_1"}
    assert told["dimensionHeaders"] == [{"name": "dateRange"}]


@pytest.mark.parametrize(
    ("place", "asked", "status", "said"),
    [
        ("G-ABC123", {}, 400, "numeric Property ID"),
        ("UA-12-1", {}, 400, "numeric Property ID"),
        ("999", {}, 403, "sufficient permissions for this property"),
        (GA4_PROPERTY, {"metrics": [{"name": "conversions"}]}, 400, "Field conversions is not a valid metric"),
        (GA4_PROPERTY, {"dateRanges": []}, 400, "dateRange"),
        (GA4_PROPERTY, {"dateRanges": [{"startDate": "soon", "endDate": "today"}]}, 400, "Invalid date"),
        (GA4_PROPERTY, {"dimensionFilter": {"filter": {}}}, 400, "does not do dimensionFilter"),
        (GA4_PROPERTY, {"limit": "many"}, 400, "TYPE_INT64"),
        (GA4_PROPERTY, {"metrics": ["sessions"]}, 400, ""),
    ],
)  # fmt: skip
async def test_a_report_that_is_none_says_why(
    served: Served, place: str, asked: dict[str, Any], status: int, said: str
) -> None:
    found, told = await report(served, place, **asked)
    assert found == status
    assert said in told["error"]["message"]


@pytest.mark.parametrize(
    ("fault", "status", "word"),
    [
        ("forbidden", 403, "PERMISSION_DENIED"),
        ("api_disabled", 403, "PERMISSION_DENIED"),
        ("quota", 429, "RESOURCE_EXHAUSTED"),
        ("server_error", 500, "INTERNAL"),
        ("unavailable", 503, "UNAVAILABLE"),
    ],
)
async def test_faults_of_analytics(served: Served, fault: str, status: int, word: str) -> None:
    await served.switch("ga4", fault)
    found, told = await report(served)
    assert (found, told["error"]["status"]) == (status, word)


async def test_doubts_about_a_report_are_told_in_its_metadata(served: Served) -> None:
    await served.switch("ga4", "thresholded")
    _status, told = await report(served)
    assert told["metadata"]["subjectToThresholding"] is True
    assert "rows" not in told
    await served.switch("ga4", "sampled")
    _status, told = await report(served)
    assert told["metadata"]["samplingMetadatas"][0]["samplesReadCount"] == "5000"
    await served.switch("ga4", "empty")
    assert not {"rows", "rowCount"} & set((await report(served))[1])


@pytest.mark.parametrize("fault", ["invalid_grant", "account_not_found", "clock_skew", "revoked"])
async def test_faults_of_the_token_endpoint(served: Served, fault: str) -> None:
    await served.switch("google_oauth", fault)
    status, told = await token(served, signed(served.secrets["HERMES_PROVIDER_GOOGLE"]))
    assert (status, told["error"]) == (400, "invalid_grant")
