"""The knowledge worker asks a real Hermes: its collection, and what earlier runs found on the site."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes.storage.knowledge import shipped
from hermes_fleet import hermes_api, seo_kbase
from tests.hermes_fleet.content_generator.support import Caller, called, serving
from tests.hermes_fleet.seo_kbase.test_rules import CRAWL, listed
from tests.support.catalog import outputs_of
from tests.support.served import Served

TOPIC = "title tags and meta descriptions"
ON_TOPIC = ("best_practices", "optimization_tips", "reference_docs")


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncGenerator[Caller]:
    async with called(tmp_path, seo_kbase.worker) as caller:
        yield caller


def point_at(url: str, token: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "token").write_text(token)
    monkeypatch.setenv(hermes_api.URL, url)
    monkeypatch.setenv(hermes_api.TOKEN_FILE, str(folder / "token"))


@pytest.fixture
def hermes(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    point_at(served.url, served.token, tmp_path, monkeypatch)
    return served


async def run(hermes: Served, slug: str, outputs: dict[str, Any], **more: Any) -> None:
    """A run of another service with these outputs."""
    room = hermes.room
    room.register(slug)
    every = outputs_of(room.catalog.service(slug)) | outputs
    result = {"outputs": every, **more}
    room.worker.script(slug).final = {"status": "completed", "result": result}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
    await room.finish()


def of_site(hermes: Served) -> dict[str, str]:
    return {"site_id": str(hermes.room.site.id)}


async def test_without_runs_advice_is_on_the_topic_alone_and_says_so(
    hermes: Served, asked: Caller
) -> None:
    found = await asked.result(hermes.room.site.base_url, topic=TOPIC, limit=5, **of_site(hermes))
    assert set(found["outputs"]) == set(seo_kbase.worker.declaration.outputs)
    told = found["outputs"]["seo_recommendations"]
    assert (told["count"], told["complete"]) == (5, False)
    assert told["basis"].startswith("General advice only")
    assert {each["reason"] for each in told["items"]} == {None}
    assert set(found["provenance"].values()) == {"generated"}
    assert found["metrics"]["collection"] == shipped().version


async def test_topic_outputs_hold_rules_steps_and_documents(hermes: Served, asked: Caller) -> None:
    found = (await asked.result(hermes.room.site.base_url, topic=TOPIC, limit=5))["outputs"]
    entries = {entry.id: entry for entry in shipped().entries}
    practices = found["best_practices"]["items"]
    assert [each["id"] for each in practices] == [
        each["id"] for each in found["optimization_tips"]["items"]
    ]
    for practice, tip in zip(practices, found["optimization_tips"]["items"], strict=True):
        entry = entries[practice["id"]]
        assert (practice["advice"], practice["how_to_check"]) == (entry.advice, entry.check)
        assert practice["reviewed"] == entry.reviewed.isoformat()
        assert tip["tip"] == entry.tip
        assert tip["sources"]
    urls = {each["url"] for each in found["reference_docs"]["items"]}
    assert urls == {source["url"] for each in practices for source in each["sources"]}


async def test_recommendations_answer_what_earlier_runs_found(
    hermes: Served, asked: Caller
) -> None:
    provenance = dict.fromkeys(CRAWL, "measured")
    await run(hermes, "crawl_render", CRAWL, provenance=provenance)
    await run(hermes, "core_web_vitals", {"lcp": 4200, "cls": 0.0, "inp": 90, "performance_score": 95,
                                          "regressions": listed()}, provenance={"lcp": "measured"})  # fmt: skip
    found = await asked.result(hermes.room.site.base_url, topic=TOPIC, limit=40, **of_site(hermes))
    told = found["outputs"]["seo_recommendations"]
    by_id = {each["id"]: each for each in told["items"]}
    assert by_id["redirect-loops"]["reason"].startswith(
        "1 redirect loops (crawl_render, smoke run of "
    )
    assert by_id["lcp-find-the-element"]["figure"] == 4200
    assert by_id["status-repair-broken-links"]["places"] == ["a", "b"]
    assert "cls-fonts" not in by_id
    assert told["items"][0]["priority"] == "critical"
    assert told["count"] == len(told["items"])
    assert "crawl_render, core_web_vitals" in told["basis"]
    assert found["provenance"]["seo_recommendations"] == "measured"
    assert set(found["metrics"]["runs_read"]) == {"crawl_render", "core_web_vitals"}


async def test_a_recommendation_on_sample_figures_is_sample(hermes: Served, asked: Caller) -> None:
    pool, site = hermes.room.hermes.pool, hermes.room.site.id
    await pool.execute("update sites set is_demo = true where id = $1", site)
    figures = {"gsc_impressions": 0, "ga4_conversions": 3, "gsc_position": 2}
    await run(hermes, "google_data_connector", figures, provenance=dict.fromkeys(figures, "sample"))
    found = await asked.result(hermes.room.site.base_url, topic=TOPIC, **of_site(hermes))
    assert found["outputs"]["seo_recommendations"]["items"][0]["id"] == "measure-no-impressions"
    assert found["provenance"]["seo_recommendations"] == "sample"


async def test_a_site_without_faults_gets_an_honest_empty_list(
    hermes: Served, asked: Caller
) -> None:
    well = {"lcp": 900, "cls": 0.0, "inp": 90, "performance_score": 99, "regressions": listed()}
    await run(hermes, "core_web_vitals", well)
    found = await asked.result(hermes.room.site.base_url, topic=TOPIC, **of_site(hermes))
    told = found["outputs"]["seo_recommendations"]
    assert (told["items"], told["complete"]) == ([], True)
    assert told["basis"].endswith("nothing to do.")


async def test_smoke_stays_within_its_budget(hermes: Served, asked: Caller) -> None:
    smoke = hermes.room.catalog.service("seo_kbase").smoke
    assert smoke is not None
    await run(hermes, "crawl_render", CRAWL)
    found = await asked.result(hermes.room.site.base_url, **smoke.payload, **of_site(hermes))
    assert found["outputs"]["seo_recommendations"]["complete"] is False
    assert found["metrics"]["items"] <= (smoke.budget.items or 0)
    assert found["metrics"]["requests"] <= (smoke.budget.requests or 0)


async def test_a_topic_that_nobody_wrote_about_is_missing_and_said_so(
    hermes: Served, asked: Caller
) -> None:
    found = await asked.result(hermes.room.site.base_url, topic="xyzzy")
    assert set(found["missing"]) == set(ON_TOPIC)
    assert {gap["reason"] for gap in found["missing"].values()} == {"outputs_missing"}
    assert "no entry on 'xyzzy'" in found["missing"]["best_practices"]["message"]
    assert found["outputs"]["seo_recommendations"]["count"] == 0


async def test_without_hermes_the_configuration_is_missing(
    asked: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(hermes_api.URL, raising=False)
    monkeypatch.delenv(hermes_api.TOKEN_FILE, raising=False)
    ended = await asked.ended("http://127.0.0.1:1", topic=TOPIC)
    assert (ended["status"], ended["error"]["code"]) == ("failed", "missing_config")
    assert hermes_api.URL in ended["error"]["message"]


ANSWERS: list[tuple[int, str, str, str]] = [
    (401, '{"message": "Wrong token."}', "application/json", "auth_401"),
    (500, "{}", "application/json", "server_error_5xx"),
    (404, "{}", "application/json", "wrong_endpoint_404"),
    (200, "<html></html>", "text/html", "html_app_shell"),
    (200, '{"version": "1"}', "application/json", "malformed_reply"),
]


@pytest.mark.parametrize(("status", "body", "kind", "code"), ANSWERS)
async def test_a_hermes_that_answers_otherwise_fails_the_run_with_the_reason(
    asked: Caller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: str,
    kind: str,
    code: str,
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=kind)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with serving(app) as url:
        point_at(url, "a-token-of-hermes", tmp_path, monkeypatch)
        ended = await asked.ended("http://127.0.0.1:1", topic=TOPIC)
    assert ended["error"]["code"] == code
    assert "a-token-of-hermes" not in json.dumps(ended)


async def test_runs_that_cannot_be_read_leave_the_topic(hermes: Served, asked: Caller) -> None:
    """A site id that Hermes does not know: nothing is known of it, and the answer says so."""
    found = await asked.result("http://127.0.0.1:1", topic=TOPIC, site_id="no-such-site")
    assert found["outputs"]["seo_recommendations"]["basis"].startswith("General advice only")
