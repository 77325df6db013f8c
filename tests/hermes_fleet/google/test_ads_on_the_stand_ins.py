"""The ads connector against the stand-in: every figure against the truth, every refusal with its words."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hermes_fleet.google.ads import NAME
from hermes_fleet.google_ads_connector import worker
from hermes_fleet.google_ads_connector.advertising import FIGURES, OUTPUTS
from hermes_fleet.providers import SANDBOX_FILE
from hermes_sandbox.providers import StandIns
from hermes_sandbox.providers.google.ads import CUSTOMER, ZONE
from hermes_sandbox.providers.google.campaigns import total
from tests.hermes_fleet.google.support import Caller, called, serving
from tests.support.stand_ins import keys

DEMO = "http://127.0.0.1:8420"
SMOKE = {
    "mode": "smoke",
    "site": DEMO,
    "settings": {"ads_customer": "421-007-7315"},
    "days": 7,
    "row_limit": 5,
}


@dataclass
class Demo:
    """The stand-ins as the sandbox announces them, and the worker."""

    stand_ins: StandIns
    base: str
    connector: Caller

    @property
    def secret(self) -> dict[str, Any]:
        return self.stand_ins.secrets_of(self.base)[NAME]

    async def result(self, **payload: Any) -> dict[str, Any]:
        return await self.connector.result(**{**SMOKE, **payload})


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Demo]:
    stand_ins = StandIns(DEMO, keys=keys())
    async with serving(stand_ins.app) as base, called(worker, tmp_path / "state") as connector:
        told = {"site": DEMO, "providers": stand_ins.announced(base)}
        (tmp_path / "sandbox.json").write_text(json.dumps(told))
        monkeypatch.setenv(SANDBOX_FILE, str(tmp_path / "sandbox.json"))
        monkeypatch.delenv(NAME, raising=False)
        yield Demo(stand_ins, base, connector)


def reasons(result: dict[str, Any]) -> dict[str, str]:
    return {slug: gap["reason"] for slug, gap in result["missing"].items()}


async def test_every_figure_is_that_of_the_truth_in_the_accounts_own_days(demo: Demo) -> None:
    before = datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date()
    result = await demo.result()
    told, outputs = result["metrics"]["ads"], result["outputs"]
    first, last = (date.fromisoformat(told[name]) for name in ("first_day", "last_day"))
    assert last in {before - timedelta(1), before}
    assert (last - first).days == 6
    truth = total(first, last)
    assert outputs["ads_spend"] == pytest.approx(truth.micros / 1e6, abs=0.005)
    assert (outputs["ads_impressions"], outputs["ads_clicks"]) == truth[1:3]
    assert outputs["ads_conversions"] == pytest.approx(truth.conversions)
    assert outputs["ads_cpc"] == pytest.approx(truth.micros / 1e6 / truth.clicks, abs=5e-5)
    assert (told["currency"], told["time_zone"], told["test_account"]) == ("USD", ZONE, False)
    assert set(result["provenance"].values()) == {"sample"}
    assert result["missing"] == {}
    assert result["metrics"]["requests"] == 5, "the sign-in and four questions"


async def test_ads_with_policy_problems_and_the_states_of_campaigns_are_listed(demo: Demo) -> None:
    outputs = (await demo.result())["outputs"]
    issues, campaigns = outputs["ads_policy_issues"], outputs["ads_campaign_status"]
    assert [(each["ad"], each["approval"]) for each in issues["items"]] == [
        (6602, "approved_limited"),
        (6604, "disapproved"),
    ]
    assert issues["items"][1]["policies"] == [
        {"policy": "DESTINATION_NOT_WORKING", "effect": "prohibited"}
    ]
    assert issues["items"][1]["url"] == f"{DEMO}/services/emergency"
    assert [(each["name"], each["state"], each["limited_by"]) for each in campaigns["items"]] == [
        ("Dental implants", "running", []),
        ("Emergency dentist", "running", ["budget_constrained"]),
        ("Whitening in spring", "paused", ["campaign_paused"]),
        ("Opening offer", "removed", ["campaign_removed"]),
    ]
    assert (issues["complete"], campaigns["complete"]) == (True, True)


async def test_a_list_that_was_cut_says_so(demo: Demo) -> None:
    campaigns = (await demo.result(row_limit=2))["outputs"]["ads_campaign_status"]
    assert (campaigns["count"], campaigns["complete"]) == (2, False)


ALL = dict.fromkeys
EVERYTHING = {
    "token_not_approved": "forbidden_403",
    "not_enabled": "forbidden_403",
    "forbidden": "forbidden_403",
    "quota": "quota_exceeded",
    "rate_limited": "rate_limited",
    "retired": "wrong_endpoint_404",
    "api_disabled": "forbidden_403",
    "server_error": "server_error_5xx",
    "unavailable": "server_error_5xx",
    "manager": "missing_config",
    "html": "html_app_shell",
    "broken_json": "not_json",
    "redirect": "redirect",
    "gateway": "server_error_5xx",
}
FAULTS: dict[str, dict[str, str]] = {
    **{fault: ALL(OUTPUTS, reason) for fault, reason in EVERYTHING.items()},
    "paused": {"ads_cpc": "outputs_missing"},
    "empty": {"ads_cpc": "outputs_missing"},
    "partial": {"ads_campaign_status": "server_error_5xx"},
}
WORDS = {
    "token_not_approved": "apply for Basic access",
    "not_enabled": "account 4210077315 is not enabled",
    "forbidden": "set login_customer_id in the secret",
    "retired": "set api_version in the secret",
    "manager": "Enter the customer ID of the advertising account",
    "quota": "comes back within 24 hours",
    "api_disabled": "The Google Ads API is switched off",
}


async def test_every_fault_becomes_the_reason_of_the_outputs_it_concerns(demo: Demo) -> None:
    for fault, expected in FAULTS.items():
        demo.stand_ins.faults.switch("google_ads", fault)
        result = await demo.result()
        assert (fault, reasons(result)) == (fault, expected)
        said = {gap["message"] for gap in result["missing"].values()}
        assert all(WORDS.get(fault, "") in message for message in said), (fault, said)
    assert set(FAULTS) == demo.stand_ins.faults.known["google_ads"] - {"slow"}


async def test_an_account_without_an_impression_spent_nothing(demo: Demo) -> None:
    demo.stand_ins.faults.switch("google_ads", "paused")
    outputs = (await demo.result())["outputs"]
    assert [outputs.get(slug) for slug in FIGURES] == [0, 0, 0, None, 0]


async def test_rows_before_a_failure_are_no_list(demo: Demo) -> None:
    demo.stand_ins.faults.switch("google_ads", "partial")
    result = await demo.result()
    assert "ads_campaign_status" not in result["outputs"]
    assert result["outputs"]["ads_policy_issues"]["count"] == 2


@pytest.mark.parametrize(
    ("changed", "reason", "words"),
    [
        ({"developer_token": "wrong"}, "auth_401", "does not know the developer token"),
        ({"developer_token": ""}, "missing_config", "has no field developer_token"),
        ({"login_customer_id": "111-111-1111"}, "forbidden_403", "login_customer_id"),
        ({"login_customer_id": "12"}, "missing_config", "is not ten digits"),
        ({"api_version": "v9"}, "wrong_endpoint_404", "retired"),
        ({"private_key": "x"}, "missing_config", "is not an RSA key"),
    ],
)
async def test_a_wrong_secret_says_what_to_change(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], reason: str, words: str
) -> None:
    monkeypatch.setenv(NAME, json.dumps(demo.secret | changed))
    result = await demo.result()
    assert reasons(result) == ALL(OUTPUTS, reason)
    message = result["missing"]["ads_spend"]["message"]
    assert words in message
    assert demo.stand_ins.keys.google_ads not in message


@pytest.mark.parametrize(
    ("given", "words"),
    [(None, "is not set"), ("", "is not set"), ("AW-123", "is not ten digits")],
)
async def test_a_site_without_a_customer_id_is_told_where_it_stands(
    demo: Demo, given: Any, words: str
) -> None:
    result = await demo.result(settings={"ads_customer": given})
    assert reasons(result) == ALL(OUTPUTS, "missing_config")
    assert words in result["missing"]["ads_spend"]["message"]


async def test_another_account_is_refused(demo: Demo) -> None:
    result = await demo.result(settings={"ads_customer": "1112223333"})
    assert reasons(result) == ALL(OUTPUTS, "forbidden_403")


async def test_a_person_who_signed_in_reads_the_same_figures(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = demo.stand_ins.oauth_user(demo.base)
    token = {"developer_token": demo.stand_ins.keys.google_ads}
    monkeypatch.setenv(NAME, json.dumps(person | token))
    result = await demo.result()
    assert result["missing"] == {}
    assert set(result["provenance"].values()) == {"provider"}
    assert result["metrics"]["ads"]["customer_id"] == CUSTOMER


async def test_another_site_gets_no_sample(demo: Demo) -> None:
    result = await demo.result(site="https://www.example.com")
    assert reasons(result) == ALL(OUTPUTS, "missing_config")
    assert NAME in result["missing"]["ads_spend"]["message"]
