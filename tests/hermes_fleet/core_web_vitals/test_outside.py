"""What Google knows: the documented wire formats, every fault, and keys that never show."""

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes_fleet.core_web_vitals.conditions import METHOD
from hermes_fleet.core_web_vitals.outside import outside
from hermes_sandbox.providers.stand_ins import StandIns
from tests.hermes_fleet.core_web_vitals.support import (
    Google,
    google,
    monitor,
    planted,
    served,
)
from tests.support.stand_ins import keys

KEY = "AIza-secret-for-tests"
HOME = "https://www.example.com/"
SECRETS = ("HERMES_PROVIDER_CRUX", "HERMES_PROVIDER_PSI")


@pytest.fixture
async def answers(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Google]:
    found = Google()
    async with google(found) as base:
        for name in SECRETS:
            monkeypatch.setenv(name, json.dumps({"key": KEY, "base_url": base}))
        yield found


def error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": "SOME"}}


async def test_the_chrome_report_is_read_as_documented(answers: Google) -> None:
    found = (await outside(HOME, HOME))["field"]
    assert found == {
        "env": "field", "provenance": "provider", "of": "origin", "form_factor": "phone",
        "p75": {"lcp": 2210, "cls": 0.05, "inp": 190}, "period": ["2026-10-20", "2026-11-16"],
    }  # fmt: skip
    asked = next(each for each in answers.asked if each["path"] == "/v1/records:queryRecord")
    assert asked["body"] == {"origin": "https://www.example.com", "formFactor": "PHONE"}
    assert asked["query"] == {"key": KEY}


async def test_page_speed_insights_is_read_as_documented(answers: Google) -> None:
    found = (await outside(HOME, HOME))["page_speed_insights"]
    assert found["lab"]["score"] == 87
    assert found["lab"]["figures"] == {"lcp": 2711.5, "cls": 0.02}
    assert found["lab"]["method"] == "lighthouse 13.0.1, mobile, run by Google"
    assert found["field"] == {"env": "field", "p75": {"lcp": 2300, "cls": 0.12}, "of": "origin"}
    asked = next(each for each in answers.asked if each["path"].endswith("/runPagespeed"))
    assert (asked["query"]["url"], asked["query"]["strategy"]) == (HOME, "MOBILE")


@pytest.mark.parametrize(
    ("status", "document", "reason"),
    [
        (400, error(400, "API key not valid. Please pass a valid API key."), "auth_401"),
        (401, error(401, "Request had invalid credentials."), "auth_401"),
        (403, error(403, "API has not been used in project 1 before"), "forbidden_403"),
        (429, error(429, "Quota exceeded for limit 'Queries per day'"), "quota_exceeded"),
        (429, error(429, "Quota exceeded for limit 'Queries per minute'"), "rate_limited"),
        (500, error(500, "Unable to process request"), "server_error_5xx"),
        (400, error(400, "Lighthouse returned error: FAILED_DOCUMENT_REQUEST."), "worker_failed"),
        (302, {}, "worker_failed"),
        (200, "<html>a portal</html>", "not_json"),
        (200, [1], "not_json"),
        (200, {"something": "else"}, "malformed_reply"),
        (200, {"record": {"metrics": 5}, "lighthouseResult": []}, "malformed_reply"),
    ],
)
async def test_every_fault_of_google_has_its_reason_and_no_figure(
    answers: Google, status: int, document: Any, reason: str
) -> None:
    answers.status, answers.crux, answers.psi = status, document, document
    found = await outside(HOME, HOME)
    for part in (found["field"], found["page_speed_insights"]):
        assert part["missing"]["reason"] == reason, part
        assert part.keys() <= {"env", "provenance", "missing"}


async def test_a_key_that_google_repeats_is_hidden(answers: Google) -> None:
    answers.status, answers.crux = 400, error(400, f"Bad key {KEY} given")
    answers.psi = answers.crux
    told = json.dumps(await outside(HOME, HOME))
    assert told.count("Bad key ") == 2, "both say what Google said"
    assert KEY not in told


async def test_an_origin_unknown_to_chrome_is_empty_and_no_fault(answers: Google) -> None:
    answers.status, answers.crux = 404, error(404, "chrome ux report data not found")
    missing = (await outside(HOME, HOME))["field"]["missing"]
    assert missing["reason"] == "no_outputs"
    assert "too few visitors" in missing["message"]


async def test_a_200_of_page_speed_insights_may_hold_a_failed_lighthouse(answers: Google) -> None:
    failed = {"code": "NO_FCP", "message": "The page did not paint any content."}
    answers.psi = {"lighthouseResult": {"runtimeError": failed}}
    found = (await outside(HOME, HOME))["page_speed_insights"]
    assert found["missing"]["reason"] == "worker_failed"
    assert "NO_FCP" in found["missing"]["message"]


async def test_google_out_of_reach_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, json.dumps({"key": KEY, "base_url": "http://127.0.0.1:9"}))
    found = await outside(HOME, HOME)
    assert found["field"]["missing"]["reason"] == "connect_refused"


async def test_a_secret_without_a_key_names_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERMES_PROVIDER_CRUX", '{"token": "x"}')
    monkeypatch.delenv("HERMES_PROVIDER_PSI", raising=False)
    found = await outside(HOME, HOME)
    assert found["field"]["missing"]["reason"] == "missing_config"
    assert "has no field key" in found["field"]["missing"]["message"]
    assert found["requests"] == 0


@pytest.mark.browser
async def test_field_data_and_history_stand_beside_the_lab_and_never_replace_it(
    answers: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with planted() as site, hermes(f"{site.base}/") as url:
        (tmp_path / "token").write_text("a-token")
        monkeypatch.setenv("HERMES_URL", url)
        monkeypatch.setenv("HERMES_TOKEN_FILE", str(tmp_path / "token"))
        async with monitor(tmp_path / "state") as vitals:
            result = await vitals.result(site.base, site_id="7")
    assert result["outputs"]["lcp"] != 2210
    assert result["metrics"]["field"]["p75"]["lcp"] == 2210
    assert result["metrics"]["conditions"]["env"] == "lab"
    worse = {item["metric"] for item in result["outputs"]["regressions"]["items"]}
    assert worse == {"lcp", "fcp"}
    assert result["outputs"]["regressions"]["complete"] is True


def hermes(url: str) -> Any:
    """A Hermes that remembers one much faster run of a page."""
    kept = {
        "method": METHOD,
        "pages": [{"url": url, "figures": {"lcp": 90, "fcp": 90, "cls": 0.0}}],
    }
    run = {
        "runId": "1", "runType": "smoke", "status": "success", "outputs": {}, "provenance": {},
        "finishedAt": datetime.now(UTC).isoformat(), "artifacts": {"measurements": kept},
    }  # fmt: skip

    async def answer(request: web.Request) -> web.Response:
        assert request.query["runType"] == "smoke"
        return web.json_response([run])

    app = web.Application()
    app.router.add_get("/api/sites/7/services/core_web_vitals/outputs", answer)
    return served(app)


async def test_the_stand_ins_of_google_are_read_like_google(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were written from the documentation by somebody else; what they say is a sample."""
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    site = "http://127.0.0.1:8420"
    workshop = StandIns(site, keys=keys())
    async with served(workshop.app) as base:
        announced = {"site": site, "providers": workshop.secrets_of(base)}
        (tmp_path / "sandbox.json").write_text(json.dumps(announced))
        monkeypatch.setenv("HERMES_SANDBOX_FILE", str(tmp_path / "sandbox.json"))
        found = await outside(site, f"{site}/")
        elsewhere = await outside(HOME, HOME)
    assert found["field"]["provenance"] == "sample"
    assert found["field"]["p75"].keys() == {"lcp", "cls", "inp", "fcp", "ttfb"}
    assert found["page_speed_insights"]["provenance"] == "sample"
    assert 0 <= found["page_speed_insights"]["lab"]["score"] <= 100
    assert elsewhere["field"]["missing"]["reason"] == "missing_config"
