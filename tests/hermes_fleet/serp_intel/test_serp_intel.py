"""The rank tracker over its HTTP contract: by a provider, or by a local index that never calls itself Google."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes_fleet.providers import SANDBOX_FILE
from hermes_fleet.searching.index import NAME
from hermes_fleet.serp_intel import worker
from tests.hermes_fleet.searching.support import (
    KEYWORDS,
    LOGIN,
    PASSWORD,
    Caller,
    calling,
    dataforseo,
    earlier_run,
    fill,
    no_credentials,
    organic,
    remembering,
    scripted,
)
from tests.hermes_fleet.websites import Website, served
from tests.support.waiting import patience

SECRET = "HERMES_PROVIDER_DATAFORSEO"
LOOKED_UP = ("serp_rank_snapshots", "serp_serp_snapshots", "serp_top_keywords")
OURS = "https://www.example.com"
RIVAL_TEXTS = {
    "/teeth-whitening": "Teeth whitening. " * 9,
    "/contact": "Write to us.",
}
OUR_TEXTS = {
    "/services/whitening": "A word about teeth whitening among many other things that we say here. "
    * 3,
    "/services/gums": "Healthy gums.",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    no_credentials(monkeypatch)


@pytest.fixture
async def rank_tracker(tmp_path: Path) -> AsyncGenerator[Caller]:
    async with calling(worker, tmp_path / "state") as caller:
        yield caller


@pytest.fixture
async def rival() -> AsyncGenerator[Website]:
    async with served(Website()) as site:
        yield fill(site, "Rival", RIVAL_TEXTS)


def store(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    fields = {"login": LOGIN, "password": PASSWORD, "base_url": base}
    monkeypatch.setenv(SECRET, json.dumps(fields))


def wanted(*competitors: str, keywords: Any = KEYWORDS) -> dict[str, Any]:
    return {"keywords": keywords, "competitors": list(competitors)}


async def test_without_a_key_an_index_of_the_sites_is_searched_and_says_so_in_every_row(
    rank_tracker: Caller, website: Website, rival: Website
) -> None:
    fill(website, "Ours", OUR_TEXTS)
    result = await rank_tracker.result(website.base, settings=wanted(rival.base))
    outputs = result["outputs"]
    ranks = outputs["serp_rank_snapshots"]["items"]
    assert [(r["keyword"], r["rank_group"], r["url"]) for r in ranks] == [
        ("teeth whitening", 2, f"{website.base}/services/whitening"),
        ("dental implants", None, None),
    ]
    (top, nothing) = outputs["serp_serp_snapshots"]["items"]
    assert [hit["url"] for hit in top["results"]] == [
        f"{rival.base}/teeth-whitening",
        f"{website.base}/services/whitening",
    ]
    assert nothing["results"] == []
    rows = [*ranks, top, nothing, *outputs["serp_top_keywords"]["items"]]
    assert all(row["engine"] == NAME == "local index, not Google" for row in rows)
    assert all(row["index"] == {"sites": 2, "pages": 6} for row in rows)
    assert all((row["location"], row["device"]) == (None, None) for row in ranks)
    assert outputs["serp_tracked_keywords"] == 2
    assert [row["keyword"] for row in outputs["serp_top_keywords"]["items"]] == ["teeth whitening"]
    assert {result["provenance"][slug] for slug in LOOKED_UP} == {"measured"}
    assert result["metrics"]["cost_usd"] == 0
    assert "google" not in json.dumps(result).lower().replace("not google", "")


async def test_requests_and_items_are_reported_as_they_were_made(
    rank_tracker: Caller, website: Website, rival: Website
) -> None:
    fill(website, "Ours", OUR_TEXTS)
    result = await rank_tracker.result(website.base, settings=wanted(rival.base))
    made = sum(website.hits.values()) + sum(rival.hits.values())
    assert result["metrics"]["requests"] == made
    assert result["metrics"]["items"] == 2
    assert all(told["done"] <= 2 for told in rank_tracker.progress if told)


async def test_smoke_looks_up_the_first_five_and_says_that_this_is_not_all(
    rank_tracker: Caller, website: Website, rival: Website
) -> None:
    fill(website, "Ours", OUR_TEXTS)
    many = [f"keyword {number}" for number in range(7)]
    payload: Any = {"settings": wanted(rival.base, keywords=many), "keywords": 500}
    outputs = (await rank_tracker.result(website.base, **payload))["outputs"]
    assert outputs["serp_rank_snapshots"]["count"] == 5
    assert not outputs["serp_rank_snapshots"]["complete"]
    assert outputs["serp_tracked_keywords"] == 7
    full = (await rank_tracker.result(website.base, "full", **payload))["outputs"]
    assert (full["serp_rank_snapshots"]["count"], full["serp_top_keywords"]["complete"]) == (
        7,
        True,
    )


async def test_keywords_may_be_named_in_the_request(
    rank_tracker: Caller, website: Website, rival: Website
) -> None:
    fill(website, "Ours", OUR_TEXTS)
    payload: Any = {"settings": wanted(rival.base), "keywords": ["gums"]}
    outputs = (await rank_tracker.result(website.base, **payload))["outputs"]
    assert [row["keyword"] for row in outputs["serp_rank_snapshots"]["items"]] == ["gums"]
    assert outputs["serp_tracked_keywords"] == 3


@pytest.mark.parametrize("settings", [None, {}, {"keywords": None}, {"keywords": [" "]}])
async def test_no_keywords_means_that_everything_is_missing_with_the_name_of_the_setting(
    rank_tracker: Caller, settings: Any
) -> None:
    result = await rank_tracker.result(OURS, settings=settings)
    assert result["outputs"] == {}
    assert set(result["missing"]) == set(worker.declaration.outputs)
    for gap in result["missing"].values():
        assert gap["reason"] == "missing_config"
        assert "keywords" in gap["message"]


async def test_a_setting_of_the_wrong_form_fails_with_its_name(rank_tracker: Caller) -> None:
    error = await rank_tracker.error(OURS, settings={"keywords": "one, two"})
    assert error["code"] == "missing_config"
    assert "setting keywords must be a list" in error["message"]


async def test_a_rank_among_ones_own_pages_is_no_rank(
    rank_tracker: Caller, website: Website, rival: Website
) -> None:
    fill(website, "Ours", OUR_TEXTS)
    rival.pages["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /")
    result = await rank_tracker.result(website.base, settings=wanted(rival.base, "mailto:x@y.z"))
    assert result["outputs"] == {"serp_tracked_keywords": 2}
    for slug in LOOKED_UP:
        gap = result["missing"][slug]
        assert gap["reason"] == "missing_config"
        for words in ("sites under Competitors", SECRET, "robots.txt", "mailto:x@y.z"):
            assert words in gap["message"], words


async def test_a_site_that_cannot_be_read_ranks_nowhere_and_says_why(
    rank_tracker: Caller, website: Website, rival: Website
) -> None:
    website.pages["/robots.txt"] = web.Response(status=503)
    result = await rank_tracker.result(website.base, settings=wanted(rival.base))
    assert result["outputs"] == {"serp_tracked_keywords": 2}
    assert {gap["reason"] for gap in result["missing"].values()} == {"robots_unreachable"}
    assert result["metrics"]["requests"] == sum(website.hits.values())


async def test_a_competitor_that_is_away_is_named_and_the_others_are_searched(
    rank_tracker: Caller, website: Website, rival: Website
) -> None:
    fill(website, "Ours", OUR_TEXTS)
    async with served(Website()) as gone:
        away = gone.base
    result = await rank_tracker.result(website.base, settings=wanted(away, rival.base))
    sites = {row["site"]: row for row in result["metrics"]["index"]["sites"]}
    assert sites[f"{away}/"]["reason"] == "site_unreachable"
    assert sites[f"{rival.base}/"]["pages"] == 3
    assert result["outputs"]["serp_rank_snapshots"]["items"][0]["index"]["sites"] == 2


async def test_with_a_key_the_provider_is_asked_and_named_and_its_price_reported(
    rank_tracker: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = dataforseo(organic(1, 1, "https://rival.example/"), organic(2, 4, f"{OURS}/white"))
    second = dataforseo(organic(1, 2, "https://rival.example/"))
    async with scripted((200, first), (200, second)) as script:
        store(monkeypatch, script.base)
        result = await rank_tracker.result(OURS, settings=wanted())
    outputs = result["outputs"]
    ranks = {row["keyword"]: row for row in outputs["serp_rank_snapshots"]["items"]}
    assert {row["engine"] for row in ranks.values()} == {"Google (DataForSEO)"}
    found = sorted(
        (row["rank_group"], row["rank_absolute"]) for row in ranks.values() if row["url"]
    )
    assert found == [(2, 4)]
    assert [row["rank_group"] for row in ranks.values()].count(None) == 1
    assert {row["location"] for row in ranks.values()} == {"United States"}
    assert result["provenance"]["serp_rank_snapshots"] == "provider"
    figures = result["metrics"]
    assert (figures["cost_usd"], figures["requests"], figures["items"]) == (0.004, 2, 2)
    assert PASSWORD not in json.dumps(result)


async def test_a_failed_lookup_delivers_the_others_and_no_rank_for_itself(
    rank_tracker: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = dataforseo(organic(1, 1, f"{OURS}/a"))
    bad = dataforseo(code=40101, result=None)
    async with scripted((200, bad), (200, good)) as script:
        store(monkeypatch, script.base)
        result = await rank_tracker.result(OURS, settings=wanted())
    ranks = result["outputs"]["serp_rank_snapshots"]
    assert (ranks["count"], ranks["complete"]) == (1, False)
    (gap,) = result["metrics"]["not_looked_up"]
    assert gap["reason"] == "server_error_5xx"
    assert gap["keyword"] not in [row["keyword"] for row in ranks["items"]]


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (401, {"status_code": 40100}, "auth_401"),
        (402, {"status_code": 40200}, "quota_exceeded"),
        (200, dataforseo(code=40202, result=None), "rate_limited"),
        (200, "<html>", "html_app_shell"),
    ],
)
async def test_a_provider_that_fails_leaves_no_figure_and_no_index_steps_in(
    rank_tracker: Caller,
    website: Website,
    rival: Website,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    answer: Any,
    reason: str,
) -> None:
    fill(website, "Ours", OUR_TEXTS)
    async with scripted((status, answer)) as script:
        store(monkeypatch, script.base)
        result = await rank_tracker.result(website.base, settings=wanted(rival.base))
    assert result["outputs"] == {"serp_tracked_keywords": 2}
    assert {slug: gap["reason"] for slug, gap in result["missing"].items()} == dict.fromkeys(
        LOOKED_UP, reason
    )
    assert not website.hits
    assert not rival.hits


async def test_a_secret_that_cannot_be_read_is_missing_configuration(
    rank_tracker: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, '{"login": "x"}')
    result = await rank_tracker.result(OURS, settings=wanted())
    gap = result["missing"]["serp_rank_snapshots"]
    assert gap["reason"] == "missing_config"
    assert "no field password" in gap["message"]


async def test_the_figures_of_a_stand_in_are_samples(
    rank_tracker: Caller, website: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted((200, dataforseo(organic(1, 1, f"{website.base}/a")))) as script:
        fields = {"login": LOGIN, "password": PASSWORD, "base_url": script.base}
        told = {"site": website.base, "providers": {SECRET: fields}}
        (tmp_path / "sandbox.json").write_text(json.dumps(told))
        monkeypatch.setenv(SANDBOX_FILE, str(tmp_path / "sandbox.json"))
        result = await rank_tracker.result(website.base, settings=wanted())
    assert {result["provenance"][slug] for slug in LOOKED_UP} == {"sample"}


async def test_positions_are_compared_with_the_last_run_that_can_be_compared(
    rank_tracker: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dataforseo(organic(3, 3, f"{OURS}/a"))
    now = dataforseo(organic(1, 1, f"{OURS}/a"))
    settings = wanted(keywords=["teeth whitening"])
    async with scripted((200, before), (200, now)) as script:
        store(monkeypatch, script.base)
        first = await rank_tracker.result(OURS, settings=settings)
        kept = first["artifacts"]
        other = json.loads(json.dumps(kept).replace("DataForSEO", "SerpApi"))
        broken = earlier_run({"serp_snapshots": {"engine": 7}})
        runs = [earlier_run({}), broken, earlier_run(other), earlier_run(kept, runId="the-run")]
        async with remembering(runs, tmp_path, monkeypatch) as hermes:
            result = await rank_tracker.result(OURS, settings=settings, site_id="7")
    (change,) = result["metrics"]["position_changes"]["items"]
    assert (change["before"], change["now"], change["change"]) == (3, 1, 2)
    assert (change["said"], change["run_id"]) == ("up", "the-run")
    assert hermes.asked[0]["path"] == "/api/sites/7/services/serp_intel/outputs"
    assert first["metrics"]["position_changes"] == {
        "known": False,
        "reason": "no earlier runs known",
    }


async def test_a_first_run_is_a_baseline(
    rank_tracker: Caller,
    website: Website,
    rival: Website,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(website, "Ours", OUR_TEXTS)
    async with remembering([], tmp_path, monkeypatch) as hermes:
        payload: Any = {"settings": wanted(rival.base), "site_id": "7"}
        result = await rank_tracker.result(website.base, **payload)
    assert result["metrics"]["position_changes"]["baseline"] is True
    assert hermes.asked[0]["query"]["runType"] == "smoke"


async def test_health_says_that_it_is_ready(rank_tracker: Caller) -> None:
    async with rank_tracker.session.get(f"{rank_tracker.base}/health") as response:
        health = await response.json()
    assert (health["status"], health["not_ready"]) == ("ok", {})


async def test_a_restarted_worker_goes_on_and_does_not_pay_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"keyword {number}" for number in range(20)]
    answer = dataforseo(organic(1, 1, f"{OURS}/a"))
    async with scripted((200, answer)) as script:
        script.holds_after = 12
        store(monkeypatch, script.base)
        async with calling(worker, tmp_path / "state") as first:
            job = (await first.start(OURS, "full", settings=wanted(keywords=many)))["jobId"]
            async with patience():
                while ((await first.status(job))["progress"] or {}).get("done") != 12:
                    await asyncio.sleep(0.01)
        asked_before = len(script.asked)
        script.released.set()
        async with calling(worker, tmp_path / "state") as second, patience():
            while (told := await second.status(job))["status"] != "completed":
                await asyncio.sleep(0.01)
    assert told["result"]["outputs"]["serp_rank_snapshots"]["count"] == 20
    asked_after = len(script.asked) - asked_before
    assert 8 <= asked_after <= 10  # the eight that were open, and at most two since the last note
    assert told["result"]["metrics"]["requests"] >= 20
