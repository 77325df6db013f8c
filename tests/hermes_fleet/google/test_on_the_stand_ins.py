"""Both workers against Google's stand-ins: every figure against the planted truth, every fault."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hermes_fleet import content_decay, google_data_connector, hermes_api
from hermes_fleet.google.key import NAME
from hermes_fleet.providers import SANDBOX_FILE
from hermes_sandbox.providers import GA4_PROPERTY, StandIns, Truth
from tests.hermes_fleet.google.support import called, serving
from tests.support.stand_ins import keys

DEMO = "http://127.0.0.1:8420"
SETTINGS = {"gsc_site": f"{DEMO}/", "ga4_property": GA4_PROPERTY}
SMOKE = {"mode": "smoke", "site": DEMO, "settings": SETTINGS, "days": 7, "row_limit": 5}


@dataclass
class Demo:
    """The stand-ins as the sandbox announces them."""

    stand_ins: StandIns
    base: str

    @property
    def truth(self) -> Truth:
        return self.stand_ins.truth


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Demo]:
    stand_ins = StandIns(DEMO, keys=keys())
    async with serving(stand_ins.app) as base:
        told = {"site": DEMO, "providers": stand_ins.announced(base)}
        (tmp_path / "sandbox.json").write_text(json.dumps(told))
        monkeypatch.setenv(SANDBOX_FILE, str(tmp_path / "sandbox.json"))
        for name in (NAME, hermes_api.URL):
            monkeypatch.delenv(name, raising=False)
        yield Demo(stand_ins, base)


async def connect(tmp_path: Path, **payload: Any) -> dict[str, Any]:
    async with called(google_data_connector.worker, tmp_path / "state") as caller:
        return await caller.result(**{**SMOKE, **payload})


def days_of(told: dict[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(told["first_day"]), date.fromisoformat(told["last_day"])


async def test_the_connector_tells_the_stand_ins_truth_and_labels_it_sample(
    demo: Demo, tmp_path: Path
) -> None:
    result = await connect(tmp_path)
    told = result["metrics"]["gsc"]
    days = days_of(told)
    search, visits = demo.truth.search(*days), demo.truth.analytics(*days)
    outputs = result["outputs"]
    assert outputs["gsc_clicks"] == search.clicks
    assert outputs["gsc_impressions"] == search.impressions
    assert outputs["gsc_ctr"] == pytest.approx(search.ctr, abs=1e-6)
    assert outputs["gsc_position"] == pytest.approx(search.position, abs=1e-4)
    assert outputs["ga4_sessions"] == visits.sessions
    assert outputs["ga4_users"] == visits.totalUsers
    assert outputs["ga4_conversions"] == visits.keyEvents
    assert len(outputs["gsc_pages"]["items"]) == 5
    assert set(result["provenance"].values()) == {"sample"}
    assert result["missing"] == {}
    assert result["metrics"]["requests"] <= 20


async def test_the_anonymised_share_is_that_of_the_truth(demo: Demo, tmp_path: Path) -> None:
    result = await connect(tmp_path, days=28, row_limit=1000)
    told = result["metrics"]["gsc"]
    days = days_of(told)
    hidden = demo.truth.anonymised(*days).clicks / demo.truth.search(*days).clicks
    assert told["anonymised_clicks_share"] == pytest.approx(hidden, abs=1e-4)
    assert hidden > 0.05


async def test_the_history_adds_up_to_the_truth_of_sixteen_months(
    demo: Demo, tmp_path: Path
) -> None:
    result = await connect(tmp_path, mode="full", days=28, row_limit=1000)
    history = result["artifacts"]["gsc_history"]
    days = days_of(history)
    clicks = sum(cell[1] for cells in history["pages"].values() for cell in cells)
    assert (days[1] - days[0]).days + 1 == 486
    assert clicks == demo.truth.search(*days).clicks
    assert len(json.dumps(history)) < 1_000_000


async def test_exactly_the_planted_pages_decline_and_the_seasonal_one_does_not(
    demo: Demo, tmp_path: Path
) -> None:
    payload = {"mode": "full", "site": DEMO, "settings": SETTINGS, "max_urls": 200}
    async with called(content_decay.worker, tmp_path / "state") as caller:
        result = await caller.result(**payload)
    found, queue = (result["outputs"][slug] for slug in ("decay_signals", "refresh_candidates"))
    assert {each["page"] for each in found["items"]} == set(demo.truth.pages("decaying"))
    assert [each["page"] for each in found["seasonal"]] == demo.truth.pages("seasonal")
    assert {each["page"] for each in queue["items"]} == set(demo.truth.pages("decaying"))
    assert found["complete"] is True
    for each in found["items"]:
        first, last = days_of(found["periods"]["now"])
        assert each["now"]["clicks"] == demo.truth.search(first, last, each["page"]).clicks
    assert set(result["provenance"].values()) == {"sample"}


SEARCH_FAULTS = {
    "forbidden": "forbidden_403",
    "quota": "quota_exceeded",
    "rate_limited": "rate_limited",
    "api_disabled": "forbidden_403",
    "server_error": "server_error_5xx",
    "unavailable": "server_error_5xx",
    "empty": "forbidden_403",
    "html": "html_app_shell",
    "broken_json": "not_json",
    "redirect": "redirect",
    "gateway": "server_error_5xx",
}
VISIT_FAULTS = {
    **{name: reason for name, reason in SEARCH_FAULTS.items() if name != "rate_limited"},
    "empty": None,
    "sampled": None,
    "thresholded": "outputs_missing",
}
SIGN_IN_FAULTS = {
    **dict.fromkeys(("invalid_grant", "account_not_found", "clock_skew", "revoked"), "auth_401"),
    "server_error": "server_error_5xx",
}


@pytest.mark.parametrize(
    ("provider", "faults", "half"),
    [
        ("gsc", SEARCH_FAULTS, {"gsc"}),
        ("ga4", VISIT_FAULTS, {"ga4"}),
        ("google_oauth", SIGN_IN_FAULTS, {"ga4", "gsc"}),
    ],
)
async def test_every_fault_becomes_the_reason_of_its_half(
    demo: Demo, tmp_path: Path, provider: str, faults: dict[str, str | None], half: set[str]
) -> None:
    async with called(google_data_connector.worker, tmp_path / "state") as caller:
        for fault, reason in faults.items():
            demo.stand_ins.faults.switch(provider, fault)
            result = await caller.result(**SMOKE)
            gone = {slug[:3] for slug in result["missing"]}
            said = {gap["reason"] for gap in result["missing"].values()}
            assert (fault, gone) == (fault, half if reason else set())
            assert (fault, said) == (fault, {reason} if reason else set())
            assert all(slug[:3] not in gone for slug in result["outputs"])


async def test_a_person_who_signed_in_reads_the_same_figures(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAME, json.dumps(demo.stand_ins.oauth_user(demo.base)))
    result = await connect(tmp_path)
    assert result["missing"] == {}
    assert result["outputs"]["gsc_clicks"] > 0


async def test_another_site_gets_no_sample(demo: Demo, tmp_path: Path) -> None:
    result = await connect(tmp_path, site="https://www.example.com")
    assert result["outputs"] == {}
    assert {gap["reason"] for gap in result["missing"].values()} == {"missing_config"}
