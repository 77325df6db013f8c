"""DataForSEO: its own wire format, its own figures, and every way in which it refuses."""

import base64
import json
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.hermes_fleet.backlink_authority.support import Watcher, serving, watching

SECRET = "HERMES_PROVIDER_DATAFORSEO"
LOGIN, PASSWORD = "user@own.example", "a-password-of-the-tests"
SITE = "https://www.own.example"
REPORTS = ("summary", "backlinks", "anchors", "timeseries_new_lost_summary")


def link(number: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "backlink",
        "domain_from": f"site-{number}.example",
        "url_from": f"https://site-{number}.example/page",
        "domain_to": "own.example",
        "url_to": "https://www.own.example/",
        "is_new": True,
        "is_lost": False,
        "rank": 120,
        "first_seen": "2026-02-01 02:46:50 +00:00",
        "prev_seen": None,
        "last_seen": "2026-02-20 02:46:50 +00:00",
        "attributes": ["noopener", "nofollow"],
        "dofollow": False,
        "anchor": "our dentist",
        **more,
    }


def growth(day: int, new: int, lost: int) -> dict[str, Any]:
    kind = "backlinks_timeseries_new_lost_summary"
    at = f"2026-02-{day:02} 00:00:00 +00:00"
    return {"type": kind, "date": at, "new_backlinks": new, "lost_backlinks": lost}


def results() -> dict[str, Any]:
    """What the provider knows, by report."""
    return {
        "summary": {"target": "own.example", "rank": 37, "backlinks": 200, "referring_domains": 31},
        "backlinks": {
            "total_count": 4,
            "items_count": 4,
            "items": [
                link(1),
                link(2, attributes=None, dofollow=True),
                link(3, is_new=False, is_lost=True),
                link(4, is_new=False),
            ],
        },
        "anchors": {
            "total_count": 40,
            "items_count": 2,
            "items": [
                {"type": "backlinks_anchor", "anchor": "our dentist", "backlinks": 50},
                {"type": "backlinks_anchor", "anchor": "", "backlinks": 30},
            ],
        },
        "timeseries_new_lost_summary": {
            "items_count": 2,
            "items": [growth(1, 12, 0), growth(2, 3, 9)],
        },
    }


def envelope(code: int, task: dict[str, Any] | None = None, message: str = "Ok.") -> dict[str, Any]:
    tasks = None if task is None else [task]
    return {"status_code": code, "status_message": message, "cost": 0.02, "tasks": tasks}


@dataclass
class Provider:
    """Answers as DataForSEO does. `faults`: report -> (status, body) instead of a result."""

    results: dict[str, Any] = field(default_factory=results)
    faults: dict[str, tuple[int, Any]] = field(default_factory=dict[str, tuple[int, Any]])
    asked: list[tuple[str, dict[str, Any]]] = field(
        default_factory=list[tuple[str, dict[str, Any]]]
    )
    keys: set[str] = field(default_factory=set[str])

    async def answer(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        (task,) = await request.json()
        self.asked.append((name, task))
        self.keys.add(request.headers.get("Authorization", ""))
        if name in self.faults:
            status, body = self.faults[name]
            if isinstance(body, str):
                return web.Response(status=status, text=body, content_type="text/html")
            return web.json_response(body, status=status)
        found = self.results[name]
        result = None if found is None else [found]
        return web.json_response(envelope(20000, {"status_code": 20000, "result": result}))


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Provider]:
    stand, app = Provider(), web.Application()
    app.router.add_post("/v3/backlinks/{name}/live", stand.answer)
    async with serving(app) as url:
        fields = {"login": LOGIN, "password": PASSWORD, "base_url": url}
        monkeypatch.setenv(SECRET, json.dumps(fields))
        yield stand


@pytest.fixture
async def watcher(tmp_path: Path) -> AsyncGenerator[Watcher]:
    async with watching(tmp_path) as client:
        yield client


async def test_outputs_are_the_providers_figures_under_its_name(
    provider: Provider, watcher: Watcher
) -> None:
    result = await watcher.result(SITE, "smoke", limit=5)
    outputs = result["outputs"]
    assert [each["source"] for each in outputs["new_links"]["items"]] == [
        "https://site-1.example/page",
        "https://site-2.example/page",
    ]
    assert [each["followed"] for each in outputs["new_links"]["items"]] == [False, True]
    assert outputs["new_links"]["items"][0]["rel"] == "noopener nofollow"
    assert outputs["lost_links"]["items"][0]["source"] == "https://site-3.example/page"
    assert outputs["lost_links"]["items"][0]["last_seen"].startswith("2026-02-20")
    assert (outputs["new_links"]["complete"], outputs["lost_links"]["count"]) == (True, 1)
    assert outputs["domain_authority"]["value"] == 37
    assert outputs["domain_authority"]["scale"] == "DataForSEO rank 0-100"
    assert outputs["link_velocity"] == pytest.approx((15 - 9) / 30)
    assert set(result["provenance"].values()) == {"provider"}
    assert "artifacts" not in result


async def test_shares_of_link_texts_are_of_all_live_links(
    provider: Provider, watcher: Watcher
) -> None:
    texts = (await watcher.result(SITE, "smoke"))["outputs"]["anchor_distribution"]
    assert [(row["anchor"], row["share"]) for row in texts["items"]] == [
        ("our dentist", 0.25),
        ("", 0.15),
    ]
    assert texts["complete"] is False


async def test_the_provider_is_asked_in_its_own_words_and_paid_what_it_says(
    provider: Provider, watcher: Watcher
) -> None:
    result = await watcher.result(SITE, "smoke", limit=5)
    tasks = dict(provider.asked)
    assert [name for name, _task in provider.asked] == list(REPORTS)
    assert {task["target"] for task in tasks.values()} == {"own.example"}
    assert tasks["summary"]["rank_scale"] == "one_hundred"
    assert tasks["backlinks"]["backlinks_status_type"] == "all"
    assert tasks["backlinks"]["limit"] == tasks["anchors"]["limit"] == 5
    growing = tasks["timeseries_new_lost_summary"]
    first, last = (date.fromisoformat(growing[name]) for name in ("date_from", "date_to"))
    assert last - first == timedelta(days=29)
    assert provider.keys == {f"Basic {base64.b64encode(f'{LOGIN}:{PASSWORD}'.encode()).decode()}"}
    metrics = result["metrics"]
    assert (metrics["requests"], metrics["cost_usd"], metrics["items"]) == (4, 0.08, 6)
    assert (metrics["links_found"], metrics["referring_domains"]) == (200, 31)


REFUSALS = [
    (401, envelope(40100, message="You are not authorized"), "auth_401"),
    (402, envelope(40200, message="Payment Required."), "quota_exceeded"),
    (403, envelope(40300), "forbidden_403"),
    (404, envelope(40400), "wrong_endpoint_404"),
    (500, envelope(50000), "server_error_5xx"),
    (200, envelope(40202, message="Rate-limit per minute exceeded."), "rate_limited"),
    (200, envelope(20000, {"status_code": 40101, "result": None}), "server_error_5xx"),
    (200, envelope(20000, {"status_code": 40200, "result": None}), "quota_exceeded"),
    (200, envelope(20000, {"status_code": 40202, "result": None}), "rate_limited"),
    (200, envelope(20000, {"status_code": 40204, "result": None}), "forbidden_403"),
    (200, envelope(20000, {"status_code": 40210, "result": None}), "quota_exceeded"),
    (200, envelope(20000, {"status_code": 40400, "result": None}), "wrong_endpoint_404"),
    (200, envelope(20000, {"status_code": 40501, "result": None}), "worker_failed"),
    (200, envelope(20000, {"status_code": 50000, "result": None}), "server_error_5xx"),
    (200, envelope(20000), "malformed_reply"),
    (200, {}, "malformed_reply"),
    (200, ["a list"], "not_json"),
    (200, "<html>an app</html>", "html_app_shell"),
]


@pytest.mark.parametrize(("status", "body", "reason"), REFUSALS)
async def test_a_provider_that_refuses_everything_fails_the_run_with_the_reason(
    status: int, body: Any, reason: str, provider: Provider, watcher: Watcher
) -> None:
    provider.faults = dict.fromkeys(REPORTS, (status, body))
    ended = await watcher.run(SITE, "smoke")
    assert ended["error"]["code"] == reason
    assert ended["error"]["message"].startswith("DataForSEO: ")
    assert PASSWORD not in json.dumps(ended)


@pytest.mark.parametrize(
    ("report", "lacking"),
    [
        ("summary", {"domain_authority", "anchor_distribution"}),
        ("backlinks", {"new_links", "lost_links"}),
        ("anchors", {"anchor_distribution"}),
        ("timeseries_new_lost_summary", {"link_velocity"}),
    ],
)
async def test_one_failing_report_leaves_the_others(
    report: str, lacking: set[str], provider: Provider, watcher: Watcher
) -> None:
    provider.faults = {report: (500, envelope(50000))}
    result = await watcher.result(SITE, "smoke")
    assert set(result["missing"]) == lacking
    assert len(result["outputs"]) == 5 - len(lacking)


async def test_a_used_up_balance_is_met_once_and_keeps_what_came_before(
    provider: Provider, watcher: Watcher
) -> None:
    provider.faults = {"backlinks": (402, envelope(40200))}
    result = await watcher.result(SITE, "smoke")
    assert [name for name, _task in provider.asked] == ["summary", "backlinks"]
    assert set(result["outputs"]) == {"domain_authority"}
    assert {gap["reason"] for gap in result["missing"].values()} == {"quota_exceeded"}


async def test_a_domain_that_the_provider_does_not_know_has_no_figures(
    provider: Provider, watcher: Watcher
) -> None:
    provider.results = dict.fromkeys(REPORTS, None)
    result = await watcher.result(SITE, "smoke")
    assert set(result["missing"]) == {"domain_authority", "link_velocity"}
    assert result["outputs"]["new_links"]["items"] == []
    assert result["outputs"]["anchor_distribution"]["items"] == []


@pytest.mark.parametrize("rank", [None, "37", 370, True])
async def test_a_rank_on_another_scale_is_no_figure(
    rank: object, provider: Provider, watcher: Watcher
) -> None:
    provider.results["summary"]["rank"] = rank
    result = await watcher.result(SITE, "smoke")
    assert set(result["missing"]) == {"domain_authority"}


async def test_growth_without_figures_is_missing_and_not_zero(
    provider: Provider, watcher: Watcher
) -> None:
    provider.results["timeseries_new_lost_summary"]["items"][0]["lost_backlinks"] = None
    result = await watcher.result(SITE, "smoke")
    assert set(result["missing"]) == {"link_velocity"}


async def test_a_secret_without_a_password_is_named(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, json.dumps({"login": LOGIN}))
    ended = await watcher.run(SITE, "smoke")
    assert ended["error"]["code"] == "missing_config"
    assert "password" in ended["error"]["message"]


async def test_the_stand_in_of_the_demo_site_gives_samples(
    provider: Provider, watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = json.loads(os.environ[SECRET])
    monkeypatch.delenv(SECRET)
    file = tmp_path / "sandbox.json"
    file.write_text(json.dumps({"site": SITE, "providers": {SECRET: fields}}))
    monkeypatch.setenv("HERMES_SANDBOX_FILE", str(file))
    result = await watcher.result(SITE, "smoke")
    assert set(result["provenance"].values()) == {"sample"}
